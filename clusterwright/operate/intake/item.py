"""One row of a manifest, understood; and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One device as its row describes it. What the row does not say is empty, or None.

    `model` is the vendor's word, `label` a name that somebody has given the device. Addresses are
    by port, `bmc` being the one for management; the password never shows in a representation.
    """

    line: int
    serial: str
    model: str = ""
    label: str = ""
    rack: str = ""
    unit: int | None = None
    macs: Mapping[str, str] = field(default_factory=dict)
    guids: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Complaint:
    """One sentence about a row; line 0 is the manifest as a whole."""

    line: int
    sentence: str

    def about(self, file: str) -> str:
        """Say it as mistakes in a definition are said."""
        return f"{file}:{self.line}: {self.sentence}" if self.line else f"{file}: {self.sentence}"
