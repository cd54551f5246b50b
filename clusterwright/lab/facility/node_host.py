"""What hangs on the power of a node: its host, and who is told when the server has started."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from clusterwright.lab.medium import Medium


class Started(Protocol):
    """Told when a server has started; `standby_too` where its standby power had gone, too."""

    def __call__(self, *, standby_too: bool) -> None: ...


class HostPower(Protocol):
    """Whoever boots and stops the host of a node."""

    async def boot(self, name: str) -> bool:
        """Boot the host, and return when its OS runs; False where it has nothing to boot."""

    async def stop(self, name: str, *, graceful: bool) -> None:
        """Stop the host, and return when it is gone; one that does not run is left alone."""

    async def install(self, name: str, medium: Medium) -> None:
        """Run the installer on a medium, and return when what it has made runs."""

    def running(self, name: str) -> bool:
        """Say whether the host's OS runs, or is coming back from a reboot of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What is powered: its host, how long its POST takes, whether enough supplies have input."""

    name: str
    hosts: HostPower
    post_s: float
    enough_supplies: Callable[[], bool]
    started: Started
    trusted: Callable[[], tuple[str, ...]]
    """The CAs that HTTPS boot believes, in PEM."""
    failed: Callable[[str], None]
    """Told why there is no system."""
