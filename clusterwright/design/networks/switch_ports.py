"""The ports of an Ethernet switch: those towards hosts, and those between switches."""

from collections.abc import Sequence
from dataclasses import dataclass

from clusterwright.catalogue.entry import Breakout, Switch
from clusterwright.design.fabric.ask import whole_cages
from clusterwright.design.fabric.wiring import name_ports


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPorts:
    """Names as on the front panel, with the speeds that ports of each sort can run at."""

    down: tuple[str, ...]
    """As split."""
    up: tuple[str, ...]
    down_gbps: tuple[float, ...]
    up_gbps: tuple[float, ...]


def share_ports(switch: Switch, *, split: int, up: int) -> SwitchPorts:
    """Return the ports of a switch, `up` of them between switches, those being its last ones.

    Faster cages of another kind are for uplinks, where the switch has enough of them.
    """
    whole = name_ports(switch.ports, switch.ports_per_cage)
    below = name_ports(switch.ports * split, switch.ports_per_cage * split)
    uplinks = next((c for c in switch.further_cages if c.speed_gbps > switch.speed_gbps), None)
    down_gbps = speeds(switch.breakouts, switch.ports_per_cage, switch.speed_gbps, split)
    if uplinks and uplinks.cages * uplinks.ports_per_cage >= up:
        names = (str(switch.ports + n + 1) for n in range(uplinks.cages * uplinks.ports_per_cage))
        return SwitchPorts(
            down=below,
            up=tuple(names)[:up],
            down_gbps=down_gbps,
            up_gbps=speeds(uplinks.breakouts, uplinks.ports_per_cage, uplinks.speed_gbps, 1),
        )
    left = whole_cages(max(0, switch.ports - up), split, switch.ports_per_cage)
    return SwitchPorts(
        down=below[: left * split],
        up=whole[max(0, switch.ports - up) :],
        down_gbps=down_gbps,
        up_gbps=speeds(switch.breakouts, switch.ports_per_cage, switch.speed_gbps, 1),
    )


def speeds(
    breakouts: Sequence[Breakout], ports_per_cage: int, speed_gbps: float, split: int
) -> tuple[float, ...]:
    """Return what a port split so often can run at, fastest first."""
    ways = (one for one in breakouts if one.ports == ports_per_cage * split)
    known = {gbps for one in ways for gbps in (one.speed_gbps, *one.lower_gbps)}
    return tuple(sorted(known or {speed_gbps / split}, reverse=True))
