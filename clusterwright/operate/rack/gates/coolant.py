"""Coolant commissioned: flushed, filled, bled, pressure held, filter clean, and fit for use.

What the CDU reports is measured; the rest, somebody measures and signs off. So the CDU is met
here, before anything of the rack has power: it hangs on none of the rack's outlets.
"""

from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members, only_member
from clusterwright.design.plan import Coolant, CoolingLoop
from clusterwright.operate.rack.gates import meeting
from clusterwright.operate.rack.gates.contact import Met
from clusterwright.operate.rack.gates.coolant_limits import ITEMS, REPORTED, Item, judged
from clusterwright.operate.rack.gates.looking import each, told
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import HELD_UP, Check, Checks, failed, passed, worst

REPORTS = "the CDU reports the state of its coolant"
FILLED = "the loop is filled"
CLEAN = "the filters are clean"
QUALITY = "the CDU finds nothing wrong with its coolant"
GLYCOL = next(item for item in ITEMS if item.name == "glycol")
_GOOD = "OK"


class _Equipment(Resource):
    cdus = Link("CDUs")
    loops = Link("CoolingLoops")


class _Cdu(Resource):
    filters = Link("Filters")
    glycol: Field[float] = Field("Coolant/AdditivePercent", float, -1.0)


class _Loop(Resource):
    level = Field("CoolantLevelPercent/Reading", float, -1.0)
    level_status = Field("CoolantLevelStatus", str, "")
    quality = Field("CoolantQuality", str, "")


class _Filter(Resource):
    id = Field("Id", str, "")
    health = Field("Status/Health", str, "")
    lost_kpa = Field("DeltaLiquidPressurekPa/Reading", float, -1.0)


async def look(rack: LiveRack) -> Checks:
    """Ask every CDU, and read what was signed off."""
    if not rack.loops:
        return (passed(rack.name, "its coolant is commissioned", "no loop cools this rack"),)
    met = await meeting.look(rack, _cdus(rack))
    if worst(met) in HELD_UP:
        return met
    return await each(told(loop.cdu, REPORTS, _look(rack, loop)) for loop in rack.loops)


async def act(rack: LiveRack) -> Checks:
    """Take over the CDUs that nobody has met before."""
    return await meeting.act(rack, _cdus(rack), starts=False)


def _cdus(rack: LiveRack) -> list[Met]:
    return [(loop.cdu, loop.controller) for loop in rack.loops]


async def _look(rack: LiveRack, loop: CoolingLoop) -> Checks:
    async with rack.site.doors.open(loop.controller) as client:
        measured, glycol_percent = await _measured(client, loop)
    limits = next((c for c in rack.site.plan.coolants if c.circuit == loop.circuit), None)
    told_of = {check.sentence for check in measured}
    asked = [item for item in (*ITEMS, *REPORTED) if item.sentence not in told_of]
    if glycol_percent is None:
        return (*measured, *(_signed(rack, loop, item, limits) for item in asked))
    read = f"{glycol_percent:g} % by {loop.cdu}"
    glycol = judged(loop.name, GLYCOL, glycol_percent, limits, read)
    others = (_signed(rack, loop, item, limits) for item in asked if item is not GLYCOL)
    return (*measured, glycol, *others)


def _signed(rack: LiveRack, loop: CoolingLoop, item: Item, limits: Coolant | None) -> Check:
    """What is of the whole loop may be signed off at any of its racks."""
    places = loop.racks if item.of_loop else (rack.name,)
    found = [rack.site.sign_offs.get(place, {}).get(item.name) for place in places]
    signed = next((one for one in found if one), None)
    subject = loop.name if item.of_loop else rack.name
    return item.check(rack.site.plan.site, rack.name, subject, signed, limits)


async def _measured(client: Redfish, loop: CoolingLoop) -> tuple[Checks, float | None]:
    equipment = _Equipment(
        client.name, await client.get(await from_root(client, "ThermalEquipment"))
    )
    cdu = await only_member(client, equipment.cdus, _Cdu)
    loops = await members(client, equipment.loops, _Loop) if equipment.loops else []
    filters = await members(client, cdu.filters, _Filter) if cdu.filters else []
    checks = [check for one in loops[:1] for check in _loop_checks(loop, one)]
    return (*checks, *_filter_checks(loop, filters)), cdu.glycol if cdu.glycol >= 0 else None


def _loop_checks(loop: CoolingLoop, one: _Loop) -> list[Check]:
    """A level that the CDU does not judge is left to whoever signs it off."""
    checks: list[Check] = []
    if one.level_status:
        checks.append(_filled(loop, one))
    if one.quality:
        checks.append(_quality(loop, one))
    return checks


def _filled(loop: CoolingLoop, one: _Loop) -> Check:
    level = f"level {one.level:.0f} %" if one.level >= 0 else one.level_status
    return (
        passed(loop.cdu, FILLED, level)
        if one.level_status == _GOOD
        else failed(
            loop.cdu,
            FILLED,
            f"{level}: the CDU calls it {one.level_status}",
            "look for a leak before coolant is added; then fill and bleed the loop",
        )
    )


def _quality(loop: CoolingLoop, one: _Loop) -> Check:
    return (
        passed(loop.cdu, QUALITY, one.quality)
        if one.quality == _GOOD
        else failed(
            loop.cdu,
            QUALITY,
            f"it calls it {one.quality}",
            "have a sample analysed",
        )
    )


def _filter_checks(loop: CoolingLoop, filters: list[_Filter]) -> Checks:
    """Filters of which one does not tell its health are left to whoever signs them off."""
    read = ", ".join(f"{f.id}: {f.lost_kpa:.0f} kPa" for f in filters if f.lost_kpa >= 0)
    dirty = [f.id for f in filters if f.health not in {"", _GOOD}]
    if dirty:
        found = f"filter {', '.join(dirty)} takes too much pressure ({read})"
        remedy = "change the filter; after a flush it collects what was in the pipes"
        return (failed(loop.cdu, CLEAN, found, remedy),)
    healthy = bool(filters) and all(f.health for f in filters)
    return (passed(loop.cdu, CLEAN, read),) if healthy else ()
