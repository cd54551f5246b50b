"""What an Ethernet switch, its cables and the ports of hosts cannot do together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clusterwright.design.networks.speeds import link_gbps
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite
from clusterwright.model.cabling import CableChoice, names_in


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
    cable: tuple[DefinitionPath, CableChoice],
    switch: str,
    port_gbps: Sequence[float],
    ports: Sequence[Port],
) -> Iterator[Problem]:
    """Yield ports of hosts that the switch's cannot run with, and cables that slow them."""
    fastest: tuple[int, str] = (0, "")
    for port in {(one.model, one.speed_gbps): one for one in reversed(ports)}.values():
        best = link_gbps(port_gbps, port.speed_gbps, max(port_gbps))
        if best is None:
            yield Problem(
                path=port.path,
                value=port.model,
                rule=f"{port.what} of {port.model} run at {port.speed_gbps:g} Gb/s, but ports of "
                f"{switch} at {_listed(port_gbps)} Gb/s: choose another switch or model",
            )
        elif port.speed_gbps is not None:
            fastest = max(fastest, (best, port.model))
    path, choice = cable
    for name in names_in(choice):
        carried = loaded.catalogue.cables[name].speed_gbps
        if carried < fastest[0]:
            yield Problem(
                path=path,
                value=name,
                rule=f"{name} carries {carried} Gb/s, but {fastest[1]} and {switch} both run at "
                f"{fastest[0]} Gb/s: choose a cable of that speed, or write auto",
                remedy=((path, "auto"),),
            )


def find_uplink_problems(
    loaded: LoadedSite,
    cable: tuple[DefinitionPath, CableChoice],
    switch: str,
    port_gbps: Sequence[float],
) -> Iterator[Problem]:
    """Yield cables that none of the speeds of the ports between switches runs over."""
    path, choice = cable
    for name in names_in(choice):
        carried = loaded.catalogue.cables[name].speed_gbps
        if link_gbps(port_gbps, None, carried) is None:
            yield Problem(
                path=path,
                value=name,
                rule=f"{name} carries {carried} Gb/s, but ports of {switch} between switches run "
                f"at {_listed(port_gbps)} Gb/s: choose a cable of such a speed, or write auto",
                remedy=((path, "auto"),),
            )


def _listed(port_gbps: Sequence[float]) -> str:
    words = [f"{gbps:g}" for gbps in port_gbps]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
