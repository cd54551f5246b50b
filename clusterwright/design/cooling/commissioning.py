"""What must be true of a coolant circuit before it may cool a rack."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from clusterwright.load import LoadedSite

GateName = Literal[
    "flushed",
    "filled",
    "bled",
    "pressure-held",
    "filter-clean",
    "conductivity",
    "ph",
    "glycol",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolantGate:
    """One thing to see (`unit` is empty: yes or no) or to measure; `check` is true if it is well.

    `low` and `high` are the limits of a measured value; both are None where nobody knows any.
    """

    name: GateName
    check: str
    unit: str = ""
    measured: bool = False
    low: float | None = None
    high: float | None = None

    @property
    def is_limited(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def limits(self) -> str:
        """Write the limits with their unit."""
        unit = f" {self.unit}" if self.unit else ""
        if self.low is not None and self.high is not None:
            return f"{self.low:g}–{self.high:g}{unit}"
        if self.low is not None:
            return f"at least {self.low:g}{unit}"
        return f"at most {self.high:g}{unit}" if self.high is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a value passes a gate, and why, in words."""

    outcome: Literal["pass", "fail", "not proven"]
    reason: str


def list_gates(loaded: LoadedSite, rack: str) -> tuple[CoolantGate, ...]:
    """Return the gates of the circuits that reach a rack, in their order; none where none does."""
    found: dict[str, CoolantGate] = {}
    for loop in loaded.site.facility.cooling.loops:
        if rack not in loop.racks:
            continue
        coolant = loaded.catalogue.coolants[loop.coolant].quality
        holds = (loaded.catalogue.cdus[cdu.model].hold_pressure_kpa for cdu in loop.cdus)
        limits: Mapping[str, tuple[float | None, float | None]] = {
            "pressure-held": (max((one for one in holds if one), default=None), None),
            "conductivity": (None, coolant.conductivity_max_us_per_cm),
            "ph": coolant.ph or (None, None),
            "glycol": coolant.glycol_percent or (None, None),
        }
        for gate in _gates(limits):
            found.setdefault(gate.name, gate)
    return tuple(found.values())


def judge(gate: CoolantGate, value: str) -> Verdict:
    """Say whether what a person has seen or measured passes a gate."""
    if not gate.measured:
        well = value.lower() in {"yes", "true"}
        return Verdict(outcome="pass" if well else "fail", reason=gate.check)
    number = number_of(gate, value)
    if number is None:
        return Verdict(outcome="fail", reason=f"{value} is no number of {gate.unit or gate.name}")
    if not gate.is_limited:
        return Verdict(
            outcome="not proven", reason=f"no limit of {gate.check} is known: the value is kept"
        )
    inside = (gate.low is None or number >= gate.low) and (gate.high is None or number <= gate.high)
    return Verdict(
        outcome="pass" if inside else "fail", reason=f"{gate.check} must be {gate.limits}"
    )


def number_of(gate: CoolantGate, value: str) -> float | None:
    """Return a measured value, with or without its unit; None where it is no number."""
    try:
        number = float(value.removesuffix(gate.unit).strip())
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None


def _gates(
    limits: Mapping[str, tuple[float | None, float | None]],
) -> Iterator[CoolantGate]:
    yield CoolantGate(name="flushed", check="the circuit is flushed until it runs clear")
    yield CoolantGate(name="filled", check="the circuit is filled")
    yield CoolantGate(name="bled", check="no air is left in it")
    yield CoolantGate(name="filter-clean", check="its filters are clean after the flush")
    measured: tuple[tuple[GateName, str, str], ...] = (
        ("pressure-held", "the pressure that it held", "kPa"),
        ("conductivity", "the coolant's conductivity", "µS/cm"),
        ("ph", "the coolant's pH", ""),
        ("glycol", "the share of glycol", "%"),
    )
    for name, check, unit in measured:
        low, high = limits[name]
        yield CoolantGate(name=name, check=check, unit=unit, measured=True, low=low, high=high)
