"""What a controller is for itself, and how two such states differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from clusterwright.access.controller_network import NetworkState
from clusterwright.access.guard import Difference, shown
from clusterwright.access.vault import Made

OWN, REFUSED, HALF_CHANGED, NOT_OURS = "own", "refused", "half changed", "not in the vault"
SITE = "site"
NETWORK = tuple(f.name for f in fields(NetworkState))


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerState:
    """A controller as it shall be, or is; None is left alone, or not known.

    `password` is "own" where the vault's opens it. `password_days` is its age: at most, where
    desired. `certificate` is "site" where the site's CA has signed it, else who has, and
    `certificate_days` are left until its end: at least, where desired.
    """

    password: str = OWN
    rotation: int = 0
    password_days: int | None = None
    certificate: str = SITE
    certificate_days: int | None = None
    hostname: str | None = None
    dhcp: bool | None = None
    prefix_length: int | None = None
    gateway: str | None = None
    vlan: int | None = None
    ntp_servers: tuple[str, ...] | None = None

    @property
    def network(self) -> NetworkState:
        return NetworkState(**{name: getattr(self, name) for name in NETWORK})


def differences(desired: ControllerState, actual: ControllerState) -> tuple[Difference, ...]:
    """Compare; nothing of it ever has to wait."""
    return tuple(
        Difference(
            path=one.name,
            expected=_bound(one.name) + _shown(getattr(desired, one.name)),
            actual=_shown(getattr(actual, one.name)),
            remedy=_REMEDIES.get(one.name, "run clusterwright up"),
        )
        for one in fields(ControllerState)
        if not _holds(one.name, getattr(desired, one.name), getattr(actual, one.name))
    )


def is_due(desired: ControllerState, made: Made) -> bool:
    """Whether a password that opens the controller must be changed none the less."""
    too_old = desired.password_days is not None and (made.age_days() or 0) > desired.password_days
    return made.rotation < desired.rotation or too_old


def state_of(network: NetworkState, made: Made, **more: Any) -> ControllerState:
    password = HALF_CHANGED if made.half_changed else OWN
    own: Mapping[str, Any] = {name: getattr(network, name) for name in NETWORK}
    known = {
        "password": password,
        "rotation": made.rotation,
        "password_days": made.age_days(),
        **own,
    }
    return ControllerState(**{**known, **more})


def unknown_as(state: ControllerState, desired: ControllerState | None) -> ControllerState:
    """Return the state with what could not be looked at as it was declared."""
    if desired is None:
        return state
    unknown = {name: getattr(desired, name) for name in (*NETWORK, "certificate_days")}
    values = {one.name: getattr(state, one.name) for one in fields(state)}
    return ControllerState(**{**values, **unknown})


def _holds(name: str, desired: Any, actual: Any) -> bool:
    if desired is None:
        return True
    if name == "password_days":
        return actual is None or actual <= desired
    if name in {"certificate_days", "rotation"}:
        return actual is None or actual >= desired
    return bool(desired == actual)


def _bound(name: str) -> str:
    return {"password_days": "at most ", "certificate_days": "at least "}.get(name, "")


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "(not there)"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(value) or "none"
    return shown(value)


_REMEDIES = {
    "certificate": "run clusterwright up: the site's CA signs a new certificate for it",
    "certificate_days": "run clusterwright up: the site's CA signs a new certificate for it",
    "password": "run clusterwright up: its password is changed, and the vault has the new one",
    "rotation": "run clusterwright up: its password is changed, and the vault has the new one",
    "password_days": "run clusterwright up: its password is changed, and the vault has the new one",
}
