"""What somebody must have done or measured before coolant may flow, and its limits."""

from collections.abc import Callable
from dataclasses import dataclass

from clusterwright.design.plan import Coolant
from clusterwright.model.record import SignOff
from clusterwright.operate.rack.verdict import Check, failed, passed, unproven, waits

Limits = tuple[float | None, float | None]
"""The least and the most; None where there is none, or nobody knows."""


def _nothing(_: Coolant) -> Limits:
    return None, None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to sign off, under its `name`; with a `unit`, it is a figure with limits.

    `of_loop` means that it holds for the whole loop, and not for one rack's part of it.
    """

    name: str
    sentence: str
    how: str
    unit: str = ""
    limits: Callable[[Coolant], Limits] = _nothing
    of_loop: bool = False

    def check(
        self,
        site: str,
        rack: str,
        subject: str,
        signed: SignOff | None,
        limits: Coolant | None,
    ) -> Check:
        """Judge what was signed off."""
        if signed is None:
            value = "VALUE" if self.unit else "done"
            return waits(
                subject,
                self.sentence,
                "nobody has signed it off",
                f"{self.how}; then run clusterwright sign-off {site} {rack} {self.name} "
                f"--by NAME --value {value}",
            )
        read = f"{signed.value} {self.unit}".strip() + f", signed off by {signed.by} ({signed.at})"
        if not self.unit:
            return passed(subject, self.sentence, read)
        try:
            figure = float(signed.value.split()[0].replace(",", "."))
        except (ValueError, IndexError):
            return failed(
                subject, self.sentence, f"{read}: that is no figure", "sign it off as a number"
            )
        return judged(subject, self, figure, limits, read)


def judged(subject: str, item: Item, figure: float, limits: Coolant | None, read: str) -> Check:
    """Compare a figure with the catalogue's limits of the coolant."""
    least, most = item.limits(limits) if limits else (None, None)
    if least is None and most is None:
        model = limits.model if limits else "coolant"
        return unproven(subject, item.sentence, f"{read}; the catalogue has no limit for {model}")
    allowed = _words(least, most)
    if (least is not None and figure < least) or (most is not None and figure > most):
        return failed(
            subject,
            item.sentence,
            f"{read}, but {allowed} {item.unit} is allowed",
            f"correct the coolant, measure again, and sign {item.name} off anew",
        )
    return passed(subject, item.sentence, f"{read}; {allowed} {item.unit} is allowed".strip())


def _words(least: float | None, most: float | None) -> str:
    if least is None:
        return f"at most {most:g}"
    return f"at least {least:g}" if most is None else f"{least:g} to {most:g}"


ITEMS = (
    Item(
        name="flushed",
        sentence="its pipes and hoses are flushed",
        how="flush until the rinse filter stays clean",
    ),
    Item(name="bled", sentence="the air is out of its part of the loop", how="bleed at the top"),
    Item(
        name="pressure-held",
        sentence="it has held its test pressure",
        how="close the rack's valves under test pressure, and read the gauge again after the time "
        "that the maker asks for",
    ),
    Item(
        name="ph",
        sentence="the coolant's pH is within its limits",
        how="measure a sample",
        unit="pH",
        limits=lambda coolant: (coolant.ph_min, coolant.ph_max),
        of_loop=True,
    ),
    Item(
        name="conductivity",
        sentence="the coolant's conductivity is within its limit",
        how="measure a sample",
        unit="µS/cm",
        limits=lambda coolant: (None, coolant.conductivity_us_per_cm_max),
        of_loop=True,
    ),
    Item(
        name="glycol",
        sentence="the coolant's share of glycol is within its limits",
        how="measure a sample with a refractometer",
        unit="%",
        limits=lambda coolant: (coolant.additive_percent_min, coolant.additive_percent_max),
        of_loop=True,
    ),
)

REPORTED = (
    Item(name="filled", sentence="the loop is filled", how="look at the CDU's level"),
    Item(name="filter-clean", sentence="the filters are clean", how="look at them after the flush"),
)
"""What most CDUs report; of one that does not, somebody vouches for it."""
