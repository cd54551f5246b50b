"""Gates that a rack has passed, by the record: what a run with `--from` need not look at again.

A pass counts for the devices that stood in the rack then. A gate that holds the rack up takes its
own pass away, and those of all gates after it.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256

from clusterwright.model.record import PassedGate
from clusterwright.operate.rack.gate import Gate
from clusterwright.operate.rack.outcome import GateOutcome
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import HELD_UP, Check, Verdict, failed, passed, unproven

Passed = Mapping[str, PassedGate]
"""By the name of the gate."""
BEFORE = "the rack has passed this step, by the record"


def from_record(rack: LiveRack, gate: Gate) -> GateOutcome:
    """Return what the record says of a gate that this run does not look at."""
    return GateOutcome(
        step=gate.step,
        name=gate.name,
        title=gate.title,
        checks=(_check(rack, gate),),
        acted=False,
        seconds=0.0,
    )


def after(rack: LiveRack, gates: Iterable[Gate], looked: GateOutcome) -> Passed:
    """Return what the record shall say of a rack once this one of all gates has been looked at."""
    known = rack.passed_gates
    if looked.verdict in HELD_UP:
        before = {one.name for one in gates if one.step < looked.step}
        return {name: one for name, one in known.items() if name in before}
    devices, now = devices_of(rack), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    doubtful = sum(one.verdict is Verdict.NOT_PROVEN for one in looked.checks)
    there = known.get(looked.name)
    if there and (there.devices, there.not_proven) == (devices, doubtful):
        return known
    return {**known, looked.name: PassedGate(at=now, devices=devices, not_proven=doubtful)}


def devices_of(rack: LiveRack) -> str:
    """Return a word that changes with every device that comes, goes or is exchanged."""
    serials = rack.site.serials
    names = sorted(
        {
            *(node.name for node in rack.nodes),
            *(host.name for host in rack.management_hosts),
            *(pdu.name for pdu in rack.pdus),
            *(shelf.name for shelf in rack.shelves),
            *(switch.name for switch in rack.switches),
            *(loop.cdu for loop in rack.loops),
        }
    )
    text = "\n".join(f"{name} {serials.get(name, '')}" for name in names)
    return sha256(text.encode()).hexdigest()[:16]


def _check(rack: LiveRack, gate: Gate) -> Check:
    found = rack.passed_gates.get(gate.name)
    begin = f"begin with --from {gate.name}, or leave --from out: what is done is only looked at"
    if found is None:
        return failed(rack.name, BEFORE, f"the record knows no pass of {gate.name}", begin)
    if found.devices != devices_of(rack):
        what = f"passed at {found.at}, but other devices stand in the rack since"
        return failed(rack.name, BEFORE, what, begin)
    if found.not_proven:
        count = f"{found.not_proven} of its checks were not proven"
        return unproven(rack.name, BEFORE, f"passed at {found.at}, when {count}")
    return passed(rack.name, BEFORE, f"passed at {found.at}, and not looked at in this run")
