"""Which devices suit which rack: by depth, by how they are fed, and by what surrounds them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from clusterwright.catalogue import Catalogue
from clusterwright.design import article
from clusterwright.design.occupant import Occupant
from clusterwright.design.racks import RackPlace
from clusterwright.errors import DefinitionPath, Problem

CABLE_ROOM_MM = 150
"""Behind a device and before it, for plugs, bends and doors."""


def find_unsuited(
    catalogue: Catalogue,
    racks: Mapping[str, RackPlace],
    by_rack: Mapping[str, Sequence[Occupant]],
) -> Iterator[Problem]:
    """Yield each model once for every rack model that it does not suit."""
    seen: set[tuple[object, ...]] = set()
    for name, inside in by_rack.items():
        rack = racks[name]
        for one in inside:
            key = (one.path, one.model, rack.group.model)
            if key not in seen and not one.built_in:
                seen.add(key)
                yield from chain(_depth(catalogue, rack, one), _feed(rack, one), _fluid(rack, one))


def _where(one: Occupant) -> DefinitionPath:
    """The list of racks, or the rack, that put it there."""
    if one.path[-1] == "count":
        return (*one.path[:-1], "racks")
    return (*one.path, "rack") if one.kind in ("host", "cdu") else one.path


def _depth(catalogue: Catalogue, rack: RackPlace, one: Occupant) -> Iterator[Problem]:
    needed_mm = (one.depth_mm or 0) + CABLE_ROOM_MM
    if needed_mm > rack.model.depth_mm and not rack.model.immersion:
        deeper = _deeper(catalogue, rack, needed_mm)
        yield Problem(
            path=_where(one),
            value=rack.name,
            rule=f"{one.model} is {one.depth_mm:g} mm deep and needs {CABLE_ROOM_MM} mm for "
            f"cables, but rack {rack.name}, {article.one(rack.group.model)}, is "
            f"{rack.model.depth_mm} mm deep: use a rack of {needed_mm:.0f} mm or more"
            + (f", such as {deeper}" if deeper else ""),
            remedy=(((*rack.path, "model"), deeper),) if deeper else (),
        )


def _deeper(catalogue: Catalogue, rack: RackPlace, needed_mm: float) -> str | None:
    """Return the smallest cabinet that is deep enough and no less in all else."""
    fit = [
        (model.depth_mm, model.width_mm, name)
        for name, model in catalogue.racks.items()
        if model.depth_mm >= needed_mm
        and model.height_units >= rack.model.height_units
        and (model.busbar, model.immersion) == (rack.model.busbar, rack.model.immersion)
    ]
    return min(fit)[2] if fit else None


def _feed(rack: RackPlace, one: Occupant) -> Iterator[Problem]:
    """CDUs are fed by the room, whatever rack they stand in; PDUs may hang beside a busbar."""
    outlets = not rack.model.busbar or rack.group.pdus is not None
    fed = rack.model.busbar if one.busbar else outlets
    # That shelves lack a busbar, `power` says, once for all of a rack.
    if fed or one.kind in {"cdu", "power-shelf"}:
        return
    feeds = f"rack {rack.name}, {article.one(rack.group.model)}, " + (
        "feeds its devices from a busbar" if rack.model.busbar else "has no busbar"
    )
    wants = "is fed by a busbar" if one.busbar else "is fed by outlets"
    other = "one that has none, or give it PDUs" if rack.model.busbar else "one that has one"
    yield Problem(
        path=_where(one),
        value=rack.name,
        rule=f"{one.model} {wants}, but {feeds}: use {other}",
    )


def _fluid(rack: RackPlace, one: Occupant) -> Iterator[Problem]:
    if rack.model.immersion and one.immersible is False:
        yield Problem(
            path=_where(one),
            value=rack.name,
            rule=f"{one.model} may not be immersed, but rack {rack.name} is a tank, "
            f"{rack.group.model}: use a cabinet, or a model that its maker lets stand in fluid",
        )
