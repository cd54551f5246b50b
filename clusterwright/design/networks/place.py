"""Switches of every network before they are mounted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clusterwright.design.fabric import Clos, list_tiers, place_name
from clusterwright.errors import DefinitionPath


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPlace:
    """A switch and where it stands. One that is not `present` keeps rack units, ports, an address.

    `rail` is 0 and `unit` empty where it serves several.
    """

    name: str
    model: str
    fabric: str
    tier: str
    ports: int
    rack: str
    path: DefinitionPath
    unit: str = ""
    rail: int = 0
    present: bool = True
    late: bool = False
    """Whether it is there for newcomers that found no port on another."""
    built_in: bool = False
    """Whether it comes with its rack."""


def clos_places(clos: Clos) -> Iterator[SwitchPlace]:
    """Yield the switches of a fabric, racks filled evenly in order as built for."""
    tiers = list_tiers(clos.ask, clos.size) if clos.size else ()
    roles = [(_key(clos, tier), tier, role) for tier, places in tiers for role in places]
    count, filled = Counter(key for key, _, _ in roles), Counter[str]()
    for ordinal, (key, tier, role) in enumerate(roles):
        racks = getattr(clos.defined, key) or clos.defined.racks
        yield SwitchPlace(
            name=role.name if role else place_name(clos.name, ordinal),
            model=clos.defined.switch if tier == "leaf" else clos.spine_switch,
            fabric=role.fabric if role else clos.name,
            tier=role.tier if role else "",
            ports=role.ports if role else 0,
            unit=role.unit if role else "",
            rail=role.rail if role else 0,
            rack=racks[filled[key] // -(-count[key] // len(racks))],
            path=(*clos.at, key),
            present=role is not None,
        )
        filled[key] += 1


def _key(clos: Clos, tier: str) -> str:
    """Return the key of the definition that says where switches of a tier stand.

    Spines of their own model are as many units high as they are: they are dealt out on their own.
    """
    apart = clos.defined.spine_racks or clos.spine_switch != clos.defined.switch
    return "spine_racks" if apart and tier != "leaf" else "racks"


def dealt(ordinal: int, racks: Sequence[str]) -> str:
    """Return the rack of a switch where racks are filled in turn: so more of them move none."""
    return racks[ordinal % len(racks)]
