"""Whether nodes' adapters can run as slowly as is asked."""

from collections.abc import Iterator

from clusterwright.design.fabric.clos import Clos
from clusterwright.design.fabric.node_ports import lanes
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite
from clusterwright.model.fabric import ComputeFabric


def find_speed_problems(loaded: LoadedSite, clos: Clos) -> Iterator[Problem]:
    """Yield every model whose adapters know another speed, but not the one asked for."""
    asked_gbps = clos.defined.node_gbps if isinstance(clos.defined, ComputeFabric) else None
    path, planes = (*clos.at, "node_gbps"), clos.ask.planes
    for name in clos.ports if asked_gbps else ():
        known = known_speeds(loaded, name, planes)
        lacks = bool(known) and asked_gbps not in known
        if asked_gbps and lacks and not _open(loaded, name, planes, asked_gbps):
            fit = max((gbps for gbps in known if gbps < asked_gbps), default=min(known))
            speeds = " or ".join(str(gbps) for gbps in sorted(known, reverse=True))
            yield Problem(
                path=path,
                value=str(asked_gbps),
                rule=f"compute ports of {name} run at {speeds} Gb/s, not at {asked_gbps}: write "
                f"{fit}",
                remedy=((path, str(fit)),),
            )


def known_speeds(loaded: LoadedSite, name: str, planes: int) -> set[int]:
    """Return what all compute ports of a model can run at in each plane, as far as is known."""
    server = loaded.catalogue.servers[name]
    each = lanes(server, planes)
    speeds = []
    for port in server.compute_ports:
        nic = loaded.catalogue.nics.get(port.nic or "")
        lower = (nic.lower_gbps or ()) if nic else ()
        speeds.append({gbps // each for gbps in (port.speed_gbps, *lower)})
    return set.intersection(*speeds) if speeds else set()


def _open(loaded: LoadedSite, name: str, planes: int, asked_gbps: int) -> bool:
    """Whether the speed is lower than what is known, and nobody says that there is no other."""
    return any(model == name for model, _ in unproven_speeds(loaded, planes, asked_gbps))


def unproven_speeds(
    loaded: LoadedSite, planes: int, asked_gbps: int
) -> Iterator[tuple[str, str | None]]:
    """Yield servers with adapters whose lower speeds nobody knows, and those, if known."""
    for name in {group.server: None for unit in loaded.site.compute for group in unit.groups}:
        server = loaded.catalogue.servers[name]
        each = lanes(server, planes)
        for port in server.compute_ports:
            nic = loaded.catalogue.nics.get(port.nic or "")
            if asked_gbps * each < port.speed_gbps and (nic is None or nic.lower_gbps is None):
                yield name, port.nic
