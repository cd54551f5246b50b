"""Is every cord plugged where the plan says: what supplies take against what outlets give.

A supply says how much it takes, an outlet how much it gives, and no two supplies of a server share
its load evenly. So shares are compared, for the load may have changed between two readings.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from clusterwright.design.plan import Node, Pdu, PowerSupply, SitePlan
from clusterwright.errors import DeviceError
from clusterwright.verify.devices import Connect, at_once
from clusterwright.verify.measurements import pdu as pdus
from clusterwright.verify.measurements import supplies
from clusterwright.verify.report import Finding, Kind, Report, Unproven, join_reports
from clusterwright.verify.scope import FACILITY, nodes_in

SENTENCE = "every power supply draws from its planned outlet"
_TOLERANCE = 0.01
"""How far apart two meters may be that measure the same."""
_AGAIN = 2
"""How often one looks again at what seems wrong."""
Given = Mapping[str, Mapping[int, float] | str]
"""What each outlet gives, by PDU and number; or why nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shares:
    """What each supply takes, and its planned outlet gives, as parts of all."""

    taken: Mapping[str, float]
    given: Mapping[str, float]


class _NotTold(Exception):
    """What was read does not tell where cords go."""


async def check_cords(plan: SitePlan, rack: str | None, connect: Connect) -> Report:
    """Compare every node's supplies with their outlets."""
    nodes = [node for node in nodes_in(plan, rack) if node.power_supplies]
    looking = _Looking(pdus={pdu.name: pdu for pdu in plan.pdus}, connect=connect)
    given = await looking.given(nodes)
    return join_reports(
        plan.site, await at_once(partial(_check, plan.site, node, given, looking) for node in nodes)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looking:
    """How to read what is taken and given."""

    pdus: Mapping[str, Pdu]
    connect: Connect

    async def taken(self, node: Node) -> Mapping[str, float]:
        async with self.connect(node.controller) as client:
            return await supplies.input_watts(client)

    async def given(self, nodes: Iterable[Node]) -> Given:
        """Return what the outlets of their PDUs give, or why nobody knows."""
        names = dict.fromkeys(cord.pdu for node in nodes for cord in node.power_supplies)
        read = await at_once(partial(_given, self.pdus[name], self.connect) for name in names)
        return dict(zip(names, read, strict=True))


async def _given(pdu: Pdu, connect: Connect) -> Mapping[int, float] | str:
    """Return what each outlet gives, or why nobody knows."""
    try:
        async with connect(pdu.controller) as client:
            watts = await pdus.outlet_watts(client)
    except DeviceError as error:
        return str(error)
    return f"{pdu.name} measures what cannot be" if min(watts.values(), default=0) < 0 else watts


async def _check(site: str, node: Node, given: Given, looking: _Looking) -> Report:
    try:
        shares = _shares(node, await looking.taken(node), given)
        wrong = await _wrong_for_long(node, shares, looking)
        if not wrong:
            _told_apart(node.power_supplies, shares)
    except (DeviceError, _NotTold) as error:
        return Report(site=site, passes={}, unproven=(_unproven(node, str(error)),))
    if not wrong:
        return Report(site=site, passes={FACILITY: 1})
    return Report(site=site, passes={}, findings=(_finding(node, wrong, shares),))


async def _wrong_for_long(node: Node, shares: _Shares, looking: _Looking) -> Sequence[PowerSupply]:
    """Return the cords that are wrong, now and whenever one looks again: the load may just jump."""
    wrong = _wrong(node.power_supplies, shares)
    for _ in range(_AGAIN if wrong else 0):
        given = await looking.given([node])
        now = _wrong(node.power_supplies, _shares(node, await looking.taken(node), given))
        if not now:
            return ()
        if now != wrong:
            raise _NotTold("its load changes faster than it can be read")
    return wrong


def _shares(node: Node, taken: Mapping[str, float], given: Given) -> _Shares:
    outlets: dict[str, float] = {}
    for cord in node.power_supplies:
        there = given[cord.pdu]
        if isinstance(there, str):
            raise _NotTold(there)
        if cord.name not in taken or cord.outlet not in there:
            raise _NotTold(f"{cord.name} or {_outlet(cord)} shows no power")
        outlets[cord.name] = there[cord.outlet]
    mine = {cord.name: taken[cord.name] for cord in node.power_supplies}
    return _Shares(taken=_parts(mine), given=_parts(outlets))


def _parts(watts: Mapping[str, float]) -> Mapping[str, float]:
    total = sum(watts.values())
    if total <= 0:
        raise _NotTold("nothing is drawn")
    return {name: one / total for name, one in watts.items()}


def _wrong(cords: Iterable[PowerSupply], shares: _Shares) -> list[PowerSupply]:
    return [c for c in cords if not _alike(shares.taken[c.name], shares.given[c.name])]


def _told_apart(cords: Sequence[PowerSupply], shares: _Shares) -> None:
    """Two that take the same could be swapped, and nobody would know."""
    for one, other in combinations(cords, 2):
        mine, its = shares.taken[one.name], shares.taken[other.name]
        if one.feed != other.feed and max(mine, its) > 0 and _alike(mine, its):
            raise _NotTold(
                f"{one.name} and {other.name} draw alike, so no meter tells their cords apart"
            )


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= _TOLERANCE * max(one, other)


def _finding(node: Node, wrong: Sequence[PowerSupply], shares: _Shares) -> Finding:
    swapped = list(_swapped(wrong, shares))
    there = ", ".join(f"{one.name} from {_outlet(other)}" for one, other in swapped)
    among = ", ".join(
        f"{one.name} takes {shares.taken[one.name]:.1%} of the node's power, its outlet gives "
        f"{shares.given[one.name]:.1%}"
        for one in wrong
    )
    remedy = f"see where the cords of {', '.join(one.name for one in wrong)} go"
    return Finding(
        layer=FACILITY,
        subject=node.name,
        kind=Kind.DRIFT,
        check=SENTENCE,
        expected=", ".join(f"{one.name} from {_outlet(one)}" for one in wrong),
        actual=there or among,
        remedy=f"swap the cords of {' and '.join(o.name for o, _ in swapped)}" if there else remedy,
    )


def _swapped(
    wrong: Sequence[PowerSupply], shares: _Shares
) -> Iterator[tuple[PowerSupply, PowerSupply]]:
    for one in wrong:
        for other in wrong:
            if one is not other and _alike(shares.taken[one.name], shares.given[other.name]):
                yield one, other


def _outlet(cord: PowerSupply) -> str:
    return f"{cord.pdu} outlet {cord.outlet}"


def _unproven(node: Node, reason: str) -> Unproven:
    return Unproven(layer=FACILITY, subject=node.name, check=SENTENCE, reason=reason)
