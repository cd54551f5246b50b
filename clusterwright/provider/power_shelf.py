"""PowerShelf: the rectifiers and outputs of one power shelf of a rack-scale system."""

from typing import Annotated

from pydantic import Field

from clusterwright.access import power_shelf as access
from clusterwright.access.guard import POWER_CYCLE
from clusterwright.access.power_shelf import ShelfState
from clusterwright.provider.device import Translation, device_kind
from clusterwright.provider.disruption import told
from clusterwright.provider.inputs import DeviceInputs, one_of, within


class PowerShelfInputs(DeviceInputs):
    """A shelf as it shall feed the busbar; rectifiers can be compared, but not made."""

    supplies: Annotated[int, within(0, 1000, "rectifiers")]
    """How many rectifiers are in it, and enabled."""

    needed: int | None = None
    """How many of them must work at least."""

    capacity_watts: int | None = None
    outputs: dict[str, Annotated[str, one_of("On", "Off")]] = Field(default_factory=dict)
    """On or Off by the name that the shelf gives the output; others are left alone."""


def _desired(inputs: PowerShelfInputs) -> ShelfState:
    return ShelfState(
        supplies=inputs.supplies,
        needed=inputs.needed,
        capacity_watts=inputs.capacity_watts,
        outputs=inputs.outputs,
    )


def _live(inputs: PowerShelfInputs, actual: ShelfState) -> PowerShelfInputs:
    given = [n for n in ("needed", "capacity_watts") if getattr(inputs, n) is not None]
    return inputs.model_copy(
        update={
            "supplies": actual.supplies,
            "outputs": {n: actual.outputs[n] for n in inputs.outputs if n in actual.outputs},
            **{name: getattr(actual, name) for name in given},
        }
    )


def _imported(address: str, secret: str, actual: ShelfState) -> PowerShelfInputs:
    return PowerShelfInputs(
        address=address,
        secret=secret,
        supplies=actual.supplies,
        needed=actual.needed,
        capacity_watts=actual.capacity_watts,
        outputs=dict(actual.outputs),
    )


def _consequence(inputs: PowerShelfInputs, changed: frozenset[str]) -> str:
    cut = [name for name, state in inputs.outputs.items() if state == "Off"]
    if not cut or "outputs" not in changed:
        return ""
    reason = f"outputs {', '.join(cut)} of the shelf are cut"
    return told(inputs, POWER_CYCLE, reason, "what hangs on the busbar")


POWER_SHELF = device_kind(
    type_name="clusterwright:facility:PowerShelf",
    model=PowerShelfInputs,
    access=access,
    translation=Translation(desired=_desired, live=_live, imported=_imported),
    consequence=_consequence,
)
