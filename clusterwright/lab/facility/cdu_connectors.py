"""Where coolant goes in and out of a CDU, and the loop that it feeds."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from clusterwright.lab.facility.cdu_controls import controls_of, excerpt_of, writes_of
from clusterwright.lab.facility.cdu_parts import COOLANT
from clusterwright.lab.facility.checks import one_of
from clusterwright.lab.facility.fragments import healthy, link, status
from clusterwright.lab.facility.tree import Action, Body, Reply, Writable

if TYPE_CHECKING:
    from clusterwright.lab.facility.cdu import Cdu

Read = Callable[[], Body]
TYPES = ("FWS", "TCS", "RowTCS")
STATES, REASONS = ("Open", "Closed"), ("Normal", "NotInUse", "LeakDetected")


class Turn(Protocol):
    """What closes a valve, or opens it."""

    def __call__(self, *, closed: bool) -> None: ...


def add_connectors(cdu: "Cdu", unit: str, chassis: str, readings: Mapping[str, Read]) -> None:
    """Place the connectors of both sides."""
    for side in ("Primary", "Secondary"):
        path = f"{unit}/{side}CoolantConnectors"
        cdu.tree.add_collection(path, "CoolantConnector", f"{side} Coolant Connectors")
    cdu.tree.add(
        f"{unit}/PrimaryCoolantConnectors/1",
        lambda: {**_connector("Facility water"), **_flow_and_heat("Primary", readings)},
    )
    _add_secondary(cdu, f"{unit}/SecondaryCoolantConnectors/1", chassis, readings)


def _add_secondary(cdu: "Cdu", path: str, chassis: str, readings: Mapping[str, Read]) -> None:
    writable: dict[str, Writable] = {}
    controls = controls_of(cdu.model)
    for control in controls:
        writable |= writes_of(cdu, control, f"{control.excerpt}/")

    def turn(*, closed: bool) -> None:
        cdu.memory.update(valve_closed=closed)

    actions = cdu.tree.add_action(path, _valve_action(turn))
    actions["#CoolantConnector.ValveControl"]["ValveState@Redfish.AllowableValues"] = list(STATES)

    def secondary() -> Body:
        return {
            **_connector(f"Loop {cdu.loop.name}"),
            "CoolingLoopName": cdu.loop.name,
            **_flow_and_heat("Secondary", readings),
            "DeltaPressurekPa": readings["SecondaryDeltaPressure"](),
            "ValvePositionPercent": readings["ValvePosition"](),
            "RatedFlowLitersPerMinute": round(cdu.nominal_lpm, 2),
            **{control.excerpt: excerpt_of(cdu, control, chassis) for control in controls},
            "Actions": actions,
        }

    cdu.tree.add(path, secondary, writable=writable)


def _add_branches(cdu: "Cdu", path: str) -> None:
    """Place a valve for every rack."""
    cdu.tree.add_collection(path, "CoolantConnector", "Consumers' Connectors")
    for rack in cdu.loop.racks:
        _add_branch(cdu, f"{path}/{rack}", rack)


def _add_branch(cdu: "Cdu", path: str, rack: str) -> None:
    def turn(*, closed: bool) -> None:
        others = set(cdu.memory.state.racks_closed) - {rack}
        cdu.memory.update(racks_closed=tuple(sorted(others | ({rack} if closed else set()))))

    actions = cdu.tree.add_action(path, _valve_action(turn))
    actions["#CoolantConnector.ValveControl"]["ValveState@Redfish.AllowableValues"] = list(STATES)

    def shown() -> Body:
        closed = rack in cdu.memory.state.racks_closed
        return {
            **_connector(f"Branch of rack {rack}"),
            "Id": rack,
            "ValvePositionPercent": {"Reading": 0.0 if closed else 100.0},
            "Actions": actions,
        }

    cdu.tree.add(path, shown)


def _valve_action(turn: Turn) -> Action:
    async def run(body: Body) -> Reply:
        turn(closed=body["ValveState"] == "Closed")
        return Reply()

    return Action(
        name="CoolantConnector.ValveControl",
        run=run,
        parameters={"ValveState": one_of(*STATES), "ValveStateReason": one_of(*REASONS)},
        required=frozenset({"ValveState"}),
    )


def _connector(name: str) -> Body:
    return {
        "@odata.type": "#CoolantConnector.v1_3_0.CoolantConnector",
        "Id": "1",
        "Name": name,
        "CoolantConnectorType": "Pair",
        "Status": healthy(),
    }


def _flow_and_heat(side: str, readings: Mapping[str, Read]) -> Body:
    return {
        "FlowLitersPerMinute": readings[f"{side}Flow"](),
        "SupplyTemperatureCelsius": readings[f"{side}SupplyTemp"](),
        "ReturnTemperatureCelsius": readings[f"{side}ReturnTemp"](),
        "HeatRemovedkW": readings["HeatRemoved"](),
    }


def add_loop(cdu: "Cdu", path: str, level: Read) -> None:
    """Place the CoolingLoop: the coolant and how good it is."""
    collection = path.rpartition("/")[0]
    cdu.tree.add_collection(collection, "CoolingLoop", "Cooling Loops")
    constant = {
        "@odata.type": "#CoolingLoop.v1_1_0.CoolingLoop",
        "Id": "1",
        "Name": f"Loop {cdu.loop.name}",
        "Coolant": COOLANT,
        "CoolantQuality": "OK",
        "RatedFlowLitersPerMinute": round(cdu.nominal_lpm, 2),
        "SupplyEquipmentNames": [cdu.loop.cdu],
        "ConsumingEquipmentNames": list(cdu.loop.racks),
        "SecondaryCoolantConnectors": link(f"{path}/SecondaryCoolantConnectors"),
        "Links": {"ManagedBy": [link("/redfish/v1/Managers/CDU")]},
    }
    _add_branches(cdu, f"{path}/SecondaryCoolantConnectors")

    def shown() -> Body:
        health = "Critical" if cdu.leak.wet else "OK"
        return {
            **constant,
            "CoolingLoopType": cdu.memory.state.loop_type,
            "CoolantLevelPercent": level(),
            "CoolantLevelStatus": health,
            "Status": status(health),
        }

    kind = Writable(check=one_of(*TYPES), write=lambda one: cdu.memory.update(loop_type=one))
    cdu.tree.add(path, shown, writable={"CoolingLoopType": kind})
