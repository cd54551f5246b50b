"""A cabinet for the racks of a group in which all stands that is to stand there."""

from collections.abc import Mapping

from clusterwright.catalogue import Catalogue
from clusterwright.design import article
from clusterwright.design.culprits import NOWHERE, Remedy
from clusterwright.design.power import Room
from clusterwright.design.racks import RackPlace
from clusterwright.errors import DefinitionPath


def larger_cabinet(
    catalogue: Catalogue, racks: Mapping[str, RackPlace], group: DefinitionPath, room: Room
) -> tuple[str, Remedy]:
    """Name the smallest model that holds and carries what any rack of the group has, as far as
    is known, and is no less in all else; none for racks bought whole."""
    names = [name for name, one in racks.items() if one.path == group]
    alike, rack = [room.by_rack.get(name, ()) for name in names], racks[names[0]]
    units = max(sum(one.height_units for one in inside) for inside in alike)
    load_kg = max(sum(one.weight_kg or 0.0 for one in inside) for inside in alike)
    own = rack.model
    carries_kg = None if own.load_max_kg is None else max(load_kg, own.load_max_kg)
    fit = [
        (model.height_units, model.depth_mm, model.width_mm, name)
        for name, model in catalogue.racks.items()
        if model.height_units >= max(units, own.height_units)
        and model.depth_mm >= own.depth_mm
        and (model.busbar, model.immersion) == (own.busbar, own.immersion)
        and (carries_kg is None or (model.load_max_kg or 0) >= carries_kg)
        and name != rack.group.model
    ]
    if rack.system or not fit:
        return NOWHERE, ()
    name = min(fit)[-1]
    return f"use {article.one(name)}", (((*group, "model"), name),)
