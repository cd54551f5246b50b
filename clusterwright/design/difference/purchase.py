"""The difference between two bills: what is taken out is used again before anything is bought."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from clusterwright.design.difference.device import list_devices
from clusterwright.design.plan import SitePlan

Part = tuple[str, str]
"""Kind and model; of a cable, its length is part of the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One part and how many more of it are needed; fewer than before where negative."""

    kind: str
    model: str
    was: int
    becomes: int

    @property
    def count(self) -> int:
        return self.becomes - self.was


def compare_bills(old: SitePlan, new: SitePlan) -> tuple[Purchase, ...]:
    """Return every part of which there will be more or fewer."""
    before, after = Counter(_parts(old)), Counter(_parts(new))
    return tuple(
        Purchase(kind=kind, model=model, was=before[kind, model], becomes=after[kind, model])
        for kind, model in sorted({*before, *after})
        if before[kind, model] != after[kind, model]
    )


def _parts(plan: SitePlan) -> Iterator[Part]:
    yield from ((device.kind, device.model) for device in list_devices(plan))
    yield from (("cable", f"{link.cable}, {link.length_m:g} m") for link in plan.links)
