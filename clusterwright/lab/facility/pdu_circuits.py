"""Mains and branches of a rack PDU, with their breakers and what is measured at them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from clusterwright.design.plan import OutletBank
from clusterwright.design.plan import Pdu as PlannedPdu
from clusterwright.lab.facility.checks import one_of
from clusterwright.lab.facility.fragments import link, status
from clusterwright.lab.facility.pdu_alarms import threshold_of, writable_of
from clusterwright.lab.facility.sensors import Threshold, add_sensor
from clusterwright.lab.facility.tree import Action, Body, Reply

if TYPE_CHECKING:
    from clusterwright.lab.facility.pdu import Pdu

OUTLETS_PER_BRANCH = 8
"""Where the plan does not know the branches."""


def bank_of(pdu: PlannedPdu, outlet: int) -> OutletBank | None:
    """Return what the plan knows of an outlet."""
    return next((b for b in pdu.banks if b.first <= outlet < b.first + b.count), None)


def branches(pdu: PlannedPdu) -> Mapping[str, list[int]]:
    """Return the outlets of each branch: as planned, else eight by eight."""
    found: dict[str, list[int]] = {}
    for outlet in range(1, pdu.outlet_count + 1):
        found.setdefault(branch(pdu, outlet), []).append(outlet)
    return found


def branch(pdu: PlannedPdu, outlet: int) -> str:
    """Return the name of an outlet's branch."""
    bank = bank_of(pdu, outlet)
    if bank and bank.branch:
        return bank.branch
    return chr(ord("A") + (outlet - 1) // OUTLETS_PER_BRANCH)


def nominal_voltage(pdu: PlannedPdu) -> str:
    """Return the volts of the outlets in Redfish's words."""
    return f"AC{pdu.outlet_volts}V" if pdu.outlet_volts in {120, 208, 230, 240} else "AC230V"


def add_circuits(pdu: "Pdu", path: str, chassis: str) -> None:
    """Place the mains, and a branch for every eight outlets."""
    pdu.tree.add_collection(f"{path}/Mains", "Circuit", "Mains")
    _add_circuit(pdu, f"{path}/Mains/1", chassis, "Mains", pdu.outlets)
    pdu.tree.add_collection(f"{path}/Branches", "Circuit", "Branches")
    for name, outlets in branches(pdu.pdu).items():
        members = {"Outlets": [link(f"{path}/Outlets/{outlet}") for outlet in outlets]}
        own = f"{path}/Branches/{name}"
        _add_circuit(pdu, own, chassis, "Branch", outlets, Links=members)


def _add_circuit(
    pdu: "Pdu", path: str, chassis: str, kind: str, outlets: Sequence[int], **more: object
) -> None:
    name = path.rpartition("/")[2]
    readings = _readings(pdu, chassis, f"{kind}{name}", outlets, mains=kind == "Mains")
    actions = pdu.tree.add_action(path, _breaker(pdu))
    constant = {
        "@odata.type": "#Circuit.v1_9_0.Circuit",
        "Id": name,
        "Name": f"{kind} {name}",
        "CircuitType": kind,
        "NominalVoltage": nominal_voltage(pdu.pdu),
        **({"RatedCurrentAmps": pdu.rated_amps} if kind == "Mains" and pdu.rated_amps else {}),
        **more,
        "Actions": actions,
    }

    def shown() -> Body:
        tripped = pdu.memory.state.tripped
        live = pdu.feed_live and not tripped
        return {
            **constant,
            "BreakerState": "Tripped" if tripped else "Normal",
            "PowerState": "On" if live else "Off",
            "PowerEnabled": live,
            "Status": status("OK" if live else "Critical"),
            **{key: read() for key, read in readings.items()},
        }

    pdu.tree.add(path, shown)


def _breaker(pdu: "Pdu") -> Action:
    async def run(body: Body) -> Reply:
        if body["PowerState"] == "On":
            await pdu.reset_breaker()
        return Reply()

    return Action(
        name="Circuit.BreakerControl",
        run=run,
        parameters={"PowerState": one_of("On", "Off", "PowerCycle")},
        required=frozenset({"PowerState"}),
    )


def _readings(
    pdu: "Pdu", chassis: str, name: str, outlets: Sequence[int], *, mains: bool
) -> dict[str, Callable[[], Body]]:
    def watts() -> float:
        return pdu.watts_of(outlets)

    def add(prefix: str, kind: str, read: Callable[[], float], **more: Any) -> Callable[[], Body]:
        path = f"{chassis}/Sensors/{prefix}{name}"
        return add_sensor(pdu.tree, path, kind, pdu.meter.shown(read), **more)

    current = add(
        "Current", "Current", lambda: pdu.meter.amps(watts()), **_alarm(pdu, name, mains=mains)
    )
    if mains:
        add("PeakCurrent", "Current", lambda: pdu.meter.peak_amps)
    return {
        "PowerWatts": add("Power", "Power", watts),
        "CurrentAmps": current,
        "Voltage": add("Voltage", "Voltage", lambda: pdu.volts if pdu.feed_live else 0.0),
    }


def _alarm(pdu: "Pdu", name: str, *, mains: bool) -> dict[str, Any]:
    """What the mains warn at follows from their rating; a branch is told."""
    if mains:
        rated = pdu.rated_amps
        return {"threshold": Threshold(caution=0.8 * rated, critical=rated)} if rated else {}
    sensor = f"Current{name}"
    return {"threshold": threshold_of(pdu, sensor), "writable": writable_of(pdu, sensor)}
