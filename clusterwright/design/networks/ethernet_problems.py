"""What an Ethernet switch, its cables and the ports of hosts cannot do together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clusterwright.catalogue.entry import Switch
from clusterwright.design.networks.speeds import link_gbps
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """Ports of one model, and where the definition names it."""

    what: str
    model: str
    path: DefinitionPath
    speed_gbps: float | None


def find_switch_problems(
    loaded: LoadedSite, at: DefinitionPath, name: str, breakout: int
) -> Iterator[Problem]:
    """Yield a switch of the wrong kind, and a split that its ports do not have."""
    switch = loaded.catalogue.switches[name]
    if switch.fabric_kind != "ethernet":
        yield Problem(
            path=(*at, "switch"),
            value=name,
            rule=f"the network is ethernet, but a {name} switches {switch.fabric_kind}: choose "
            "another switch",
        )
    known = tuple(one.ports // switch.ports_per_cage for one in switch.breakouts)
    if known and breakout not in known:
        best = max((n for n in known if n < breakout), default=known[0])
        yield Problem(
            path=(*at, "breakout"),
            value=str(breakout),
            rule=f"ports of {name} cannot be split by {breakout}, but by "
            f"{' or '.join(map(str, known))}: write {best}",
            remedy=(((*at, "breakout"), str(best)),),
        )


def find_host_problems(
    loaded: LoadedSite,
    cable: tuple[DefinitionPath, str],
    switch: str,
    port_gbps: Sequence[float],
    ports: Sequence[Port],
) -> Iterator[Problem]:
    """Yield ports of hosts that the switch's cannot run with, and a cable that slows them."""
    path, name = cable
    carried = loaded.catalogue.cables[name].speed_gbps
    slowed: dict[str, int] = {}
    for port in ports:
        best = link_gbps(port_gbps, port.speed_gbps, max(port_gbps))
        if best is None:
            yield Problem(
                path=port.path,
                value=port.model,
                rule=f"{port.what} of {port.model} run at {port.speed_gbps:g} Gb/s, but ports of "
                f"{switch} at {_listed(port_gbps)} Gb/s: choose another switch or model",
            )
        elif port.speed_gbps is not None and carried < best:
            slowed[port.model] = best
    if slowed:
        model, gbps = max(slowed.items(), key=lambda one: one[1])
        yield Problem(
            path=path,
            value=name,
            rule=f"{name} carries {carried} Gb/s, but {model} and {switch} both run at {gbps} "
            "Gb/s: choose a cable of that speed",
        )
    yield from find_plug_problems(loaded, cable, switch, loaded.catalogue.switches[switch])


def find_plug_problems(
    loaded: LoadedSite, cable: tuple[DefinitionPath, str], name: str, switch: Switch
) -> Iterator[Problem]:
    """Yield twisted pair where the switch has cages, and the other way round."""
    path, model = cable
    plug = loaded.catalogue.cables[model].b
    if plug is None or switch.connector is None:
        return
    if (plug.connector == "rj45") != (switch.connector == "rj45"):
        yield Problem(
            path=path,
            value=model,
            rule=f"{model} ends in {plug.connector}, but ports of {name} take "
            f"{switch.connector}: choose another cable",
        )


def find_uplink_problem(
    loaded: LoadedSite, path: DefinitionPath, cable: str, switch: str, port_gbps: Sequence[float]
) -> Iterator[Problem]:
    """Yield a cable that none of the speeds of the ports between switches runs over."""
    carried = loaded.catalogue.cables[cable].speed_gbps
    if link_gbps(port_gbps, None, carried) is None:
        yield Problem(
            path=path,
            value=cable,
            rule=f"{cable} carries {carried} Gb/s, but ports of {switch} between switches run at "
            f"{_listed(port_gbps)} Gb/s: choose a cable of such a speed",
        )


def _listed(port_gbps: Sequence[float]) -> str:
    words = [f"{gbps:g}" for gbps in port_gbps]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
