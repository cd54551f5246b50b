"""One command on one host over SSH, with the host key that is known of it and no other."""

from dataclasses import dataclass

from clusterwright.access.program import run_program
from clusterwright.site_folder import SiteFolder

_TRY_S = 10.0
_COULD_NOT = 255
"""What OpenSSH exits with when it is not the command that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How it ended; `status` is None where nobody let us in, and `text` then says why."""

    status: int | None
    text: str

    @property
    def known(self) -> bool:
        """Whether the host is who it shall be, and lets us in."""
        return self.status is not None

    @property
    def silent(self) -> bool:
        """Whether nobody answers there at all: no SSH server spoke."""
        signs = ("timed out", "refused", "No route", "unreachable", "closed by", "reset by peer")
        return self.status is None and any(sign in self.text for sign in signs)


async def run_on(
    folder: SiteFolder, address: str, user: str, command: str, *, deadline_s: float = 3 * _TRY_S
) -> Said:
    """Run `command` on the host, and return its standard output."""
    login = ("ssh", *_options(folder), "-l", user, address)
    ended = await run_program((*login, command), deadline_s=deadline_s)
    if ended.status is None:
        return Said(status=None, text="timed out")
    if ended.status == _COULD_NOT:
        return Said(status=None, text=ended.words.strip())
    return Said(status=ended.status, text=ended.output.strip())


def _options(folder: SiteFolder) -> tuple[str, ...]:
    own = ("-F", str(folder.ssh_config)) if folder.ssh_config.is_file() else ()
    settings = (
        "BatchMode=yes",
        "StrictHostKeyChecking=yes",
        f"UserKnownHostsFile={folder.known_hosts}",
        f"ConnectTimeout={_TRY_S:.0f}",
        "ControlPath=none",
    )
    return (*own, *(part for setting in settings for part in ("-o", setting)))
