"""PowerShelf: the rectifiers and outputs of one power shelf of a rack-scale system."""

from typing import Annotated

from pydantic import Field

from clusterwright.access import power_shelf as access
from clusterwright.access.guard import POWER_CYCLE
from clusterwright.access.power_shelf import ShelfState
from clusterwright.provider.device import device_kind
from clusterwright.provider.disruption import told
from clusterwright.provider.field_by_field import field_by_field
from clusterwright.provider.inputs import DeviceInputs, one_of, within

_FIELDS = ("supplies", "needed", "capacity_watts", "outputs")


class PowerShelfInputs(DeviceInputs):
    """A shelf as it shall feed the busbar; rectifiers can be compared, but not made."""

    supplies: Annotated[int, within(0, 1000, "rectifiers")]
    """How many rectifiers are in it, and enabled."""

    needed: int | None = None
    """How many of them must work at least."""

    capacity_watts: int | None = None
    outputs: dict[str, Annotated[str, one_of("On", "Off")]] = Field(default_factory=dict)
    """On or Off by the name that the shelf gives the output; others are left alone."""


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
    translation=field_by_field(PowerShelfInputs, ShelfState, *_FIELDS),
    consequence=_consequence,
)
