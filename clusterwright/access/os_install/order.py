"""What one host shall be installed with."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An image, an answer file with gaps for secrets, and the boot menu that leads to it.

    `digest` changes with what is installed; `again` is the word that asks for it once more.
    """

    host: str
    address: str
    user: str
    method: str
    image: Path
    sha256: str
    answer_name: str
    answer: str = field(repr=False)
    boot_menu: str = field(repr=False)
    digest: str
    again: str = ""
