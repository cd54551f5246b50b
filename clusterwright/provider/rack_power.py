"""RackPower: the outlets of one rack PDU, their sequence and their alarms."""

from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from clusterwright.access import rack_power as access
from clusterwright.access.guard import POWER_CYCLE
from clusterwright.access.rack_power import OutletsState
from clusterwright.provider.device import Translation, device_kind
from clusterwright.provider.disruption import told
from clusterwright.provider.inputs import DECLARED, DeviceInputs, one_of, within
from clusterwright.provider.survey import ConsumerInputs, as_planned, cut_by, survey

_FIELDS = ("outlets", "delays_s", "branch_alarms_amps", "outlet_alarms_amps")
_NUMBERED = {"outlets", "delays_s", "outlet_alarms_amps"}


def _outlet_number(text: str, info: ValidationInfo) -> str:
    if info.context == DECLARED and not text.isdecimal():
        raise ValueError("must be the number of an outlet")
    return text


Number = Annotated[str, AfterValidator(_outlet_number)]
Amps = Annotated[float, within(0, 10_000, "A")]


class RackPowerInputs(DeviceInputs):
    """A rack PDU as its outlets shall be; what is not named is left alone."""

    outlets: dict[Number, Annotated[str, one_of("On", "Off")]]
    """On or Off by the outlet's number."""

    delays_s: dict[Number, Annotated[int, within(0, 86_400, "s")]] = Field(default_factory=dict)
    """After how many seconds an outlet comes on, by its number."""

    branch_alarms_amps: dict[str, Amps] = Field(default_factory=dict)
    """The current at which a branch warns, by its name."""

    outlet_alarms_amps: dict[Number, Amps] = Field(default_factory=dict)
    """The current at which an outlet warns, by its number."""

    consumers: dict[str, ConsumerInputs] = Field(default_factory=dict)
    """What hangs on the PDU, by name; without it no outlet is cut under what is in service."""

    pdus: dict[str, str] = Field(default_factory=dict)
    """The addresses of the other PDUs that these hang on, by their names in the vault."""


def _desired(inputs: RackPowerInputs) -> OutletsState:
    return OutletsState(
        outlets={int(number): state for number, state in inputs.outlets.items()},
        delays_s={int(number): delay for number, delay in inputs.delays_s.items()},
        branch_alarms_amps=inputs.branch_alarms_amps,
        outlet_alarms_amps={int(n): amps for n, amps in inputs.outlet_alarms_amps.items()},
    )


def _live(inputs: RackPowerInputs, actual: OutletsState) -> RackPowerInputs:
    update = {}
    for name in _FIELDS:
        found = {str(key): value for key, value in getattr(actual, name).items()}
        update[name] = {key: found[key] for key in getattr(inputs, name) if key in found}
    return inputs.model_copy(update=update)


def _imported(address: str, secret: str, actual: OutletsState) -> RackPowerInputs:
    values = {
        name: {str(key): value for key, value in sorted(getattr(actual, name).items())}
        for name in _FIELDS
    }
    return RackPowerInputs(address=address, secret=secret, **values)


def _consequence(inputs: RackPowerInputs, changed: frozenset[str]) -> str:
    cuts = cut_by(inputs)
    if not cuts or "outlets" not in changed:
        return ""
    said = f"outlets {', '.join(map(str, cuts))} are cut"
    if inputs.consumers:
        losers = ", ".join(as_planned(inputs).losers(cuts))
        if not losers:
            return f"{said}: done at once, all that hangs on them keeps enough other cords"
        said += f", and {losers} would lose power"
    return told(inputs, POWER_CYCLE, said, "what hangs on them")


RACK_POWER = device_kind(
    type_name="clusterwright:facility:RackPower",
    model=RackPowerInputs,
    access=access,
    translation=Translation(desired=_desired, live=_live, imported=_imported),
    consequence=_consequence,
    survey=survey,
)
