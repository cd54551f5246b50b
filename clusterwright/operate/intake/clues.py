"""What of a row says where its device belongs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from clusterwright.operate.intake.item import Complaint, Item
from clusterwright.operate.intake.places import Place, Places, SwitchPort

Ports = Mapping[str, SwitchPort]
"""Where each MAC was seen on the out-of-band network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One thing that says where an item belongs, in words."""

    by: str
    words: str
    place: Place


@dataclass(slots=True, kw_only=True)
class Clues:
    """Finds the clues of the rows of one manifest, and complains of those that lead nowhere.

    `known` is where the record has each serial number. `labelled` says whether labels are names of
    the plan; else they are the vendor's own, and mean nothing.
    """

    places: Places
    ports: Ports
    known: Mapping[str, str]
    labelled: bool
    complaints: list[Complaint] = field(default_factory=list)

    def of(self, item: Item) -> Iterator[Clue]:
        """Yield what says where an item belongs; what leads nowhere is a complaint."""
        known = self.places.by_name.get(self.known.get(item.serial, ""))
        if known:
            yield Clue(by="record", words="the record", place=known)
        yield from self._label(item)
        yield from self._position(item)
        yield from self._switch_port(item)

    def _label(self, item: Item) -> Iterator[Clue]:
        if not self.labelled or not item.label:
            return
        place = self.places.by_name.get(item.label)
        if place:
            yield Clue(by="name", words="its name", place=place)
        else:
            self._complain(
                item, f"{item.label} is no name of the plan: correct it, or leave it out"
            )

    def _position(self, item: Item) -> Iterator[Clue]:
        if not item.rack:
            return
        if item.rack not in self.places.racks:
            known = ", ".join(sorted(self.places.racks)[:8])
            self._complain(
                item, f"rack {item.rack} is none of the plan: correct it; there are {known}"
            )
        elif item.unit is not None:
            place = self.places.by_unit.get((item.rack, item.unit))
            if place:
                yield Clue(by="rack position", words="its rack position", place=place)
            else:
                self._complain(
                    item,
                    f"unit {item.unit} of rack {item.rack} is empty in the plan: correct the "
                    "position, or take the device out",
                )

    def _switch_port(self, item: Item) -> Iterator[Clue]:
        seen = ((mac, self.ports[mac]) for mac in item.macs.values() if mac in self.ports)
        for mac, (switch, port) in seen:
            place = self.places.by_port.get((switch, port))
            words = f"port {port} of {switch}, where its MAC was seen"
            if place:
                yield Clue(by="switch port", words=words, place=place)
            else:
                self._complain(
                    item,
                    f"MAC {mac} was seen at port {port} of {switch}, where the plan has no cable: "
                    "move the cable to its port",
                )

    def _complain(self, item: Item, sentence: str) -> None:
        self.complaints.append(Complaint(line=item.line, sentence=sentence))
