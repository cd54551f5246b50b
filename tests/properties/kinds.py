"""Servers and switches that go together, and the catalogue that has them."""

from dataclasses import dataclass, replace

from clusterwright.catalogue import Catalogue, load_catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Servers and switches that go together; `feeds` are as few as keep the servers going.

    `most` is how many nodes a unit may have so that its leaves hold them, whatever else is asked.
    `others` are servers that may stand in the same unit, in a group of their own.
    """

    server: str
    switch: str
    fabric: str = "infiniband"
    others: tuple[str, ...] = ()
    feeds: int = 3
    breakout: int = 1
    planes: int = 1
    most: int = 8
    system: str = ""
    """The racks that are bought whole, of so many trays each."""
    trays: int = 0
    cabinet: str = ""
    """The only model of rack that it stands in."""
    wet: bool = False
    """Whether its racks are on a loop."""


AIR = ("dgx-h200", "hgx-h100-air", "hgx-h200-air")
KINDS = (
    Kind(server="dgx-h100", switch="qm9700", others=AIR),
    Kind(server="dgx-h200", switch="small-16", most=6, others=AIR),
    Kind(server="hgx-h100-air", switch="small-8", most=3),
    Kind(server="hgx-h200-liquid", switch="small-16", most=6, wet=True),
    Kind(server="dgx-a100", switch="qm8700", feeds=2, others=("dgx-a100-320gb",)),
    Kind(server="dgx-a100", switch="sn3700", fabric="ethernet", feeds=2),
    Kind(server="dgx-b200", switch="qm9790", feeds=6),
    Kind(server="dgx-b300", switch="q3400-ra", feeds=2),
    Kind(server="dgx-h100", switch="sn5600", fabric="ethernet", breakout=2),
    Kind(server="dgx-h100", switch="small-16", planes=2, breakout=2),
    Kind(server="gb200-compute-tray", switch="qm9700", system="gb200-nvl72", trays=18, wet=True),
    Kind(server="dgx-b300-busbar", switch="q3400-ra", cabinet="mgx-48u", feeds=2),
    Kind(server="hgx-h100-liquid", switch="qm9700", cabinet="immersion-tank-42u", wet=True),
)
KINDS_OF_ANY_SHAPE = tuple(kind for kind in KINDS if kind.most > 6 and not kind.system)


def catalogue() -> Catalogue:
    """Return the project's catalogue, and switches so small that few nodes need three tiers."""
    ours = load_catalogue()
    small = {
        f"small-{2 * cages}": ours.switches["qm9700"].model_copy(update={"cages": cages})
        for cages in (4, 8)
    }
    return replace(ours, switches={**ours.switches, **small})


CATALOGUE = catalogue()
