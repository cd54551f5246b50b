"""What switches above the leaves cannot do."""

from collections.abc import Iterator
from dataclasses import replace

from clusterwright.catalogue.entry import Switch
from clusterwright.design.fabric.ask import Above, FabricAsk
from clusterwright.design.fabric.clos import Clos
from clusterwright.design.fabric.link_problems import known_breakouts
from clusterwright.design.fabric.size import size_fabric
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite


def find_spine_problems(loaded: LoadedSite, clos: Clos) -> Iterator[Problem]:
    """Yield what keeps a model of spines from going with the leaves that are chosen."""
    name, fabric = clos.defined.spine_switch, clos.defined
    if name is None or name == fabric.switch:
        return
    path, spine = (*clos.at, "spine_switch"), loaded.catalogue.switches[name]
    if spine.fabric_kind != fabric.kind:
        yield Problem(
            path=path,
            value=name,
            rule=f"the fabric is {fabric.kind}, but a {name} switches {spine.fabric_kind}: write "
            f"{fabric.switch}, or choose another switch",
            remedy=((path, fabric.switch),),
        )
    elif not _runs_at(spine, clos.above_gbps):
        splits = " or ".join(str(n) for n in known_breakouts(spine) if n > 1)
        yield Problem(
            path=path,
            value=name,
            rule=f"links between switches run at {clos.above_gbps} Gb/s, but ports of {name} at "
            f"{spine.speed_gbps} Gb/s"
            + (f", or split by {splits}" if splits else "")
            + f": write {fabric.switch}, or choose another switch",
            remedy=((path, fabric.switch),),
        )


def _runs_at(spine: Switch, gbps: int) -> bool:
    """Whether its ports, whole or split, are as fast as those of the leaves between switches."""
    split, rest = divmod(spine.speed_gbps, gbps)
    return not rest and split in known_breakouts(spine)


def too_many_spines(clos: Clos) -> Problem | None:
    """Return that fewer spines would do, if so: a leaf has an uplink at least to each."""
    ask, path = clos.ask, (*clos.at, "least_spines")
    asked = ask.spine.least_spines
    fit = next((n for n in range(asked - 1, 0, -1) if size_fabric(_with_spines(ask, n))), None)
    if fit is None:
        return None
    return Problem(
        path=path,
        value=str(asked),
        rule=f"a leaf has an uplink to each of {asked} spines, but a {clos.defined.switch} has no "
        f"{asked} beside its ports for nodes: at most {fit}",
        remedy=((path, str(fit)),),
    )


def _with_spines(ask: FabricAsk, least: int) -> FabricAsk:
    return replace(ask, above=replace(ask.spine, least_spines=least))


def larger_switch(loaded: LoadedSite, clos: Clos) -> str | None:
    """Return the smallest switch of its kind and speed with which the fabric has a size.

    It stands above the leaves, and is the leaves, too, where both are of one model.
    """
    own = loaded.catalogue.switches[clos.spine_switch]
    alike = {
        name: one
        for name, one in loaded.catalogue.switches.items()
        if (one.fabric_kind, one.speed_gbps) == (own.fabric_kind, own.speed_gbps)
        and one.ports > own.ports
    }
    smallest_first = sorted(alike, key=lambda name: (alike[name].ports, name))
    return next((n for n in smallest_first if size_fabric(_of(clos, own, alike[n]))), None)


def _of(clos: Clos, own: Switch, other: Switch) -> FabricAsk:
    """Return what is asked with another model above the leaves."""
    split = clos.ask.spine.ports // own.ports
    ports, cage_ports = other.ports * split, other.ports_per_cage * split
    above: Above = replace(clos.ask.spine, ports=ports, cage_ports=cage_ports)
    if clos.defined.spine_switch:
        return replace(clos.ask, above=above)
    return replace(clos.ask, ports=ports, cage_ports=cage_ports, above=above)
