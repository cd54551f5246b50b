"""What a person has measured or seen at a rack, and vouches for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from clusterwright.design.cooling.commissioning import (
    CoolantGate,
    Verdict,
    judge,
    list_gates,
    number_of,
)
from clusterwright.errors import OperationError, UsageError
from clusterwright.load import LoadedSite
from clusterwright.model.record import Record, SignOff
from clusterwright.record_file import change_record

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What stands in the record now, and what it proves."""

    gate: CoolantGate
    sign_off: SignOff
    verdict: Verdict


def utc_now() -> datetime:
    return datetime.now(UTC)


def sign_off(  # noqa: PLR0913 - who, what, where and when
    file: Path, loaded: LoadedSite, *, rack: str, gate: str, by: str, value: str, clock: Clock
) -> Signed:
    """Write into the record that a gate of a rack is passed.

    Raises:
        UsageError: there is no such rack or gate, or the value is none of its kind.
        OperationError: the value is outside its limits.
    """
    found = _gate(loaded, rack, gate)
    text = value.strip()
    _check_form(found, rack, text)
    if not by.strip():
        raise UsageError("--by: is empty, but somebody must vouch for it: give a name")
    verdict = judge(found, text)
    if verdict.outcome == "fail":
        raise OperationError(
            f"rack {rack}: {gate} is {text}, but {verdict.reason}: nothing is signed off; mend it, "
            "measure again, and sign off then"
        )
    moment = clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    signed = SignOff(value=text, by=by.strip(), at=moment)
    change_record(file, lambda record: _with(record, rack, gate, signed))
    return Signed(gate=found, sign_off=signed, verdict=verdict)


def _gate(loaded: LoadedSite, rack: str, gate: str) -> CoolantGate:
    racks = loaded.site.facility.rack_names
    if rack not in racks:
        raise UsageError(f"rack {rack}: the site has none of that name; it has {', '.join(racks)}")
    gates = {one.name: one for one in list_gates(loaded, rack)}
    if not gates:
        raise UsageError(
            f"rack {rack}: no loop of coolant reaches it, so there is nothing to sign off"
        )
    if gate not in gates:
        raise UsageError(
            f"gate {gate}: is none that a person signs off; choose one of {', '.join(gates)}"
        )
    return next(one for name, one in gates.items() if name == gate)


def _check_form(gate: CoolantGate, rack: str, value: str) -> None:
    if not gate.measured and value.lower() not in {"yes", "no"}:
        raise UsageError(f"rack {rack}: {gate.name} is {value}, but it is seen: write yes or no")
    if gate.measured and number_of(gate, value) is None:
        unit = f" of {gate.unit}" if gate.unit else ""
        raise UsageError(
            f"rack {rack}: {gate.name} is {value}, which is no number{unit}: write what was "
            "measured"
        )


def _with(record: Record, rack: str, gate: str, signed: SignOff) -> Record:
    gates = {**record.sign_offs.get(rack, {}), gate: signed}
    return record.model_copy(update={"sign_offs": {**record.sign_offs, rack: gates}})
