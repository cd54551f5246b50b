"""What hangs on busbars, against their shelves; and racks that lack what their devices need."""

from collections.abc import Iterator, Sequence

from clusterwright.design.culprits import Remedy
from clusterwright.design.occupant import Occupant
from clusterwright.design.power.blame import culprits, fewer
from clusterwright.design.power.circuit import Circuits, RackCircuit
from clusterwright.design.power.keeping import FEW_FEEDS, more_feeds
from clusterwright.design.power.loads import Load, rectifiers_of
from clusterwright.design.power.readings import SLACK
from clusterwright.design.power.replacement import other_pdus, pdus_for_fewer
from clusterwright.design.power.wording import case, kilo
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite


def find_problems(loaded: LoadedSite, circuits: Circuits, one: RackCircuit) -> Iterator[Problem]:
    """Yield what a rack lacks to feed its devices at all, and shelves that give too little."""
    on_busbar = [d for d in one.inside if d.busbar and d.kind != "power-shelf"]
    # CDUs may be fed by the room.
    on_outlets = [d for d in one.inside if d.supplies and d.kind != "cdu"]
    if on_outlets and one.feeding.pdu is None and not one.rack.model.busbar:
        yield _no_pdus(loaded, circuits, one, on_outlets)
    if one.feeding.shelf and not one.rack.model.busbar:
        yield _no_busbar(loaded, one)
    if on_busbar and one.feeding.shelf is None and one.rack.model.busbar:
        yield _no_shelves(loaded, one, on_busbar)
    elif on_busbar and one.feeding.shelf:
        yield from _shelves(loaded, one, on_busbar)


def _no_pdus(
    loaded: LoadedSite, circuits: Circuits, one: RackCircuit, devices: Sequence[Occupant]
) -> Problem:
    text, remedy = other_pdus(loaded, circuits, one)
    if not remedy:
        text, remedy = pdus_for_fewer(loaded, circuits, one)
    return Problem(
        path=one.rack.path,
        value=one.rack.name,
        rule=f"{devices[0].model} in rack {one.rack.name} hangs on outlets, but the rack has no "
        f"PDUs: {text}",
        remedy=remedy,
    )


def _no_busbar(loaded: LoadedSite, one: RackCircuit) -> Problem:
    fitting = [
        name
        for name, model in sorted(loaded.catalogue.racks.items())
        if model.busbar and model.height_units >= one.rack.model.height_units
    ]
    return Problem(
        path=(*one.rack.path, "model"),
        value=one.rack.group.model,
        rule=f"the power shelves of rack {one.rack.name} feed a busbar, but a "
        f"{one.rack.group.model} has none: "
        + (f"use a {fitting[0]}" if fitting else "use a rack with one"),
        remedy=(((*one.rack.path, "model"), fitting[0]),) if fitting else (),
    )


def _no_shelves(loaded: LoadedSite, one: RackCircuit, devices: Sequence[Occupant]) -> Problem:
    drawn = sum(device.power_watts for device in devices)
    name, shelf = min(loaded.catalogue.power_shelves.items())
    # So many carry the load on all feeds but one, when they are spread evenly.
    feeds = len(one.feeding.feeds)
    fewest = -(-drawn // shelf.capacity_watts) or 1
    count = next(n for n in range(1, 1000) if n - -(-n // feeds) * (feeds > 1) >= fewest)
    return Problem(
        path=one.rack.path,
        value=one.rack.name,
        rule=f"{devices[0].model} in rack {one.rack.name} hangs on a busbar, but the rack has no "
        f"power shelves: add shelves, such as {count} × {name}",
        remedy=(((*one.rack.path, "shelves"), f"{{model: {name}, count: {count}}}"),),
    )


def _shelves(
    loaded: LoadedSite, one: RackCircuit, devices: Sequence[Occupant]
) -> Iterator[Problem]:
    each = rectifiers_of(one.feeding).capacity_watts
    tightest = min(one.circuit.promised, key=lambda load: load.rectifiers)
    given = tightest.rectifiers * each
    if tightest.busbar_watts <= given * SLACK:
        return
    chosen = culprits(devices)
    watts = chosen.devices[0].power_watts
    taken = tightest.busbar_watts - watts * len(chosen.devices)
    fit = max(0, int((given - taken) // watts)) if watts else 0
    remedy = fewer(loaded, chosen, one.rack.name, fit)
    otherwise, other = _other_shelves(loaded, one, tightest)
    text = "" if remedy else f": {otherwise}"
    yield Problem(
        path=chosen.path,
        value=str(len(chosen.devices)),
        rule=f"{chosen.named(one.rack.name, '')}draw {kilo(tightest.busbar_watts, 'W')} from the "
        f"busbar, but{case(tightest.lost)} {tightest.rectifiers} supplies of its "
        f"{one.feeding.shelf_count} × {one.feeding.shelf_model} give {kilo(given, 'W')}: at most "
        f"{fit} fit{text}",
        remedy=remedy or other,
    )


def _other_shelves(loaded: LoadedSite, one: RackCircuit, load: Load) -> tuple[str, Remedy]:
    """A rack that is bought whole has the shelves that it has; more feeds lose fewer with one."""
    if one.rack.system is None:
        return "use more shelves", _more_shelves(one, load)
    shelf, count = one.feeding.shelf, one.feeding.shelf_count
    fewest = -(-load.busbar_watts // shelf.capacity_watts) if shelf else 0
    feeds = next((n for n in range(2, FEW_FEEDS + 1) if count - -(-count // n) >= fewest), None)
    if feeds:
        return f"feed them from at least {feeds} feeds", more_feeds(loaded, one.feeding, feeds)
    return "write keep: degraded", (((*one.rack.path, "keep"), "degraded"),)


def _more_shelves(one: RackCircuit, load: Load) -> Remedy:
    """Ask for the fewest shelves that carry the busbar with any feed gone."""
    if one.feeding.shelf is None or len(one.feeding.feeds) < 2 <= len(one.feeding.promised):
        return (((*one.rack.path, "keep"), "none"),)
    feeds = len(one.feeding.feeds) if len(one.feeding.promised) > 1 else 0
    shelf = one.feeding.shelf.capacity_watts
    fewest = -(-load.busbar_watts // shelf)
    count = next(n for n in range(1, 1000) if n - (-(-n // feeds) if feeds else 0) >= fewest)
    return (((*one.rack.path, "shelves", "count"), str(count)),)
