"""What each rack draws, against its limit, its outlets and its breakers."""

from collections.abc import Iterator, Sequence
from functools import partial

from clusterwright.catalogue.entry import OUTLET_FOR
from clusterwright.design.culprits import Remedy
from clusterwright.design.occupant import Occupant
from clusterwright.design.power.alone import Fits
from clusterwright.design.power.blame import (
    Culprits,
    culprits,
    fewer,
    most_that_fit,
)
from clusterwright.design.power.circuit import Circuits, RackCircuit, connect
from clusterwright.design.power.plugging import NO_PDU
from clusterwright.design.power.readings import Kind, Reading
from clusterwright.design.power.replacement import other_pdus, wrong_volts
from clusterwright.design.power.way import find_way
from clusterwright.design.power.wording import amps, case, kilo
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite


def find_drawn(loaded: LoadedSite, one: RackCircuit) -> Iterator[Problem]:
    """Yield a rack that draws more than its limit."""
    yield from _power(loaded, one)


def find_problems(loaded: LoadedSite, circuits: Circuits, one: RackCircuit) -> Iterator[Problem]:
    """Yield what outlets, breakers and inputs of one rack carry too much of."""
    if one.feeding.pdu:
        yield from _volts(loaded, circuits, one)
        yield from _outlets(loaded, circuits, one)
        for kind in ("outlet", "branch", "phase", "input"):
            if reading := one.circuit.broken(kind):
                yield _overload(loaded, circuits, one, reading)


def _power(loaded: LoadedSite, one: RackCircuit) -> Iterator[Problem]:
    limit_watts = one.rack.power_limit_watts
    drawn = sum(o.power_watts for o in one.inside)
    if drawn <= limit_watts:
        return
    chosen = culprits([o for o in one.inside if o.power_watts])
    each = chosen.devices[0].power_watts
    taken = drawn - each * len(chosen.devices)
    fit = max(0, (limit_watts - taken) // each)
    remedy = fewer(loaded, chosen, one.rack.name, fit)
    # Where not one fits, the limit itself is what is wrong for this rack.
    raised = (((*one.rack.path, "power_limit_kw"), f"{drawn / 1000:g}"),)
    beside = f", beside {kilo(taken, 'W')} of other equipment" if taken else ""
    yield Problem(
        path=chosen.path,
        value=str(len(chosen.devices)),
        rule=f"{len(chosen.devices)} × {chosen.devices[0].model} in rack {one.rack.name} draw "
        f"{kilo(each * len(chosen.devices), 'W')}{beside}, but the rack's limit is "
        f"{kilo(limit_watts, 'W')}: at most {fit} fit"
        + ("" if fit else f": use another rack, or let this one draw {kilo(drawn, 'W')}"),
        remedy=remedy or raised,
    )


def _outlets(loaded: LoadedSite, circuits: Circuits, one: RackCircuit) -> Iterator[Problem]:
    if one.circuit.complete:
        return
    without = [
        device
        for device, cords in zip(one.inside, one.circuit.cords, strict=True)
        if any(cord.pdu == NO_PDU for cord in cords)
    ]
    inlet = without[-1].supplies.inlet if without[-1].supplies else None
    same = [o for o in one.inside if o.supplies and o.supplies.inlet == inlet]
    chosen = culprits(same)
    cords = sum(o.supplies.count for o in chosen.devices if o.supplies)
    others = sum(o.supplies.count for o in chosen.others if o.supplies)
    yield _problem(
        loaded,
        circuits,
        one,
        chosen,
        sentence=f"{len(chosen.devices)} × {chosen.devices[0].model} in rack {one.rack.name} have "
        f"{cords} power supplies{f' with {inlet} inlets' if inlet else ''}"
        + (f", beside {others} of {len(chosen.others)} other devices" if others else "")
        + f", but {_outlets_of(one, inlet)}",
        fits=lambda left: connect(one.feeding, left).complete,
    )


def _outlets_of(one: RackCircuit, inlet: str | None) -> str:
    pdu, count = one.feeding.pdu, len(one.feeding.pdu_feeds)
    outlet = next((o for i, o in OUTLET_FOR.items() if i == inlet), None)
    banks = [bank for bank in one.feeding.banks if outlet in {None, bank.type}]
    have = (
        sum(bank.count for bank in banks) if one.feeding.banks else pdu.outlet_count if pdu else 0
    )
    return (
        f"the rack's {count} × {one.feeding.pdu_model} have {have * count} "
        f"{f'{outlet} ' if outlet else ''}outlets"
    )


def _overload(
    loaded: LoadedSite, circuits: Circuits, one: RackCircuit, reading: Reading
) -> Problem:
    name = one.feeding.pdu_names(one.rack.name)[reading.pdu]
    when = case(reading.lost)
    fed = [o for o in one.inside if o.supplies]
    chosen = _thirstiest(fed, reading.part) if reading.kind == "outlet" else culprits(fed)
    verb, limit = {
        "outlet": (
            f"put {amps(reading.used)} on a {reading.part} outlet of {name}{when}",
            f"such an outlet carries {amps(reading.allowed)}",
        ),
        "branch": (
            f"put {amps(reading.used)} on branch {reading.part} of {name}{when}",
            f"its breaker of {amps(reading.breaker_amps)} carries {amps(reading.allowed)} "
            "for hours",
        ),
        "phase": (
            f"put {amps(reading.used)} on phase {reading.part} of {name}{when}",
            f"it may carry {amps(reading.allowed)}",
        ),
        "input": (
            f"draw {kilo(reading.used, 'VA')} from {name}{when}",
            f"it may give {kilo(reading.allowed, 'VA')}",
        ),
    }[reading.kind]
    fits = partial(_fits, one, reading.kind)
    sentence = f"{chosen.named(one.rack.name, verb)}, but {limit}"
    return _problem(loaded, circuits, one, chosen, sentence=sentence, fits=fits)


def _fits(one: RackCircuit, kind: Kind, left: Sequence[Occupant]) -> bool:
    return connect(one.feeding, left).broken(kind) is None


def _thirstiest(fed: Sequence[Occupant], outlet: str) -> Culprits:
    """Choose the devices whose supplies draw most from outlets of a type, each by itself."""
    inlets = {None, *(inlet for inlet, its in OUTLET_FOR.items() if its == outlet)}
    there = [o for o in fed if o.supplies and o.supplies.inlet in inlets]
    most = max(there, key=lambda o: o.power_watts / o.supplies.count if o.supplies else 0)
    devices = [o for o in fed if (o.model, o.path) == (most.model, most.path)]
    return Culprits(devices=devices, others=())


def _volts(loaded: LoadedSite, circuits: Circuits, one: RackCircuit) -> Iterator[Problem]:
    wrong = [o for o in one.inside if wrong_volts(one.feeding, o)]
    pdu = one.feeding.pdu
    if not wrong or pdu is None:
        return
    first = wrong[0]
    takes = first.supplies.input_volts if first.supplies else None
    lowest, highest = takes or (0, 0)
    text, remedy = other_pdus(loaded, circuits, one)
    if not remedy:
        # That none carries all in these racks is for other mistakes: volts are the same in any.
        text = "use PDUs of such volts, or another model, as no single change helps"
    yield Problem(
        path=(*one.rack.path, "pdus"),
        value=one.feeding.pdu_model,
        rule=f"{first.model} in rack {one.rack.name} takes {lowest} to {highest} V, but outlets of "
        f"{one.feeding.pdu_model} give {pdu.outlet_volts} V: {text}",
        remedy=remedy,
    )


def _problem(  # noqa: PLR0913 - the parts of one sentence
    loaded: LoadedSite,
    circuits: Circuits,
    one: RackCircuit,
    chosen: Culprits,
    *,
    sentence: str,
    fits: Fits,
) -> Problem:
    fit = most_that_fit(chosen, one.inside, fits)
    remedy: Remedy = fewer(loaded, chosen, one.rack.name, fit)
    text = "".join(
        f": build_for: {n} spreads them so" for path, n in remedy if path[-1] == "build_for"
    )
    if not remedy:
        way, remedy = find_way(loaded, circuits, one, chosen, fits)
        text = f": {way}"
    return Problem(
        path=chosen.path,
        value=str(len(chosen.devices)),
        rule=f"{sentence}: at most {fit} fit{text}",
        remedy=remedy,
    )
