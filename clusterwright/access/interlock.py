"""The one gate through which every cut of power and every weakening of coolant goes.

So does what would get hot without coolant: it is not switched on, whoever permits it.

It looks at plain values only, so that whoever cuts cannot argue: a cut is a power cycle for what
hangs on it, and happens only where the guard permits one. Until then it is pending. Where it is
known what survives a cut or a weaker loop, that needs no permission.
"""

from collections.abc import Collection
from dataclasses import dataclass

from clusterwright.access.guard import POWER_CYCLE, Guard

HELD_AUTOMATICALLY = "Automatic"
REMEDY = "drain what depends on it, or add power-cycle to maintenance.allow in the definition"

Cord = tuple[str, int]
"""The PDU and the outlet that a power supply's cord goes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """What hangs on outlets, as the plan has it: it stays up while `needed` cords have power."""

    name: str
    cords: frozenset[Cord]
    needed: int
    powered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumers:
    """Everything that hangs on one PDU. `dark` are the cords, of any PDU, without power now.

    That is what was read, so nobody else may cut until whoever asks here has cut.
    """

    pdu: str
    all: tuple[Consumer, ...]
    dark: frozenset[Cord] = frozenset()

    def losers(self, outlets: Collection[int]) -> tuple[str, ...]:
        """Return who is up, and would not be without these outlets of the PDU."""
        cut = self.dark | {(self.pdu, outlet) for outlet in outlets}
        return tuple(
            one.name
            for one in self.all
            if one.powered and one.cords & cut and len(one.cords - cut) < one.needed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopLimits:
    """What the nodes on a loop bear, as the plan has it; what is None is not known."""

    warmest_c: float | None = None
    least_lpm: float | None = None
    least_kpa: float | None = None
    least_pumps: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolantSource:
    """A CDU that cools a server, and what it gives now. What it does not tell is None.

    `closed` are its valves that keep the coolant from the server; `unknown` says why nothing of
    all this is known.
    """

    loop: str
    cdu: str
    unit: str = "Enabled"
    closed: tuple[str, ...] = ()
    pumps: int | None = None
    """How many work."""
    least_pumps: int | None = None
    flow_lpm: float | None = None
    unknown: str = ""


def why_dry(sources: Collection[CoolantSource]) -> str:
    """Return why no coolant flows to a server; nothing where one of its sources gives some."""
    reasons = [(one, _why_dry(one)) for one in sources]
    if not all(reason for _, reason in reasons):
        return ""
    return "; ".join(f"loop {one.loop}: {one.cdu}: {reason}" for one, reason in reasons)


def _why_dry(source: CoolantSource) -> str:
    if source.unknown:
        return f"nobody can tell whether it flows ({source.unknown})"
    reasons = [f"valve {name} is Closed" for name in source.closed]
    if source.unit != "Enabled":
        reasons.append(f"the CDU is {source.unit}")
    least = 1 if source.least_pumps is None else source.least_pumps
    if source.pumps is not None and source.pumps < least:
        reasons.append(f"{source.pumps} of its pumps work, and it needs {least}")
    if source.flow_lpm is not None and source.flow_lpm <= 0:
        reasons.append("its flow is 0 l/min")
    return ", ".join(reasons)


def cuts_power(*, desired: str, actual: str) -> bool:
    """Whether going from one power state to the other takes power away."""
    return desired not in {"On", actual}


def warms(*, desired_c: float, actual_c: float, warmest_c: float | None = None) -> bool:
    """Whether a supply is warmer than the present one and than what is known to be borne."""
    return desired_c > actual_c and (warmest_c is None or desired_c > warmest_c)


def slows(*, desired: float, actual: float, least: float | None = None) -> bool:
    """Whether less coolant moves than at present, and than what is known to be enough."""
    return desired < actual and (least is None or desired < least)


def stops(*, desired: str, actual: str) -> bool:
    """Whether a unit or a valve takes away the coolant that it now gives."""
    return desired in {"Disabled", "Closed"} and actual != desired


def disarms(*, desired: str, actual: str) -> bool:
    """Whether a device would not react to a leak any more."""
    return desired == "None" and actual != desired


def lets_go(*, desired: str, actual: str) -> bool:
    """Whether a control mode gives up what the CDU now holds by itself."""
    return actual == HELD_AUTOMATICALLY and desired != actual


def holds(guard: Guard | None) -> bool:
    """Whether cuts and weakenings must wait: what depends on the device is in service."""
    return guard is not None and not guard.permits(POWER_CYCLE)


def held_cuts(
    guard: Guard | None,
    consumers: Consumers | None,
    *,
    cuts: Collection[int],
    off: Collection[int],
) -> dict[int, str]:
    """Return which outlets must not be cut now, and why; `off` are those that are cut already.

    Cuts add up: of two outlets whose loss something survives only one by one, the second is held.
    """
    if not holds(guard):
        return {}
    if consumers is None:
        return dict.fromkeys(cuts, REMEDY)
    held, gone = {}, set(off)
    for outlet in sorted(cuts):
        if losers := consumers.losers(gone | {outlet}):
            held[outlet] = f"{', '.join(losers)} would lose power: {REMEDY}"
        else:
            gone.add(outlet)
    return held
