"""Other PDUs that would carry what stands in the racks of a group, chosen by one rule.

The fewest on a feed come first, and of equally many those with the smallest rating. Only models
whose limits are all known are named, those of the site's own among them: what is not proven is no
remedy.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from clusterwright.design.culprits import Remedy
from clusterwright.design.occupant import Occupant
from clusterwright.design.power.blame import culprits, fewer
from clusterwright.design.power.circuit import Circuit, Circuits, RackCircuit, connect
from clusterwright.design.power.feeding import Feeding
from clusterwright.load import LoadedSite

MOST_PER_FEED = 4
NONE = "use more racks, or more feeds, as no single change helps"


def other_pdus(loaded: LoadedSite, circuits: Circuits, one: RackCircuit) -> tuple[str, Remedy]:
    """Look for PDUs that carry all that stands in the racks of a group."""
    alike = {id(c.circuit): c for c in _group(circuits, one)}.values()
    for feeding in _alternatives(loaded, one.feeding):
        if all(sound(connect(feeding, c.inside), c.inside) for c in alike):
            return _words(feeding), _use(feeding)
    return NONE, ()


def pdus_for_fewer(loaded: LoadedSite, circuits: Circuits, one: RackCircuit) -> tuple[str, Remedy]:
    """Look for the most nodes that any PDUs carry in the fullest rack, where none carry them all.

    All racks of a group look at the same one, and so are told the same.
    """
    fullest = max(_group(circuits, one), key=lambda c: sum(o.power_watts for o in c.inside))
    chosen = culprits([o for o in fullest.inside if o.supplies])
    for fit in range(len(chosen.devices), 0, -1):
        gone = {device.name for device in chosen.devices[fit:]}
        left = [device for device in fullest.inside if device.name not in gone]
        nodes = fewer(loaded, chosen, fullest.rack.name, fit) if gone else ()
        if gone and not nodes:
            break
        for feeding in _alternatives(loaded, one.feeding):
            if sound(connect(feeding, left), left):
                most = f", which carry at most {fit} × {chosen.devices[0].model}" if gone else ""
                return f"{_words(feeding)}{most}", (*nodes, *_use(feeding))
    return NONE, ()


def sound(circuit: Circuit, inside: Sequence[Occupant]) -> bool:
    """Say whether every cord has an outlet of its type and volts, and no limit is broken."""
    return (
        circuit.complete
        and not any(reading.broken for reading in circuit.readings)
        and not any(wrong_volts(circuit.feeding, device) for device in inside)
    )


def wrong_volts(feeding: Feeding, one: Occupant) -> bool:
    """Say whether the outlets give what the supplies of a device cannot take."""
    volts = feeding.pdu.outlet_volts if feeding.pdu else None
    if volts is None or one.supplies is None or one.supplies.input_volts is None:
        return False
    lowest, highest = one.supplies.input_volts
    return not lowest <= volts <= highest


def _group(circuits: Circuits, one: RackCircuit) -> Sequence[RackCircuit]:
    return [other for other in circuits.values() if other.rack.path == one.rack.path]


def _alternatives(loaded: LoadedSite, feeding: Feeding) -> Iterator[Feeding]:
    if feeding.pdu:
        for per_feed in range(feeding.per_feed + 1, MOST_PER_FEED + 1):
            yield replace(feeding, per_feed=per_feed)
    models = sorted(
        loaded.catalogue.pdus.items(), key=lambda item: (item[1].rated_va or 0, item[0])
    )
    for per_feed in range(1, MOST_PER_FEED + 1):
        for name, pdu in models:
            other = replace(feeding, pdu_model=name, pdu=pdu, per_feed=per_feed)
            known = pdu.banks and all(bank.breaker_amps for bank in pdu.banks)
            if other.limit_va and pdu.outlet_volts and known:
                yield other


def _words(feeding: Feeding) -> str:
    return f"use {feeding.per_feed} × {feeding.pdu_model} per feed"


def _use(feeding: Feeding) -> Remedy:
    pdus = f"{{model: {feeding.pdu_model}, per_feed: {feeding.per_feed}}}"
    return (((*feeding.path, "pdus"), pdus),)
