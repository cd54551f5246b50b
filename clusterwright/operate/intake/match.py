"""Which place of the plan each item of a manifest is for.

By what the record has already, by a label, by a scanned rack position, by the switch port that a
MAC was seen at; what has none of these is dealt out by its serial number within its model.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clusterwright.model.record import Record
from clusterwright.operate.intake.clues import Clue, Clues, Ports
from clusterwright.operate.intake.item import Complaint, Item
from clusterwright.operate.intake.models import Models
from clusterwright.operate.intake.places import Place, Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An item, the place that it is for, and what says so."""

    item: Item
    place: Place
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What is clear, and what is not."""

    matches: tuple[Match, ...]
    complaints: tuple[Complaint, ...]


@dataclass(slots=True, kw_only=True)
class Matcher:
    """Matches the items of one manifest."""

    places: Places
    models: Models
    record: Record
    ports: Ports = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)

    def match(self, items: Sequence[Item]) -> Matched:
        """Return the place of each item; every item is in `matches` or has a complaint."""
        finder = Clues(
            places=self.places,
            ports=self.ports,
            known={device.serial: name for name, device in self.record.devices.items()},
            labelled=any(item.label in self.places.by_name for item in items),
            complaints=self.complaints,
        )
        found: list[Match] = []
        rest: list[Item] = []
        for item in items:
            before = len(self.complaints)
            clues = list(finder.of(item))
            if len(self.complaints) > before:
                continue
            if not clues:
                rest.append(item)
            elif match := self._agreed(item, clues):
                found.append(match)
        found += self._dealt_out(rest, {match.place.name for match in found})
        return Matched(matches=tuple(found), complaints=tuple(self.complaints))

    def _complain(self, item: Item, sentence: str) -> None:
        self.complaints.append(Complaint(line=item.line, sentence=sentence))

    def _agreed(self, item: Item, clues: Sequence[Clue]) -> Match | None:
        first = clues[0]
        for other in clues[1:]:
            if other.place is not first.place:
                self._complain(item, _disagreement(item, first, other))
                return None
        return self._of_model(item, first) if item.model else _match(item, first)

    def _of_model(self, item: Item, clue: Clue) -> Match | None:
        meant = self.models.meant(item.model)
        if clue.place.model in meant:
            return _match(item, clue)
        if meant:
            self._complain(
                item,
                f"{item.serial} is a {meant[0]}, but {clue.place} is to be a {clue.place.model} "
                f"by {clue.words}: correct the row, or have the right device delivered",
            )
        else:
            self._complain(item, _unknown_model(item, clue.place.model))
        return None

    def _dealt_out(self, items: Iterable[Item], taken: set[str]) -> Iterator[Match]:
        """Give items without a clue the places of their model that are left, serial by serial.

        Those with a rack choose first: the others may stand anywhere.
        """
        free = self._free(taken)
        for item in sorted(items, key=lambda item: (not item.rack, *_by_serial(item))):
            model = self._clear_model(item)
            if model is None:
                continue
            places = free[model, item.rack]
            while places and places[0].name in taken:
                places.popleft()
            if places:
                place = places.popleft()
                taken.add(place.name)
                yield Match(item=item, place=place, by="serial list")
            else:
                where = f" in rack {item.rack}" if item.rack else ""
                self._complain(
                    item,
                    f"{item.serial} is delivered, but not planned: no place for a {model}{where} "
                    "is free: take it out, or add it to the definition",
                )

    def _free(self, taken: set[str]) -> Mapping[tuple[str, str], deque[Place]]:
        """Return the free places of each model, by rack and, without a rack, of the site."""
        free: dict[tuple[str, str], deque[Place]] = defaultdict(deque)
        for place in sorted(self.places.by_name.values(), key=lambda place: place.order):
            if place.name not in taken and place.name not in self.record.devices:
                free[place.model, place.rack].append(place)
                free[place.model, ""].append(place)
        return free

    def _clear_model(self, item: Item) -> str | None:
        meant = self.models.meant(item.model) if item.model else ()
        if len(meant) == 1:
            return meant[0]
        if not item.model:
            self._complain(
                item,
                f"{item.serial} has neither a position nor a model, so nothing says what it is "
                "for: write its rack and unit, or its model",
            )
        elif meant:
            self._complain(
                item,
                f"model {item.model} may be {' or '.join(meant)}: say which: "
                f"--model '{item.model}={meant[0]}'",
            )
        else:
            self._complain(item, _unknown_model(item, "NAME"))
        return None


def _match(item: Item, clue: Clue) -> Match:
    return Match(item=item, place=clue.place, by=clue.by)


def _by_serial(item: Item) -> tuple[int, str]:
    return len(item.serial), item.serial


def _unknown_model(item: Item, model: str) -> str:
    return (
        f"model {item.model} is none that the plan has: say what the plan calls it: "
        f"--model '{item.model}={model}'"
    )


def _disagreement(item: Item, first: Clue, other: Clue) -> str:
    if first.by == "record":
        return (
            f"{item.serial} is {first.place} in the record, but {other.place} by {other.words}: "
            "put it back, correct the row, or, if the row is right, say --correct"
        )
    return (
        f"{item.serial} is {first.place} by {first.words}, but {other.place} by {other.words}: "
        "move the device or its cable, or correct the row"
    )
