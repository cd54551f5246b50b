"""How much each outlet, branch, phase and PDU of a rack carries, against what it may."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from clusterwright.catalogue.entry import RATED_AMPS
from clusterwright.design.power.currents import LINES, line_amps
from clusterwright.design.power.feeding import Feeding
from clusterwright.design.power.loads import Load
from clusterwright.design.power.plugging import branch_of

Kind = Literal["outlet", "branch", "phase", "input"]
SLACK = 1 + 1e-9
"""Sums of shares of watts are not exact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The fullest outlet, branch or phase of a PDU, or its input, with feed `lost` gone."""

    kind: Kind
    pdu: int
    part: str
    lost: str
    used: float
    allowed: float
    breaker_amps: float = 0.0

    @property
    def share(self) -> float:
        return self.used / self.allowed

    @property
    def broken(self) -> bool:
        return self.used > self.allowed * SLACK


def find_readings(feeding: Feeding, loads: Sequence[Load]) -> tuple[Reading, ...]:
    """Return the worst case of each limit of each PDU; a limit without a figure has no reading."""
    worst: dict[tuple[int, Kind], Reading] = {}
    for load in loads:
        if load.lost not in feeding.promised:
            continue
        for reading in _readings(feeding, load):
            at = reading.pdu, reading.kind
            if at not in worst or reading.share > worst[at].share * SLACK:
                worst[at] = reading
    return tuple(worst[at] for at in sorted(worst))


def knows_phases(feeding: Feeding) -> bool:
    """Say whether it is known which outlets hang on which phase of its PDUs."""
    if feeding.pdu is None:
        return True
    return feeding.pdu.phases == 1 or (
        bool(feeding.banks) and all(bank.phase for bank in feeding.banks)
    )


def _readings(feeding: Feeding, load: Load) -> Iterator[Reading]:
    pdu = feeding.pdu
    if pdu is None:
        return
    for ordinal in range(len(feeding.pdu_feeds)):
        banks = {bank: watts for (its, bank), watts in load.banks.items() if its == ordinal}
        va = sum(banks.values()) / feeding.power_factor
        if feeding.limit_va:
            yield Reading(
                kind="input",
                pdu=ordinal,
                part="",
                lost=load.lost,
                used=va,
                allowed=feeding.limit_va,
            )
        if pdu.outlet_volts and feeding.banks:
            volts = pdu.outlet_volts * feeding.power_factor
            amps = {bank: watts / volts for bank, watts in banks.items()}
            yield from _outlets(feeding, load, ordinal, volts)
            yield from _branches(feeding, load.lost, ordinal, amps)
            yield from _phases(feeding, load.lost, ordinal, amps)


def _outlets(feeding: Feeding, load: Load, pdu: int, volts: float) -> Iterator[Reading]:
    for bank, known in enumerate(feeding.banks):
        if (pdu, bank) in load.sockets:
            yield Reading(
                kind="outlet",
                pdu=pdu,
                part=known.type,
                lost=load.lost,
                used=load.sockets[pdu, bank] / volts,
                allowed=RATED_AMPS[known.type],
            )


def _branches(
    feeding: Feeding, lost: str, pdu: int, amps: Mapping[int, float]
) -> Iterator[Reading]:
    by_branch: dict[str, dict[str, float]] = {}
    for bank, its_amps in amps.items():
        phases = by_branch.setdefault(branch_of(feeding, bank), {})
        phase = feeding.banks[bank].phase or "L1"
        phases[phase] = phases.get(phase, 0.0) + its_amps
    breakers = {branch_of(feeding, i): bank.breaker_amps for i, bank in enumerate(feeding.banks)}
    for branch, phases in by_branch.items():
        breaker = breakers[branch]
        if breaker:
            alone = len(phases) == 1
            yield Reading(
                kind="branch",
                pdu=pdu,
                part=branch,
                lost=lost,
                used=sum(phases.values()) if alone else max(line_amps(phases).values()),
                allowed=breaker * feeding.continuous_load,
                breaker_amps=breaker,
            )


def _phases(feeding: Feeding, lost: str, pdu: int, amps: Mapping[int, float]) -> Iterator[Reading]:
    if feeding.pdu is None or feeding.pdu.phases != 3 or not knows_phases(feeding):
        return
    by_phase: dict[str, float] = {}
    for bank, its_amps in amps.items():
        phase = feeding.banks[bank].phase or ""
        by_phase[phase] = by_phase.get(phase, 0.0) + its_amps
    lines, allowed = line_amps(by_phase), feeding.line_amps
    if allowed:
        line = max(LINES, key=lambda name: lines[name])
        yield Reading(
            kind="phase", pdu=pdu, part=line, lost=lost, used=lines[line], allowed=allowed
        )
