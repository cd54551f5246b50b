"""Feeds and outlets of a rack's PDUs: within limits, and on in the order of their inrush."""

import asyncio
from itertools import groupby

from clusterwright.access import rack_power
from clusterwright.access.guard import Guard
from clusterwright.access.rack_power import OutletsState
from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members, only_member
from clusterwright.design.plan import Pdu
from clusterwright.operate.rack.gates.looking import each, told
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Check, Checks, failed, passed, unproven
from clusterwright.verify import desired

LIVE = "the feed is live, and its breaker has not tripped"
WITHIN = "the feed's voltage and current are within their limits"
ON = "every outlet in use is on"
# EN 50160 and ANSI C84.1 range B both allow a tenth.
_VOLTAGE_TOLERANCE = 0.1
# What only gives power to somebody needs no permission; nobody is cut here.
_GIVING = Guard(in_service=True)


class _Equipment(Resource):
    rack_pdus = Link("RackPDUs")


class _Pdu(Resource):
    mains = Link("Mains")


class _Mains(Resource):
    breaker = Field("BreakerState", str, "")
    power = Field("PowerState", str, "")

    def reading(self, name: str) -> float | None:
        """Return what is measured, whether it is an excerpt of a sensor or a bare number."""
        value = self.at(f"{name}/Reading") if isinstance(self.at(name), dict) else self.at(name)
        return float(value) if isinstance(value, int | float) else None


async def look(rack: LiveRack) -> Checks:
    """Read the mains and the outlets of every PDU."""
    return await each(told(pdu.name, LIVE, _look(rack, pdu)) for pdu in rack.pdus)


async def switch_on(rack: LiveRack) -> None:
    """Switch on what is off, wave after wave, on all PDUs at the same time."""
    found = await asyncio.gather(*(_off(rack, pdu) for pdu in rack.pdus))
    off = dict(zip((pdu.name for pdu in rack.pdus), found, strict=True))
    waves = {(o.power_on_delay_s, p.name, o.number) for p in rack.pdus for o in p.outlets}
    before_s: int | None = None
    for delay_s, wave in groupby(sorted(waves), key=lambda one: one[0]):
        numbers: dict[str, list[int]] = {}
        for _, name, number in wave:
            if number in off[name]:
                numbers.setdefault(name, []).append(number)
        if not numbers:
            continue
        # Nobody waits for a wave that is on already.
        pause_s = 0 if before_s is None else delay_s - before_s
        await asyncio.sleep(pause_s * rack.site.patience.inrush_scale)
        pdus = [pdu for pdu in rack.pdus if pdu.name in numbers]
        await asyncio.gather(*(_switch(rack, pdu, numbers[pdu.name]) for pdu in pdus))
        before_s = delay_s


async def _off(rack: LiveRack, pdu: Pdu) -> frozenset[int]:
    wanted = desired.outlets_state(pdu)
    async with rack.site.doors.open(pdu.controller) as client:
        state = await rack_power.read(client, wanted)
    return frozenset(n for n in wanted.outlets if state.outlets.get(n) != "On")


async def _switch(rack: LiveRack, pdu: Pdu, numbers: list[int]) -> None:
    wanted = OutletsState(outlets=dict.fromkeys(numbers, "On"))
    rack.note(f"{pdu.name}: outlets {', '.join(map(str, numbers))} on")
    async with rack.site.doors.open(pdu.controller) as client:
        deadline_s = rack.site.patience.outlet_s
        await rack_power.apply(client, wanted, _GIVING, deadline_s=deadline_s)


async def _look(rack: LiveRack, pdu: Pdu) -> Checks:
    async with rack.site.doors.open(pdu.controller) as client:
        mains = await _mains(client)
        wanted = desired.outlets_state(pdu)
        off = rack_power.differences(wanted, await rack_power.read(client, wanted))
    return (_live(pdu, mains), _within(pdu, mains), _on(pdu, [d.path for d in off]))


async def _mains(client: Redfish) -> _Mains:
    path = await from_root(client, "PowerEquipment")
    equipment = _Equipment(client.name, await client.get(path))
    pdu = await only_member(client, equipment.rack_pdus, _Pdu)
    return (await members(client, pdu.mains, _Mains))[0]


def _live(pdu: Pdu, mains: _Mains) -> Check:
    if mains.breaker == "Tripped":
        return failed(
            pdu.name,
            LIVE,
            "its breaker has tripped",
            "find what drew too much before it is closed again; the PDU's log says when",
        )
    if mains.power == "Off":
        return failed(
            pdu.name,
            LIVE,
            f"feed {pdu.feed} gives no power",
            f"see that its plug is in feed {pdu.feed}, and that the breaker of the board is closed",
        )
    if not mains.power:
        return unproven(pdu.name, LIVE, "the PDU does not tell whether its input has power")
    return passed(pdu.name, LIVE, f"feed {pdu.feed}")


def _within(pdu: Pdu, mains: _Mains) -> Check:
    volts, amps = mains.reading("Voltage"), mains.reading("CurrentAmps")
    if pdu.outlet_volts is None or volts is None:
        return unproven(pdu.name, WITHIN, "the PDU, or its model in the catalogue, gives no volts")
    read = f"{volts:.0f} V" + ("" if amps is None else f", {amps:.1f} A")
    if volts < 0 or (amps is not None and amps < 0):
        found = f"its meter reads {read}, which cannot be"
        return failed(pdu.name, WITHIN, found, "replace the PDU's meter")
    if abs(volts - pdu.outlet_volts) > _VOLTAGE_TOLERANCE * pdu.outlet_volts:
        return failed(
            pdu.name,
            WITHIN,
            f"{read}, but {pdu.outlet_volts} V ± 10 % is expected",
            f"let the electrician measure feed {pdu.feed} before anything is switched on",
        )
    limit = _limit_amps(pdu)
    if amps is None or limit is None:
        what = "measures no current" if amps is None else "has no limit in the catalogue"
        return unproven(pdu.name, WITHIN, f"{read}; the PDU {what}")
    if amps > limit:
        return failed(
            pdu.name,
            WITHIN,
            f"{read}, but at most {limit:.0f} A may flow for hours",
            "see what hangs on the PDU that the plan does not know",
        )
    return passed(pdu.name, WITHIN, read)


def _limit_amps(pdu: Pdu) -> float | None:
    return pdu.limit_va / pdu.outlet_volts if pdu.limit_va and pdu.outlet_volts else None


def _on(pdu: Pdu, off: list[str]) -> Check:
    if not off:
        return passed(pdu.name, ON, f"{len(pdu.outlets)} outlets")
    numbers = ", ".join(path.partition(".")[2] for path in off)
    return failed(
        pdu.name,
        ON,
        f"off: {numbers}",
        "switch them on at the PDU, and read its log; a relay that does not move is replaced",
    )
