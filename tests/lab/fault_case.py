"""A fault as it is met end to end, and what each command says of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.lab.disturbances import Change
from tests.lab.operator import DRIFT, UP, VERIFY


@dataclass(frozen=True, kw_only=True)
class Case:
    """A fault, and for each command that sees it the exit code and what it says.

    A command that is not in `seen` ends with 0 and names nobody. `before` and `after` are what
    happens just before or after the fault begins. `suffers` are resources that may be named, too.
    """

    fault: str
    subject: str
    seen: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    before: Change | None = None
    after: Change | None = None
    suffers: str = "(?!)"
    holds_up: frozenset[str] = frozenset()
    """What `up` does not touch because of it, among others that depend on its subject."""

    waits: str = ""
    """What `up` says while it waits for longer than an operator does without a word."""

    def bears(self, name: str) -> bool:
        """Whether a name is that of the subject, of a part of it, or of what suffers with it."""
        own = re.match(rf"{self.subject}(-|$)", name)
        return bool(own or re.fullmatch(self.suffers, name))


def silent(sentence: str, at_first_contact: str = "") -> dict[str, tuple[int, str]]:
    """What is said of a controller that does not answer as it should."""
    return {
        VERIFY: (3, sentence),
        DRIFT: (3, sentence),
        UP: (1, at_first_contact or sentence),
    }


def stranger(sentence: str, at_first_contact: str) -> dict[str, tuple[int, str]]:
    """What is said of a controller to which no password is sent."""
    return {VERIFY: (1, sentence), DRIFT: (7, sentence), UP: (1, at_first_contact)}
