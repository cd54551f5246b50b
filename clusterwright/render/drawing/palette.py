"""Colours with a meaning: the same thing has the same colour on every sheet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

INK = "#1c2126"
QUIET = "#6a727c"
RULE = "#c3c8ce"
HAIR = "#dfe3e7"
BLANK = "#f4f5f7"
COLD = "#e9f2f8"
HOT = "#faeeea"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """A strong tone for edges and marks, and a pale one for areas that carry text."""

    strong: str
    pale: str


_USES = {
    "training": Colour(strong="#2f5d8c", pale="#dde8f3"),
    "inference": Colour(strong="#3c7d5b", pale="#dfeee6"),
    "fine-tuning": Colour(strong="#7d62a8", pale="#eae4f3"),
    "development": Colour(strong="#b0762f", pale="#f5e9d8"),
    "compute network": Colour(strong="#1b7f79", pale="#d9efec"),
    "storage network": Colour(strong="#86733a", pale="#f1ecdb"),
    "inband network": Colour(strong="#56657a", pale="#e4e8ed"),
    "oob network": Colour(strong="#868c95", pale="#edeef0"),
    "storage": Colour(strong="#9c5a34", pale="#f4e5db"),
    "management": Colour(strong="#454b53", pale="#e6e8ea"),
    "panels": Colour(strong="#868c95", pale="#f2f2ee"),
    "cooling": Colour(strong="#2a8fbd", pale="#d8edf7"),
    "nvlink": Colour(strong="#5c8f1f", pale="#e8f1da"),
    "power": Colour(strong="#8c3f3f", pale="#f2e0e0"),
}
_FURTHER = (
    Colour(strong="#a34a6d", pale="#f4e1e9"),
    Colour(strong="#5f7f2f", pale="#e8efdc"),
    Colour(strong="#4d5fa8", pale="#e2e6f4"),
    Colour(strong="#9a6b9e", pale="#f0e6f1"),
)
_FEEDS = ("#b5473a", "#2f6db3", "#b58a1f", "#4b8b5a", "#7d62a8", "#56657a")

SHARES = (
    (0.5, "up to 50 %", Colour(strong="#a9cfa6", pale="#dcecd9")),
    (0.7, "50 – 70 %", Colour(strong="#86b97f", pale="#bfdcb9")),
    (0.8, "70 – 80 %", Colour(strong="#e9cf6f", pale="#f6e9ba")),
    (0.9, "80 – 90 %", Colour(strong="#e3a24b", pale="#f3cf9c")),
    (1.0, "over 90 %", Colour(strong="#cc6a45", pale="#eaaf98")),
)
"""Shares of a limit: up to how much, in words, in which colour."""


def colour_uses(uses: Iterable[str]) -> Mapping[str, Colour]:
    """Return a colour for each use; those that have none of their own get further ones in order."""
    named = sorted(set(uses))
    strangers = [use for use in named if use not in _USES]
    further = {use: _FURTHER[i % len(_FURTHER)] for i, use in enumerate(strangers)}
    known = [use for use in _USES if use in named]
    return {use: _USES[use] for use in known} | further


def colour_feeds(feeds: Iterable[str]) -> Mapping[str, str]:
    return {feed: _FEEDS[i % len(_FEEDS)] for i, feed in enumerate(sorted(set(feeds)))}


def colour_share(share: float) -> Colour:
    return next((colour for most, _, colour in SHARES if share <= most), SHARES[-1][2])
