"""Size the compute fabric: leaves by rail, spines by the divisor rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite
from clusterwright.model.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class FabricSize:
    """How many switches to buy, and how each leaf splits its ports."""

    rails: int
    leaves: int
    spines: int
    ports: int
    downlinks_per_leaf: int
    uplinks_per_leaf: int

    @property
    def uplinks_per_spine(self) -> int:
        """Parallel links between one leaf and one spine."""
        return self.uplinks_per_leaf // self.spines


def size_fabric(loaded: LoadedSite) -> FabricSize:
    """Return the smallest balanced two-tier fabric; `find_problems` says whether it can exist.

    A leaf spreads its uplinks evenly only over a divisor of their number; an uneven spread would
    make some paths slower than others (DGX SuperPOD RA-11333-001, tables 3 and 4).
    """
    fabric = loaded.site.fabrics.compute
    ports = loaded.catalogue.switches[fabric.switch].ports
    downlinks = floor(ports * fabric.oversubscription / (1 + fabric.oversubscription))
    uplinks = ports - downlinks
    leaves = _rails(loaded) * len(loaded.site.compute)
    fewest = min(ceil(leaves * uplinks / ports), uplinks)
    return FabricSize(
        rails=_rails(loaded),
        leaves=leaves,
        spines=next(n for n in range(fewest, uplinks + 1) if uplinks % n == 0),
        ports=ports,
        downlinks_per_leaf=downlinks,
        uplinks_per_leaf=uplinks,
    )


def find_problems(loaded: LoadedSite, size: FabricSize) -> Iterator[Problem]:
    """Yield what keeps the fabric from being built of this switch in two tiers."""
    switch = loaded.site.fabrics.compute.switch
    for i, unit in enumerate(loaded.site.compute):
        if unit.build_for > size.downlinks_per_leaf:
            path: DefinitionPath = ("compute", i, "build_for")
            yield Problem(
                path=path,
                value=str(unit.build_for),
                rule=f"{unit.build_for} nodes share a set of leaves, but a {switch} has "
                f"{size.downlinks_per_leaf} ports for nodes: at most {size.downlinks_per_leaf} "
                "to a unit",
                remedy=((path, str(size.downlinks_per_leaf)),),
            )
        yield from _overfull(i, unit.build_for, sum(group.count for group in unit.groups))
    if size.leaves > size.ports:
        units = size.ports // size.rails
        yield Problem(
            path=("fabrics", "compute", "switch"),
            value=switch,
            rule=f"{len(loaded.site.compute)} scalable units need {size.leaves} leaves, but a "
            f"spine {switch} reaches only {size.ports}: use at most {units} units "
            "(a third tier is not designed yet)",
        )


def _overfull(unit: int, build_for: int, count: int) -> Iterator[Problem]:
    if count > build_for:
        path = ("compute", unit, "build_for")
        yield Problem(
            path=path,
            value=str(build_for),
            rule=f"the unit is built for {build_for} nodes, but its groups ask for {count}: "
            f"build for at least {count}",
            remedy=((path, str(count)),),
        )


def _rails(loaded: LoadedSite) -> int:
    servers = {group.server for unit in loaded.site.compute for group in unit.groups}
    return max(len(loaded.catalogue.servers[name].compute_ports) for name in servers) or 1


def switch_names(site: Site, size: FabricSize) -> tuple[str, ...]:
    """Name every switch: leaves unit by unit and rail by rail, then spines."""
    leaves = (
        leaf_name(unit.name, rail) for unit in site.compute for rail in range(1, size.rails + 1)
    )
    return (*leaves, *(spine_name(ordinal) for ordinal in range(1, size.spines + 1)))


def leaf_name(unit: str, rail: int) -> str:
    return f"{unit}-leaf{rail}"


def spine_name(ordinal: int) -> str:
    return f"spine{ordinal}"
