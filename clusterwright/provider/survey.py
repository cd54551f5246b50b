"""Who would lose power with the outlets of a PDU: from the plan, and from what is live."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import Field

from clusterwright.access import rack_power
from clusterwright.access.interlock import Consumer, Consumers, Cord
from clusterwright.access.power_supplies import find_supplies
from clusterwright.access.rack_power import OutletsState
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.system import find_system
from clusterwright.errors import DeviceError
from clusterwright.provider.inputs import Inputs
from clusterwright.provider.site import Site


class ConsumerInputs(Inputs):
    """A device on the PDU: it stays up while so many of its cords have power."""

    needed: int = Field(ge=0)
    cords: dict[str, list[int]]
    """The outlets that its cords go to, by the name in the vault of their PDU."""

    address: str | None = None
    """Of the controller that tells whether it is powered; without one it always counts as that."""

    secret: str | None = None
    """Name in the site's vault of that controller's user name and password."""


class Cutting(Protocol):
    """Inputs that may take power away."""

    @property
    def secret(self) -> str: ...
    @property
    def outlets(self) -> Mapping[str, str]: ...
    @property
    def consumers(self) -> Mapping[str, ConsumerInputs]: ...
    @property
    def pdus(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What was read; a device that did not answer counts as powered, its cords as dark.

    `failed` are supplies that give nothing though they have input, counted by device.
    """

    off: frozenset[str]
    dark: frozenset[Cord]
    failed: Mapping[str, int]


@asynccontextmanager
async def survey(site: Site, inputs: Cutting) -> AsyncIterator[Mapping[str, Any]]:
    """Read what hangs on outlets that may be cut, and let nobody else cut until the end.

    Devices that are off stay so as far as this provider goes: their controllers are kept.
    """
    affected = dict(_affected(inputs))
    if not cut_by(inputs):
        yield {}
        return
    async with site.cutting(), AsyncExitStack() as kept:
        off, failed = await _ask_controllers(site, affected, kept)
        dark = await _dark(site, inputs, affected)
        seen = _Seen(off=off, dark=dark, failed=failed)
        yield {"consumers": _known(inputs, affected, seen)}


def cut_by(inputs: Cutting) -> tuple[int, ...]:
    """Return the outlets that shall be off."""
    return tuple(int(number) for number, state in inputs.outlets.items() if state != "On")


def as_planned(inputs: Cutting) -> Consumers:
    """Return what hangs on the PDU as if all of it were powered, and no cord dark."""
    nothing = _Seen(off=frozenset(), dark=frozenset(), failed={})
    return _known(inputs, dict(_affected(inputs)), nothing)


def _affected(inputs: Cutting) -> Iterator[tuple[str, ConsumerInputs]]:
    cut = set(cut_by(inputs))
    for name, one in inputs.consumers.items():
        if cut & set(one.cords.get(inputs.secret, ())):
            yield name, one


def _known(inputs: Cutting, affected: Mapping[str, ConsumerInputs], seen: _Seen) -> Consumers:
    return Consumers(
        pdu=inputs.secret,
        all=tuple(
            Consumer(
                name=name,
                cords=frozenset(_cords(one)),
                # Whose cord stays, perhaps: then one more must.
                needed=one.needed + seen.failed.get(name, 0),
                powered=name not in seen.off,
            )
            for name, one in affected.items()
        ),
        dark=seen.dark,
    )


def _cords(one: ConsumerInputs) -> Iterator[Cord]:
    for pdu, outlets in one.cords.items():
        for outlet in outlets:
            yield pdu, outlet


async def _ask_controllers(
    site: Site, affected: Mapping[str, ConsumerInputs], kept: AsyncExitStack
) -> tuple[frozenset[str], Mapping[str, int]]:
    """Return who is off, and how many supplies of the others have failed."""
    off: set[str] = set()
    failed: dict[str, int] = {}
    for name, one in sorted(affected.items(), key=lambda item: item[1].address or ""):
        if not (one.address and one.secret):
            continue
        async with AsyncExitStack() as connection:
            try:
                client = await connection.enter_async_context(site.beside(one.address, one.secret))
                is_off = (await find_system(client)).power_state == "Off"
                failed[name] = 0 if is_off else await _failed(client)
            except DeviceError:
                continue
            if is_off:
                off.add(name)
                kept.push_async_exit(connection.pop_all())
    return frozenset(off), failed


async def _failed(client: Redfish) -> int:
    return sum(supply.failed for supply in await find_supplies(client))


async def _dark(
    site: Site, inputs: Cutting, affected: Mapping[str, ConsumerInputs]
) -> frozenset[Cord]:
    beside: dict[str, set[int]] = {}
    for one in affected.values():
        for pdu, outlet in _cords(one):
            if pdu != inputs.secret:
                beside.setdefault(pdu, set()).add(outlet)
    dark: set[Cord] = set()
    for pdu in sorted(beside, key=lambda pdu: inputs.pdus.get(pdu, "")):
        dark |= {(pdu, outlet) for outlet in await _without_power(site, inputs, pdu, beside[pdu])}
    return frozenset(dark)


async def _without_power(site: Site, inputs: Cutting, pdu: str, outlets: set[int]) -> set[int]:
    if pdu not in inputs.pdus:
        return outlets
    wanted = OutletsState(outlets=dict.fromkeys(sorted(outlets), "On"))
    try:
        async with site.beside(inputs.pdus[pdu], pdu) as client:
            found = (await rack_power.read(client, wanted)).outlets
    except DeviceError:
        return outlets
    return {outlet for outlet in outlets if found.get(outlet) != "On"}
