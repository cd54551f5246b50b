"""What a person has measured or seen at a rack, and vouches for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from clusterwright.design.plan import Coolant, SitePlan
from clusterwright.errors import OperationError, UsageError
from clusterwright.model.record import Record, SignOff
from clusterwright.operate.rack.gates.coolant_limits import ITEMS, REPORTED, Item
from clusterwright.operate.rack.verdict import Check, Verdict
from clusterwright.record_file import change_record

Clock = Callable[[], datetime]
DONE = "done"
_FIGURE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_SEEN = (
    Item(
        name="leak-reaction",
        sentence="a wet leak detector has been seen to make its device react",
        how="wet a detector while its servers are idle",
    ),
)
"""What no request can show: somebody has to vouch for it."""
GATES = {item.name: item for item in (*ITEMS, *REPORTED, *_SEEN)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What stands in the record now, and what it proves."""

    sign_off: SignOff
    check: Check


def utc_now() -> datetime:
    return datetime.now(UTC)


def sign_off(  # noqa: PLR0913 - who, what, where and when
    file: Path, plan: SitePlan, *, rack: str, gate: str, by: str, value: str, clock: Clock
) -> Signed:
    """Write into the record what somebody vouches for.

    Raises:
        UsageError: there is no such rack or gate, or the value is none of its kind.
        OperationError: the value is outside its limits.
    """
    coolant, item = _coolant(plan, rack), _item(gate)
    if not by.strip():
        raise UsageError("--by: is empty, but somebody must vouch for it: give a name")
    moment = clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    signed = SignOff(value=_value(item, rack, value), by=by.strip(), at=moment)
    check = item.check(plan.site, rack, rack, signed, coolant)
    if check.verdict is Verdict.FAIL:
        raise OperationError(f"rack {rack}: {gate}: {check.found}: {check.remedy}")
    change_record(file, lambda record: _with(record, rack, gate, signed))
    return Signed(sign_off=signed, check=check)


def _coolant(plan: SitePlan, rack: str) -> Coolant:
    racks = [one.name for one in plan.racks]
    if rack not in racks:
        raise UsageError(f"rack {rack}: the site has none of that name; it has {', '.join(racks)}")
    circuits = {loop.circuit for loop in plan.loops if rack in loop.racks}
    found = next((one for one in plan.coolants if one.circuit in circuits), None)
    if found is None:
        raise UsageError(
            f"rack {rack}: no loop of coolant reaches it, so there is nothing to sign off"
        )
    return found


def _item(gate: str) -> Item:
    if gate not in GATES:
        raise UsageError(
            f"gate {gate}: is none that a person signs off; choose one of {', '.join(GATES)}"
        )
    return GATES[gate]


def _value(item: Item, rack: str, given: str) -> str:
    """Return a figure without its unit; of what has no limits, that it is done, or a reading."""
    text = given.strip()
    if not item.unit:
        if text.lower() in {DONE, "yes"}:
            return DONE
        if text[:1].isdigit():
            return text
        raise UsageError(
            f"rack {rack}: {item.name} is {text}, but it is signed off only when it is so: "
            f"write {DONE}, or what was read"
        )
    figure = text.removesuffix(item.unit).strip().replace(",", ".")
    if not _FIGURE.fullmatch(figure):
        raise UsageError(
            f"rack {rack}: {item.name} is {text}, which is no number of {item.unit}: write what "
            "was measured"
        )
    return figure.rstrip("0").rstrip(".") if "." in figure else figure


def _with(record: Record, rack: str, gate: str, signed: SignOff) -> Record:
    gates = {**record.sign_offs.get(rack, {}), gate: signed}
    return record.model_copy(update={"sign_offs": {**record.sign_offs, rack: gates}})
