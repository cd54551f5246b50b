"""A firmware baseline, and how a device differs from it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from clusterwright.access.activation import ACTIVATIONS, SYSTEM, permitted
from clusterwright.access.guard import Difference, Guard

NOT_THERE = "(no such component)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Firmware of one part; only `version` is of an actual state.

    `image` is where the device fetches it from. `activation` is the least that makes a new image
    run. Components of one `order` are updated together, lower ones first.
    """

    version: str
    image: str = ""
    activation: str = SYSTEM
    order: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareState:
    """Components by the id that the device's inventory has for them.

    `staged` holds versions that wait for their activation; it is empty in a desired state.
    `downgrade` lets an older version replace a newer one.
    """

    components: Mapping[str, Component]
    downgrade: bool = False
    staged: Mapping[str, str] = field(default_factory=dict)


def differences(
    desired: FirmwareState, actual: FirmwareState, guard: Guard | None = None
) -> tuple[Difference, ...]:
    """Compare; what waits for its activation, or for what the guard holds back, is pending."""
    found: list[Difference] = []
    waits_for: list[str] = []
    for group in groups(desired):
        wrong = [
            name for name in group if version_of(actual, name) != desired.components[name].version
        ]
        differing = [_difference(desired, actual, name, guard, waits_for) for name in wrong]
        waits_for += [name for name, one in zip(wrong, differing, strict=True) if one.pending]
        found += differing
    return tuple(found)


def is_older(version: str, than: str) -> bool:
    """Whether one version is before another: numbers count as numbers, what is longer is newer."""
    return _parts(version) < _parts(than)


def impossible(desired: FirmwareState, actual: FirmwareState) -> list[str]:
    """Return everything that cannot be, in words, before anything is changed."""
    problems = []
    for name, component in desired.components.items():
        runs = version_of(actual, name)
        if runs == NOT_THERE:
            problems.append(
                f"firmware of {name}: the device has no such component; correct its name in the "
                f"baseline"
            )
        elif is_older(component.version, runs) and not desired.downgrade:
            problems.append(
                f"firmware of {name}: {component.version} is declared and older than {runs}, which "
                f"runs; declare {runs} or a newer one, or ask for the downgrade"
            )
    return problems


def version_of(state: FirmwareState, name: str) -> str:
    """Return what runs on a component."""
    found = state.components.get(name)
    return found.version if found else NOT_THERE


def groups(desired: FirmwareState) -> list[list[str]]:
    """Return the components that are updated together, in the order of the groups."""

    def key(name: str) -> int:
        return desired.components[name].order

    ordered = sorted(desired.components, key=lambda name: (key(name), name))
    return [list(names) for _, names in groupby(ordered, key)]


def _difference(
    desired: FirmwareState,
    actual: FirmwareState,
    name: str,
    guard: Guard | None,
    waits_for: Collection[str],
) -> Difference:
    component, runs = desired.components[name], version_of(actual, name)
    staged = actual.staged.get(name) == component.version
    held = guard is not None and not permitted(guard, component.activation)
    remedy = "run clusterwright up"
    if waits_for:
        remedy = f"comes after {', '.join(waits_for)}: make that run first"
    elif staged or held:
        remedy = _REMEDIES[component.activation]
    return Difference(
        path=f"components.{name}",
        expected=component.version,
        actual=runs,
        pending=bool(runs != NOT_THERE and (staged or held or waits_for)),
        remedy=remedy,
    )


_DRAIN = "drain the node, or permit {} in maintenance.allow, and run clusterwright up"
_REMEDIES: Mapping[str, str] = dict(
    zip(
        ACTIVATIONS,
        (
            "run clusterwright up",
            _DRAIN.format("reset") + "; one that is off takes it when it is switched on",
            _DRAIN.format("power-cycle") + "; one that is off must be switched on",
            "drain the node and cut the line input of all its power supplies for a moment",
        ),
        strict=True,
    )
)


def _parts(version: str) -> tuple[tuple[int, int, str], ...]:
    found = re.findall(r"\d+|[A-Za-z]+", version)
    return tuple((1, int(p), "") if p.isdigit() else (0, 0, p.lower()) for p in found)
