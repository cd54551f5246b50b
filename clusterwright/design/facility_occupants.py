"""What a facility puts into racks: CDUs, shelves of busbar racks, panels of cables from outside."""

from collections.abc import Iterator, Mapping

from clusterwright.design.occupant import Occupant
from clusterwright.design.power import shelf_name
from clusterwright.design.racks import RackPlace
from clusterwright.load import LoadedSite


def list_cdus(loaded: LoadedSite) -> Iterator[Occupant]:
    for i, loop in enumerate(loaded.site.facility.cooling.loops):
        for k, cdu in enumerate(loop.cdus):
            model = loaded.catalogue.cdus[cdu.model]
            key = ("further_cdus", k - 1) if k else ("cdu",)
            if model.height_units:
                yield Occupant(
                    name=cdu.name,
                    kind="cdu",
                    model=cdu.model,
                    rack=cdu.rack or loop.racks[0],
                    height_units=model.height_units,
                    power_watts=model.power_max_watts or 0,
                    liquid_watts=0,
                    supplies=model.power_supplies,
                    from_top=False,
                    path=("facility", "cooling", "loops", i, *key),
                    weight_kg=model.weight_kg,
                    depth_mm=model.depth_mm,
                    unknown=() if model.power_max_watts else ("power_max_watts",),
                )


def list_shelves(loaded: LoadedSite, racks: Mapping[str, RackPlace]) -> Iterator[Occupant]:
    for rack in racks.values():
        if not rack.group.shelves or rack.system:
            continue
        name = rack.group.shelves.model
        shelf = loaded.catalogue.power_shelves[name]
        for k in range(rack.group.shelves.count):
            yield Occupant(
                name=shelf_name(rack.name, k),
                kind="power-shelf",
                model=name,
                rack=rack.name,
                height_units=shelf.height_units,
                power_watts=0,
                liquid_watts=0,
                supplies=None,
                from_top=False,
                path=(*rack.path, "shelves"),
                weight_kg=shelf.weight_kg,
                busbar=True,
            )


def list_panels(loaded: LoadedSite) -> Iterator[Occupant]:
    """Yield the panel in which cables from outside end: a rack unit without a figure."""
    uplinks = loaded.site.fabrics.inband.uplinks
    if uplinks:
        yield Occupant(
            name=uplinks.panel,
            kind="panel",
            model="patch-panel",
            rack=uplinks.rack,
            height_units=1,
            power_watts=0,
            liquid_watts=0,
            supplies=None,
            from_top=True,
            path=("fabrics", "inband", "uplinks"),
            weight_kg=0,
            depth_mm=0,
        )
