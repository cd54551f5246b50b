"""What an installation needs beside the controller of its host."""

from collections.abc import Callable
from dataclasses import dataclass, field

from clusterwright.access.boot_service import BootService
from clusterwright.access.coolant_flow import Coolant
from clusterwright.access.os_install.attempt import Attempts
from clusterwright.access.vault import Vault
from clusterwright.site_folder import SiteFolder

DEADLINE_S = 3600.0
Hear = Callable[[str], None]


def unheard(_: str) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What an installation needs beside its controller.

    `tell` hears how far it has come, `say` what should be read afterwards as well.
    """

    folder: SiteFolder
    service: BootService
    vault: Vault = field(repr=False)
    attempts: Attempts
    tell: Hear = unheard
    say: Hear = unheard
    coolant: Coolant | None = None
    deadline_s: float = DEADLINE_S
