"""The switches of a fabric by name, with gaps for those that units to come will bring.

Gaps keep what stands where it is: addresses and racks are taken by place in this list.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clusterwright.design.fabric.ask import FabricAsk
from clusterwright.design.fabric.size import FabricSize


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchRole:
    """What one switch does; `unit` is empty and `rail` 0 where it serves several."""

    name: str
    tier: str
    fabric: str
    ports: int
    """As split: how many links it can take."""
    unit: str = ""
    rail: int = 0


def list_places(ask: FabricAsk, size: FabricSize) -> tuple[SwitchRole | None, ...]:
    """Return every switch, plane by plane: leaves unit by unit, spines, cores; None for a gap."""
    return tuple(place for _, places in list_tiers(ask, size) for place in places)


def list_tiers(
    ask: FabricAsk, size: FabricSize
) -> Iterator[tuple[str, Iterator[SwitchRole | None]]]:
    """Yield the same tier by tier, each with its name."""
    for plane in range(1, ask.planes + 1):
        yield "leaf", _leaves(ask, size, plane)
        yield "leaf", _pool(ask, size)
        yield "spine", _spines(ask, size, plane)
        yield "core", _cores(ask, size, plane)


def _leaves(ask: FabricAsk, size: FabricSize, plane: int) -> Iterator[SwitchRole | None]:
    for unit, layout in zip(ask.units, size.units, strict=True):
        one_rail = not layout.aligned and layout.ports_per_node == 1
        for leaf in range(layout.leaves):
            yield SwitchRole(
                name=leaf_name(ask, unit.name, plane, leaf),
                tier="leaf",
                fabric=fabric_name(ask, plane),
                ports=size.last_downlink + size.tree.uplinks,
                unit=unit.name,
                rail=leaf + 1 if one_rail else 0,
            )
    yield from [None] * (size.built_leaves - sum(layout.leaves for layout in size.units))


def _pool(ask: FabricAsk, size: FabricSize) -> Iterator[SwitchRole]:
    """Yield the leaves of storage; a fabric with a pool has one plane."""
    for leaf in range(size.pool.leaves if size.pool else 0):
        yield SwitchRole(
            name=pool_leaf_name(ask, leaf),
            tier="leaf",
            fabric=fabric_name(ask, 1),
            ports=size.pool_last_downlink + size.tree.pool_uplinks,
        )


def _spines(ask: FabricAsk, size: FabricSize, plane: int) -> Iterator[SwitchRole | None]:
    occupied = set(size.occupied_groups)
    for group in range(size.tree.groups):
        for spine in range(size.tree.spines):
            name = spine_name(ask, size, plane, group, spine)
            role = SwitchRole(
                name=name, tier="spine", fabric=fabric_name(ask, plane), ports=ask.spine.ports
            )
            yield role if group in occupied else None


def _cores(ask: FabricAsk, size: FabricSize, plane: int) -> Iterator[SwitchRole | None]:
    for ordinal in range(size.cores):
        name = core_name(ask, plane, ordinal)
        yield SwitchRole(
            name=name, tier="core", fabric=fabric_name(ask, plane), ports=ask.spine.ports
        )


def fabric_name(ask: FabricAsk, plane: int) -> str:
    """Name the fabric of a plane: planes share no link, so each is a fabric of its own."""
    return f"{ask.name}-p{plane}" if ask.planes > 1 else ask.name


def leaf_name(ask: FabricAsk, unit: str, plane: int, leaf: int) -> str:
    """Name a leaf; `leaf` counts from 0 in its unit."""
    return f"{unit}-{_plane(ask, plane)}leaf{leaf + 1}"


def pool_leaf_name(ask: FabricAsk, leaf: int) -> str:
    """Name a leaf of storage servers; `leaf` counts from 0."""
    return f"{ask.own}server-leaf{leaf + 1}"


def spine_name(ask: FabricAsk, size: FabricSize, plane: int, group: int, spine: int) -> str:
    """Name a spine; `group` and `spine` count from 0. Groups are named in three tiers only."""
    grouped = f"g{group + 1}-" if size.tree.tiers == 3 else ""
    return f"{_plane(ask, plane)}{grouped}spine{spine + 1}"


def core_name(ask: FabricAsk, plane: int, ordinal: int) -> str:
    """Name a core; `ordinal` counts from 0 over all core groups."""
    return f"{_plane(ask, plane)}core{ordinal + 1}"


def _plane(ask: FabricAsk, plane: int) -> str:
    return f"{ask.own}p{plane}-" if ask.planes > 1 else ask.own


def place_name(network: str, ordinal: int) -> str:
    """Name the place of a switch to come, counted from 0 over all places of its network."""
    return f"(place {ordinal + 1} of the {network} network)"


def gap_name(ask: FabricAsk, size: FabricSize, plane: int, leaf_or_spine: int) -> str:
    """Name the place of a leaf to come, or of a spine after all leaves; counted from 0."""
    of_plane = places_below(size) + size.cores + size.tree.groups * size.tree.spines
    return place_name(ask.name, (plane - 1) * of_plane + leaf_or_spine)


def places_below(size: FabricSize) -> int:
    """Return how many places leaves have in a plane, those to come included."""
    return size.built_leaves + (size.pool.leaves if size.pool else 0)
