"""Firmware: a baseline of versions for one device, through its UpdateService."""

from contextlib import AsyncExitStack
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo

from clusterwright.access import ac_cycle
from clusterwright.access import firmware as access
from clusterwright.access.activation import AC, ACTIVATIONS, AUX, MANAGER, SYSTEM, AcCycle
from clusterwright.access.firmware import Component, FirmwareState
from clusterwright.access.guard import POWER_CYCLE, RESET
from clusterwright.provider.coolant import CoolantInputs, coolant_of
from clusterwright.provider.device import Translation, device_kind
from clusterwright.provider.disruption import told
from clusterwright.provider.inputs import DECLARED, DeviceInputs, Inputs, one_of
from clusterwright.provider.site import Site

_NEEDS = {
    MANAGER: ("", "restarts its controller"),
    SYSTEM: (RESET, "a new image needs a reset"),
    AUX: (POWER_CYCLE, "a new image needs a cycle of all power, standby included"),
    AC: (POWER_CYCLE, "a new image needs its line input cut"),
}


def _location(uri: str, info: ValidationInfo) -> str:
    scheme, found, rest = uri.partition("://")
    good = scheme in {"http", "https"} and found and "@" not in rest.partition("/")[0]
    if info.context == DECLARED and not good:
        raise ValueError(
            "must be the http or https address of an image, without user name and password"
        )
    return uri


class ComponentInputs(Inputs):
    """Firmware of one part. Parts of one order are updated together, lower orders first."""

    version: str = Field(min_length=1)
    image: Annotated[str, AfterValidator(_location)]
    """Where the device fetches the image from."""

    activation: Annotated[str, one_of(*ACTIVATIONS)]
    """The least that makes a new image run."""

    order: int


class CordInputs(Inputs):
    """Where a power supply's cord goes."""

    address: str = Field(min_length=1)
    """Out-of-band IP address or host name of the PDU."""

    secret: str = Field(min_length=1)
    """Name in the site's vault of the PDU's user name and password."""

    outlet: int = Field(ge=1)


class HostInputs(Inputs):
    """The BMC of the server that a board is in."""

    address: str = Field(min_length=1)
    """Its out-of-band IP address or host name."""

    secret: str = Field(min_length=1)
    """Name in the site's vault of its user name and password."""


class FirmwareInputs(DeviceInputs):
    """The versions that shall run on a device; components that are not named are left alone."""

    components: dict[str, ComponentInputs]
    """By the id that the device's firmware inventory gives them."""

    downgrade: bool = False
    """Whether an older version may replace a newer one."""

    cords: list[CordInputs] = Field(default_factory=list)
    """All cords of the device, to cut its line input where an image needs that; else it waits."""

    coolant: dict[str, CoolantInputs] = Field(default_factory=dict)
    """What cools it, by loop: after such a cut it is switched on only where one of these flows."""

    host: HostInputs | None = None
    """Of a board: who resets its server; without it, images that need that wait."""


def _desired(inputs: FirmwareInputs) -> FirmwareState:
    return FirmwareState(
        components={n: Component(**one.model_dump()) for n, one in inputs.components.items()},
        downgrade=inputs.downgrade,
    )


def _live(inputs: FirmwareInputs, actual: FirmwareState) -> FirmwareInputs:
    found = {
        name: declared.model_copy(update={"version": actual.components[name].version})
        for name, declared in inputs.components.items()
        if name in actual.components
    }
    return inputs.model_copy(update={"components": found})


def _imported(address: str, secret: str, actual: FirmwareState) -> FirmwareInputs:
    components = {
        name: ComponentInputs(version=one.version, image="", activation=one.activation, order=0)
        for name, one in sorted(actual.components.items())
    }
    return FirmwareInputs(address=address, secret=secret, components=components)


def _consequence(inputs: FirmwareInputs, changed: frozenset[str]) -> str:
    if "components" not in changed:
        return ""
    needed = {one.activation for one in inputs.components.values()}
    return "; ".join(
        told(inputs, disruption, reason) if disruption else reason
        for activation, (disruption, reason) in _NEEDS.items()
        if activation in needed
    )


def _means(site: Site, inputs: FirmwareInputs) -> dict[str, Any]:
    coolant, cycle = coolant_of(site, inputs.coolant), _ac_cycle(site, inputs)
    host = partial(site.beside, inputs.host.address, inputs.host.secret) if inputs.host else None
    given = {"coolant": coolant, "ac_cycle": cycle, "host": host}
    return {name: one for name, one in given.items() if one}


def _ac_cycle(site: Site, inputs: FirmwareInputs) -> AcCycle | None:
    if not inputs.cords:
        return None
    pdus: dict[tuple[str, str], set[int]] = {}
    for cord in inputs.cords:
        pdus.setdefault((cord.address, cord.secret), set()).add(cord.outlet)

    async def cut_and_restore() -> None:
        async with AsyncExitStack() as stack:
            # In one order for everybody, so that no two wait for each other.
            outlets = {
                await stack.enter_async_context(site.beside(*pdu)): numbers
                for pdu, numbers in sorted(pdus.items())
            }
            await ac_cycle.cycle(outlets)

    return cut_and_restore


FIRMWARE = device_kind(
    type_name="clusterwright:facility:Firmware",
    model=FirmwareInputs,
    access=access,
    translation=Translation(desired=_desired, live=_live, imported=_imported),
    consequence=_consequence,
    means=_means,
)
