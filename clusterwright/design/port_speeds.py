"""What the ports of a switch can run at, however they are split."""

from collections.abc import Sequence

from clusterwright.catalogue.entry import Breakout, Switch


def speeds_of(switch: Switch, split: int) -> tuple[float, ...]:
    """Return what a port of its own cages, split so often, can run at, fastest first."""
    return speeds(switch.breakouts, switch.ports_per_cage, switch.speed_gbps, split)


def speeds(
    breakouts: Sequence[Breakout], ports_per_cage: int, speed_gbps: float, split: int
) -> tuple[float, ...]:
    """Return what a port split so often can run at, fastest first."""
    ways = (one for one in breakouts if one.ports == ports_per_cage * split)
    known = {gbps for one in ways for gbps in (one.speed_gbps, *one.lower_gbps)}
    return tuple(sorted(known or {speed_gbps / split}, reverse=True))
