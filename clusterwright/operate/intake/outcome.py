"""What a manifest comes to: who is taken in, who is not, who is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from clusterwright.model.record import Record
from clusterwright.operate.intake.conflicts import (
    find_claimed_twice,
    find_doubles,
    find_doubles_inside,
    find_known,
)
from clusterwright.operate.intake.correct import find_in_service
from clusterwright.operate.intake.item import Complaint, Item
from clusterwright.operate.intake.match import Match, Matcher
from clusterwright.operate.intake.models import Models
from clusterwright.operate.intake.parse import Parsed
from clusterwright.operate.intake.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`matches` have no complaint; `to_come` are places that this manifest leaves empty."""

    matches: tuple[Match, ...]
    complaints: tuple[Complaint, ...]
    to_come: tuple[Place, ...]

    @property
    def is_whole(self) -> bool:
        return not self.complaints and not self.to_come


def judge(parsed: Parsed, matcher: Matcher, before: Record) -> Outcome:
    """Match what was parsed, and find everything that is wrong with it.

    `before` is the record as it is; the matcher's may lack devices that are to be moved.
    """
    doubles = (*find_doubles(parsed.items), *find_doubles_inside(parsed.items))
    single = _without(parsed.items, doubles)
    matched = matcher.match(single)
    conflicts = (
        *find_claimed_twice(matched.matches),
        *find_known(matched.matches, matcher.record),
        *find_in_service(matched.matches, before),
    )
    complaints = sorted(chain(parsed.complaints, doubles, matched.complaints, conflicts))
    wrong = {complaint.line for complaint in complaints}
    matches = tuple(match for match in matched.matches if match.item.line not in wrong)
    return Outcome(
        matches=tuple(sorted(matches, key=lambda match: match.place.order)),
        complaints=tuple(complaints),
        to_come=_to_come(parsed.items, matched.matches, {m.place.name for m in matches}, matcher),
    )


def _without(items: Sequence[Item], complaints: Sequence[Complaint]) -> list[Item]:
    wrong = {complaint.line for complaint in complaints}
    return [item for item in items if item.line not in wrong]


def _to_come(
    items: Sequence[Item], matches: Sequence[Match], filled: set[str], matcher: Matcher
) -> tuple[Place, ...]:
    """Return the places that stay empty, of the models and racks that the manifest is about.

    A delivery is rarely the whole site. It is about the racks that its rows name; about all,
    where a row of that model names none.
    """
    there = filled | set(matcher.record.devices)
    racks = _racks_by_model(items, matches, matcher.models)
    return tuple(
        place
        for place in sorted(matcher.places.by_name.values(), key=lambda place: place.order)
        if place.name not in there
        and place.model in racks
        and ("" in racks[place.model] or place.rack in racks[place.model])
    )


def _racks_by_model(
    items: Sequence[Item], matches: Sequence[Match], models: Models
) -> dict[str, set[str]]:
    racks: dict[str, set[str]] = {}
    for match in matches:
        by_list = match.by in {"serial list", "record"} and not match.item.rack
        racks.setdefault(match.place.model, set()).add("" if by_list else match.place.rack)
    for item in items:
        meant = models.meant(item.model) if item.model else ()
        if len(meant) == 1:
            racks.setdefault(meant[0], set()).update({item.rack} - {""})
    return racks
