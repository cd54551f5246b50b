"""The circuits of each rack: cords, what flows in them, and how full they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.culprits import by_rack
from clusterwright.design.occupant import Occupant
from clusterwright.design.power.feeding import Feeding, list_feedings
from clusterwright.design.power.loads import Load, find_loads
from clusterwright.design.power.plugging import NO_PDU, Cord, plug, section_of
from clusterwright.design.power.readings import Kind, Reading, find_readings
from clusterwright.design.racks import RackPlace
from clusterwright.load import LoadedSite


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """The circuits of one rack. `cords` are by device; racks that are filled alike share one."""

    feeding: Feeding
    cords: tuple[tuple[Cord, ...], ...]
    loads: tuple[Load, ...]
    readings: tuple[Reading, ...]

    @property
    def complete(self) -> bool:
        """Whether every cord has an outlet; without PDUs that is another mistake."""
        return self.feeding.pdu is None or not any(
            cord.pdu == NO_PDU for cords in self.cords for cord in cords
        )

    @property
    def promised(self) -> tuple[Load, ...]:
        """What flows in the cases in which all limits hold."""
        return tuple(load for load in self.loads if load.lost in self.feeding.promised)

    def broken(self, kind: Kind) -> Reading | None:
        """Return the fullest reading of a kind that is over its limit."""
        broken = [r for r in self.readings if r.kind == kind and r.broken]
        return max(broken, key=lambda reading: reading.share, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RackCircuit:
    """A rack, what stands in it, and its circuits."""

    rack: RackPlace
    inside: Sequence[Occupant]
    circuit: Circuit

    @property
    def feeding(self) -> Feeding:
        return self.circuit.feeding


Circuits = Mapping[str, RackCircuit]
"""Every rack of the site, by name."""


def lay_out(
    loaded: LoadedSite, racks: Mapping[str, RackPlace], occupants: Sequence[Occupant]
) -> Circuits:
    """Lay out the circuits of all racks."""
    return {one.rack.name: one for one in _circuits(loaded, racks, occupants)}


def connect(feeding: Feeding, inside: Sequence[Occupant]) -> Circuit:
    """Lay out the circuits of one rack."""
    cords = plug(feeding, inside)
    loads = find_loads(feeding, inside, cords)
    return Circuit(
        feeding=feeding, cords=cords, loads=loads, readings=find_readings(feeding, loads)
    )


def _circuits(
    loaded: LoadedSite, racks: Mapping[str, RackPlace], occupants: Sequence[Occupant]
) -> Iterator[RackCircuit]:
    feedings, inside = list_feedings(loaded), by_rack(occupants)
    # Most racks of a large site are filled like others: each way is worked out once.
    known: dict[tuple[object, ...], Circuit] = {}
    for name, rack in racks.items():
        its_own = inside.get(name, ())
        key = (rack.path, *_kinds(its_own))
        if key not in known:
            known[key] = connect(feedings[rack.path], its_own)
        yield RackCircuit(rack=rack, inside=its_own, circuit=known[key])


def _kinds(inside: Sequence[Occupant]) -> Iterator[tuple[object, ...]]:
    for one in inside:
        yield section_of(one), one.late, one.model, id(one.supplies), one.power_watts, one.busbar
