"""Fabrics in plain numbers, for tests of their mathematics."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from clusterwright.design.fabric.ask import FabricAsk, GuestAsk, UnitAsk
from clusterwright.design.fabric.size import FabricSize, size_fabric
from clusterwright.design.fabric.wiring import Wiring, wire
from clusterwright.design.plan import LinkEnd
from clusterwright.load import LoadedSite
from clusterwright.model.ethernet import InbandNetwork, OobNetwork

Cable = tuple[int, str, LinkEnd, LinkEnd]
"""Plane, tier, lower end, upper end."""


def ask_for(
    units: int, *, build_for: int = 32, rails: int = 8, ports: int = 64, **more
) -> FabricAsk:
    """Ask for so many equal units; by default of DGX H100 on QM9700."""
    guests = more.pop("guests", (GuestAsk(),) * more.pop("guest_ports", 0))
    return FabricAsk(
        ports=ports,
        units=tuple(
            UnitAsk(
                name=f"su{n + 1}",
                build_for=build_for,
                rails=rails,
                guests=() if n else guests,
            )
            for n in range(units)
        ),
        **more,
    )


def sized(ask: FabricAsk) -> FabricSize:
    size = size_fabric(ask)
    assert size is not None
    return size


def cables(ask: FabricAsk, nodes: Mapping[int, Sequence[int]] | None = None) -> Iterator[Cable]:
    """Yield all cables; `nodes` has the indices that stand in each unit, by default all."""
    size = sized(ask)
    wiring = wire(ask, size)
    for plane in range(1, ask.planes + 1):
        for unit, asked in enumerate(ask.units):
            indices = range(1, size.units[unit].room + 1) if nodes is None else nodes[unit]
            for index in indices:
                for rail in range(1, asked.rails + 1):
                    node = LinkEnd(device=f"{asked.name}-n{index}", port=f"{plane}/{rail}")
                    yield plane, "node-leaf", node, wiring.node_end(unit, index, rail, plane)
            for ordinal in range(len(asked.guests)):
                guest = LinkEnd(device=f"{asked.name}-guest", port=f"{plane}/{ordinal}")
                yield plane, "guest-leaf", guest, wiring.guest_end(unit, ordinal, plane)
        yield from between(wiring, plane)


def between(wiring: Wiring, plane: int) -> Iterator[Cable]:
    """Yield the cables between switches."""
    for tier in ("leaf-leaf", "leaf-spine", "spine-core"):
        for a, b in getattr(wiring, tier.replace("-", "_"))(plane):
            yield plane, tier, a, b


def compute_only(loaded: LoadedSite) -> LoadedSite:
    """Return the site with its compute fabric alone: nobody's other switches, no storage."""
    site, fabrics = loaded.site, loaded.site.fabrics
    others = {
        "storage": None,
        "inband": InbandNetwork(kind="ethernet", prefix=fabrics.inband.prefix),
        "oob": OobNetwork(kind="ethernet", prefix=fabrics.oob.prefix),
    }
    changes = {"storage": (), "fabrics": fabrics.model_copy(update=others)}
    return replace(loaded, site=site.model_copy(update=changes))
