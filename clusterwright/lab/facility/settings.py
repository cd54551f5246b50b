"""How the facility of one lab is run."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from clusterwright.catalogue import Catalogue
from clusterwright.design.plan import Controller
from clusterwright.lab.facility.service import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Folders, logins and times. `credentials` are user name and password by name of the secret."""

    devices: Path
    """Where the devices keep their state."""
    certificates: Path
    """Holds <controller name>.crt and .key."""
    catalogue: Catalogue
    credentials: Mapping[str, tuple[str, str]]
    post_s: float = 1.5
    """How long a server's power-on self test takes, and the transfer of an image."""
    lag_s: float = 2.0
    """How slowly temperatures follow; a real server's would take a minute."""
    pace: float = 1.0
    """By what part of themselves outlets wait, whatever their delays say."""
    expands: bool = True
    """Whether the controllers know $expand."""
    new: bool = False
    """Whether passwords are the factory's, which must be changed first."""
    pushes: bool = False
    """Whether the controllers connect to whoever subscribes to their events."""
    clock_s: Callable[[], float] = time.monotonic

    def service(self, controller: Controller, subject: str, grow: Callable[[], None]) -> Service:
        """Return the service of a controller; its files carry the name of its subject."""
        return Service(
            self.devices,
            subject,
            self.credentials[controller.secret],
            grow,
            expands=self.expands,
            new=self.new,
            pushes=self.pushes,
        )

    def certificate(self, controller: Controller) -> tuple[Path, Path]:
        """Return the certificate that a controller was delivered with, and its key."""
        name = controller.name
        return self.certificates / f"{name}.crt", self.certificates / f"{name}.key"
