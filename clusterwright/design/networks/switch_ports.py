"""The ports of an Ethernet switch: those towards hosts, and those between switches."""

from dataclasses import dataclass

from clusterwright.catalogue.entry import Switch
from clusterwright.design.fabric.ask import whole_cages
from clusterwright.design.fabric.wiring import name_ports
from clusterwright.design.port_speeds import speeds, speeds_of


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
    down_gbps = speeds_of(switch, split)
    if uplinks and uplinks.cages * uplinks.ports_per_cage >= up:
        names = (str(switch.ports + n + 1) for n in range(uplinks.cages * uplinks.ports_per_cage))
        return SwitchPorts(
            down=below,
            up=tuple(names)[:up],
            down_gbps=down_gbps,
            up_gbps=speeds(uplinks.breakouts, uplinks.ports_per_cage, uplinks.speed_gbps, 1),
        )
    left = whole_cages(max(0, switch.ports - up), switch.ports_per_cage if split > 1 else 1)
    return SwitchPorts(
        down=below[: left * split],
        up=whole[max(0, switch.ports - up) :],
        down_gbps=down_gbps,
        up_gbps=speeds_of(switch, 1),
    )
