"""What a vendor calls a model, and what the catalogue does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clusterwright.design.plan import SitePlan
from clusterwright.errors import UsageError
from clusterwright.operate.intake.columns import plain
from clusterwright.operate.intake.places import Places

_SHORTEST = 4
"""Letters and digits that a vendor's word must have to be looked for inside a title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Finds the model that is meant among those of the plan."""

    words: Mapping[str, str]
    """Of each name, title and part number, written plainly, the model."""
    chosen: Mapping[str, str]
    """What the operator has said, by the vendor's word, written plainly."""

    def meant(self, text: str) -> tuple[str, ...]:
        """Return the models that `text` may mean: one if it is clear, none if it is unknown."""
        word = plain(text)
        if exact := self.chosen.get(word) or self.words.get(word):
            return (exact,)
        inside = [known for known in self.words if known in word]
        if inside:
            longest = max(map(len, inside))
            return tuple(sorted({self.words[w] for w in inside if len(w) == longest}))
        if len(word) < _SHORTEST:
            return ()
        return tuple(sorted({self.words[known] for known in self.words if word in known}))


def list_models(plan: SitePlan, places: Places, chosen: Mapping[str, str]) -> Models:
    """Return the models of all places; `chosen` are vendors' words and what they mean.

    Raises:
        UsageError: a word is said to mean a model that the plan has not.
    """
    used = {place.model for place in places.by_name.values()}
    for word, model in chosen.items():
        if model not in used:
            raise UsageError(
                f"model {word}={model}: the plan has no {model}; it has {', '.join(sorted(used))}"
            )
    words = {plain(word): model for word, model in _words(plan, used)}
    return Models(
        words={word: model for word, model in words.items() if word},
        chosen={plain(word): model for word, model in chosen.items()},
    )


def _words(plan: SitePlan, used: set[str]) -> Iterator[tuple[str, str]]:
    for known in plan.models:
        if known.name in used:
            yield known.title, known.name
            yield known.part_number, known.name
    yield from ((name, name) for name in sorted(used))
