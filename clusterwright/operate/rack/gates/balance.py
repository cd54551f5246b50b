"""How the load of a rack lies on the lines of its PDUs: measured, against the planned cords."""

from collections.abc import Mapping

from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members, only_member
from clusterwright.design.plan import Pdu
from clusterwright.operate.rack.gates.looking import each, told
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Check, Checks, failed, passed, unproven

AS_PLANNED = "the load lies on the lines as planned"
# Servers alike draw alike to about a tenth; a cord on a wrong line moves far more than this.
_TOLERANCE = 0.15
_LEAST_WATTS = 200.0
Shares = Mapping[str, float]


class _Equipment(Resource):
    rack_pdus = Link("RackPDUs")


class _Pdu(Resource):
    outlets = Link("Outlets")


class _Outlet(Resource):
    id = Field("Id", str)

    @property
    def watts(self) -> float | None:
        value = self.at("PowerWatts/Reading")
        return float(value) if isinstance(value, int | float) else None


async def look(rack: LiveRack) -> Checks:
    """Measure every PDU of which the plan knows the lines."""
    return await each(told(pdu.name, AS_PLANNED, _look(rack, pdu)) for pdu in rack.pdus)


async def _look(rack: LiveRack, pdu: Pdu) -> Checks:
    nodes = {node.name for node in rack.nodes}
    lines = {o.number: o.phase for o in pdu.outlets if o.consumer in nodes and o.phase}
    if not lines:
        return ()
    async with rack.site.doors.open(pdu.controller) as client:
        path = await from_root(client, "PowerEquipment")
        equipment = _Equipment(client.name, await client.get(path))
        one = await only_member(client, equipment.rack_pdus, _Pdu)
        found = await members(client, one.outlets, _Outlet)
    watts = {int(o.id): o.watts for o in found if o.id.isdigit() and int(o.id) in lines}
    return (_check(pdu, lines, {n: w for n, w in watts.items() if w is not None}),)


def _check(pdu: Pdu, lines: Mapping[int, str], watts: Mapping[int, float]) -> Check:
    if len(watts) < len(lines):
        return unproven(pdu.name, AS_PLANNED, "the PDU does not measure each outlet")
    if min(watts.values()) < 0:
        return failed(
            pdu.name,
            AS_PLANNED,
            f"an outlet gives {min(watts.values()):.0f} W, which cannot be",
            "replace the PDU's meter",
        )
    if max(watts.values()) < _LEAST_WATTS:
        return unproven(pdu.name, AS_PLANNED, "its servers draw too little to tell")
    planned = _shares(lines, dict.fromkeys(lines, 1.0))
    measured = _shares(lines, watts)
    read = ", ".join(f"{line} {measured[line]:.0%}" for line in sorted(planned))
    if all(abs(measured[line] - planned[line]) <= _TOLERANCE for line in planned):
        return passed(pdu.name, AS_PLANNED, read)
    wanted = ", ".join(f"{line} {share:.0%}" for line, share in sorted(planned.items()))
    return failed(
        pdu.name,
        AS_PLANNED,
        f"{read}, but {wanted} is planned",
        "see which server draws less than its like, or whose cord is on another line",
    )


def _shares(lines: Mapping[int, str], weights: Mapping[int, float]) -> Shares:
    total = sum(weights.values())
    sums: dict[str, float] = {}
    for number, line in lines.items():
        sums[line] = sums.get(line, 0.0) + weights[number] / total
    return sums
