"""What every controller remembers of itself: who may log in, its time, its network, its state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account; of its password only a digest is kept."""

    number: str
    username: str
    digest: str
    role: str = "Administrator"
    enabled: bool = True
    must_change: bool = False
    """Whether its password is the factory's, which opens nothing but the change of itself."""

    def has(self, password: str) -> bool:
        """Say whether this is its password."""
        return digest(self.username, password) == self.digest


def digest(username: str, password: str) -> str:
    """Return what is kept of a password."""
    return sha256(f"{username}\0{password}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who wants to hear of events."""

    number: str
    destination: str
    context: str = ""
    event_format: str = "Event"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerMemory:
    """A controller as it leaves the factory, but for its accounts."""

    machine: int = 1
    """Which one of those that have stood at its place."""
    accounts: Mapping[str, Account] = field(default_factory=dict)
    session_timeout_s: int = 1800
    subscriptions: Mapping[str, Subscription] = field(default_factory=dict)
    hostname: str = ""
    ntp_enabled: bool = False
    ntp_servers: tuple[str, ...] = ()
    time_offset_s: float = 0.0
    utc_offset: str = "+00:00"
    address: Mapping[str, str] = field(default_factory=dict)
    """A static address that somebody has set; it is remembered and shown, not moved to."""
    dhcp: bool = False
    vlan: int = 0
    tagged: bool = False
    firmware: Mapping[str, str] = field(default_factory=dict)
    """Versions by component, where they are no longer the factory's."""
    staged: Mapping[str, str] = field(default_factory=dict)
    authorities: Mapping[str, str] = field(default_factory=dict)
    """PEM of the CAs that HTTPS boot trusts, by number."""


def remembered(state: ControllerMemory) -> ControllerMemory:
    """Return the state with what JSON has made of it put right."""
    fixed: dict[str, Any] = {
        "accounts": {n: _typed(Account, value) for n, value in state.accounts.items()},
        "subscriptions": {n: _typed(Subscription, v) for n, v in state.subscriptions.items()},
        "ntp_servers": tuple(state.ntp_servers),
    }
    values = {name: getattr(state, name) for name in ControllerMemory.__dataclass_fields__}
    return ControllerMemory(**{**values, **fixed})


def _typed(kind: type, value: Any) -> Any:
    return kind(**value) if isinstance(value, dict) else value
