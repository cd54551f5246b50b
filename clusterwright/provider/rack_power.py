"""RackPower: the outlets of one rack PDU."""

from typing import Annotated

from pydantic import AfterValidator, ValidationInfo

from clusterwright.access import rack_power as access
from clusterwright.access.rack_power import OutletsState
from clusterwright.provider.device import Translation, device_kind
from clusterwright.provider.inputs import DECLARED, DeviceInputs, one_of


def _outlet_number(text: str, info: ValidationInfo) -> str:
    if info.context == DECLARED and not text.isdecimal():
        raise ValueError("must be the number of an outlet")
    return text


class RackPowerInputs(DeviceInputs):
    """A rack PDU as its outlets shall be; outlets that are not named are left alone."""

    outlets: dict[
        Annotated[str, AfterValidator(_outlet_number)], Annotated[str, one_of("On", "Off")]
    ]
    """On or Off by the outlet's number."""


def _desired(inputs: RackPowerInputs) -> OutletsState:
    return OutletsState(outlets={int(number): state for number, state in inputs.outlets.items()})


def _live(inputs: RackPowerInputs, actual: OutletsState) -> RackPowerInputs:
    found = {str(number): state for number, state in actual.outlets.items()}
    managed = {number: found[number] for number in inputs.outlets if number in found}
    return inputs.model_copy(update={"outlets": managed})


def _imported(address: str, secret: str, actual: OutletsState) -> RackPowerInputs:
    outlets = {str(number): state for number, state in sorted(actual.outlets.items())}
    return RackPowerInputs(address=address, secret=secret, outlets=outlets)


def _consequence(inputs: RackPowerInputs, changed: frozenset[str]) -> str:
    off = ", ".join(number for number, state in inputs.outlets.items() if state == "Off")
    return f"outlets {off} are cut" if off and "outlets" in changed else ""


RACK_POWER = device_kind(
    type_name="clusterwright:facility:RackPower",
    model=RackPowerInputs,
    access=access,
    translation=Translation(desired=_desired, live=_live, imported=_imported),
    consequence=_consequence,
)
