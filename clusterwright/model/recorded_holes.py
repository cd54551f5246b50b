"""Nodes that a command has taken out are holes, as if the definition named them."""

from collections.abc import Iterable

from clusterwright.model.facility import ScalableUnit
from clusterwright.model.record import Record
from clusterwright.model.site import Site


def with_holes(site: Site, record: Record) -> Site:
    """Return the site with the holes of its record.

    The record goes by the names that nodes have, units by those that follow from the rules. What
    the definition no longer asks for leaves no hole.
    """
    if not record.holes:
        return site
    by_rule = {given: rule for rule, given in site.pins.names.items()}
    holes = [by_rule.get(name, name) for name in record.holes]
    units = tuple(_holed(unit, holes) for unit in site.compute)
    return site.model_copy(update={"compute": units})


def _holed(unit: ScalableUnit, holes: Iterable[str]) -> ScalableUnit:
    nodes = {f"{unit.name}-n{index}" for indices in unit.indices for index in indices}
    more = tuple(hole for hole in holes if hole in nodes and hole not in unit.holes)
    return unit.model_copy(update={"holes": (*unit.holes, *more)}) if more else unit
