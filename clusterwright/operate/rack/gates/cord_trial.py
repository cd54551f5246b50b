"""The trial of one cord: its outlet is cut, and whoever loses an input has hung on it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clusterwright.access import rack_power
from clusterwright.access.guard import Guard
from clusterwright.access.rack_power import OutletsState
from clusterwright.design.plan import Node, Pdu, PowerSupply
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.waiting import until
from clusterwright.verify import measurements

# The server is idle and everybody else has all inputs, or `spare` would have said so.
_DECIDED = Guard(in_service=False)
Inputs = Mapping[str, str]
Losers = Mapping[str, list[str]]
"""The supplies that have lost their input, by server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a trial has shown. `left_dark` is whether an input has not come back after it."""

    found: str
    remedy: str = ""
    wrong: bool = False
    left_dark: bool = False


def dark_supplies(inputs: Inputs) -> list[str]:
    """Return the supplies without a normal line input."""
    return [name for name, state in inputs.items() if state != measurements.INPUT_NORMAL]


async def spare(rack: LiveRack, node: Node) -> str:
    """Say why no cord of the server may be cut now; an empty text where one may.

    Whatever hangs on that outlet in truth, it must be able to lose one input.
    """
    for one in (node, *rack.working):
        planned = [supply.name for supply in one.power_supplies]
        dark = set(dark_supplies(await _read(rack, one))) & set(planned)
        if len(planned) - len(dark) <= one.power_supplies_needed:
            return (
                f"{one.name} needs {one.power_supplies_needed} of its {len(planned)} supplies, and "
                f"{len(planned) - len(dark)} have input: no cord can be cut to see whose it is"
            )
    return ""


async def try_cord(rack: LiveRack, node: Node, supply: PowerSupply) -> Trial:
    """Cut the planned outlet of a supply, see who notices, and switch it on again."""
    pdu = next(one for one in rack.pdus if one.name == supply.pdu)
    try:
        await _switch(rack, pdu, supply, "Off")
        losers = await _losers(rack, node)
    finally:
        await asyncio.shield(_switch(rack, pdu, supply, "On"))
    if dark := await _dark(rack, node, lambda dark: not dark):
        return _not_back(supply, dark)
    return _judged(node, supply, losers)


async def _switch(rack: LiveRack, pdu: Pdu, supply: PowerSupply, state: str) -> None:
    async with rack.site.doors.open(pdu.controller) as client:
        wanted, deadline_s = {supply.outlet: state}, rack.site.patience.outlet_s
        await rack_power.apply(
            client, OutletsState(outlets=wanted), _DECIDED, deadline_s=deadline_s
        )


async def _losers(rack: LiveRack, node: Node) -> Losers:
    """Ask the server until it notices; where it does not, ask its neighbours once."""
    lost = await _dark(rack, node, bool)
    if lost:
        return {node.name: lost}
    others = [other for other in rack.nodes if other is not node]
    dark = {other.name: dark_supplies(await _read(rack, other)) for other in others}
    return {name: supplies for name, supplies in dark.items() if supplies}


async def _dark(rack: LiveRack, node: Node, enough: Callable[[list[str]], bool]) -> list[str]:
    """Return the supplies without input as soon as that is enough, or when time is over."""

    async def look() -> list[str]:
        return dark_supplies(await _read(rack, node))

    patience = rack.site.patience
    return await until(look, enough, deadline_s=patience.cord_s, pauses_s=patience.evenly_s())


async def _read(rack: LiveRack, node: Node) -> Inputs:
    async with rack.site.doors.open(node.controller) as client:
        return await measurements.line_inputs(client)


def _judged(node: Node, supply: PowerSupply, losers: Losers) -> Trial:
    where = f"outlet {supply.outlet} of {supply.pdu}"
    lost = losers.get(node.name, [])
    if lost == [supply.name]:
        return Trial(found=f"{supply.name} on {where}")
    if lost:
        others = " and ".join(lost)
        return Trial(
            found=f"{where} feeds {others}, but {supply.name} is planned there",
            remedy=_exchange(node, supply, lost),
            wrong=True,
        )
    if losers:
        strangers = ", ".join(f"{' and '.join(s)} of {n}" for n, s in losers.items())
        return Trial(
            found=f"{where} feeds {strangers}, but {supply.name} of {node.name} is planned there",
            remedy=f"plug the cord of {supply.name} of {node.name} into {where}",
            wrong=True,
        )
    return Trial(
        found=f"{where} was cut, and nobody in the rack lost an input: {supply.name} is planned "
        f"there",
        remedy=f"follow the cord of {supply.name} of {node.name}, and plug it into {where}",
        wrong=True,
    )


def _not_back(supply: PowerSupply, dark: list[str]) -> Trial:
    return Trial(
        found=f"outlet {supply.outlet} of {supply.pdu} was cut and switched on again, but "
        f"{', '.join(dark)} still has no input",
        remedy="see that the outlet is on and its breaker closed; no further cord was tried",
        wrong=True,
        left_dark=True,
    )


def _exchange(node: Node, supply: PowerSupply, lost: list[str]) -> str:
    planned = {one.name: one for one in node.power_supplies}
    others = [name for name in lost if name != supply.name]
    if len(others) < len(lost):
        return (
            f"only {supply.name} of {node.name} belongs there: plug the cord of "
            f"{' and '.join(others)} into its planned outlet"
        )
    other = planned.get(others[0])
    if not other:
        return f"plug the cord of {supply.name} of {node.name} into its planned outlet"
    one, two = sorted((supply, other), key=lambda s: s.name)
    feeds = "; their feeds are swapped" if one.feed != two.feed else ""
    return f"exchange the cords of {one.name} and {two.name} of {node.name}{feeds}"
