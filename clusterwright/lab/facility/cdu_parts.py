"""The unit itself, its pumps, filters and reservoirs."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from clusterwright.lab.facility.cdu_controls import PUMP_SPEED, excerpt_of, writes_of
from clusterwright.lab.facility.checks import one_of
from clusterwright.lab.facility.fragments import link, status
from clusterwright.lab.facility.hydraulics import FILTER_CRITICAL_KPA, FILTER_WARNING_KPA
from clusterwright.lab.facility.identity import Identity
from clusterwright.lab.facility.sensors import Threshold
from clusterwright.lab.facility.tree import Action, Body, Reply

if TYPE_CHECKING:
    from clusterwright.lab.facility.cdu import Cdu

MODES = ("Enabled", "Disabled")
COOLANT = {"CoolantType": "Water", "AdditiveName": "Propylene glycol", "AdditivePercent": 25}
_BELOW = (
    "Pumps",
    "Filters",
    "Reservoirs",
    "PrimaryCoolantConnectors",
    "SecondaryCoolantConnectors",
    "EnvironmentMetrics",
    "LeakDetection",
)
_FILTER = Threshold(caution=FILTER_WARNING_KPA, critical=FILTER_CRITICAL_KPA)
Read = Callable[[], Body]


def add_unit(cdu: "Cdu", identity: Identity, path: str) -> None:
    """Place the CoolingUnit."""

    async def set_mode(body: Body) -> Reply:
        cdu.memory.update(enabled=body["Mode"] == MODES[0])
        return Reply()

    actions = cdu.tree.add_action(path, _set_mode("CoolingUnit.SetMode", set_mode))
    actions["#CoolingUnit.SetMode"]["Mode@Redfish.AllowableValues"] = list(MODES)
    constant = {
        "@odata.type": "#CoolingUnit.v1_5_0.CoolingUnit",
        "Id": "1",
        "Name": identity.name,
        "EquipmentType": "CDU",
        "Manufacturer": identity.manufacturer,
        "Model": identity.model,
        "SerialNumber": identity.serial,
        "CoolingCapacityWatts": cdu.model.capacity_watts,
        "Location": {"Placement": {"Rack": identity.rack}},
        "Coolant": COOLANT,
        **{name: link(f"{path}/{name}") for name in _BELOW},
        "Actions": actions,
        "Links": {"Chassis": [link(f"/redfish/v1/Chassis/{identity.chassis}")]},
    }

    def shown() -> Body:
        return {
            **constant,
            "FirmwareVersion": cdu.parts.firmware.version("CDU"),
            "Status": status(cdu.health, MODES[not cdu.memory.state.enabled]),
            "PumpRedundancy": [_redundancy(cdu, path)],
        }

    cdu.tree.add(path, shown)


def _redundancy(cdu: "Cdu", path: str) -> Body:
    running, needed = cdu.running_pumps, cdu.pumps_needed
    lost = "Critical" if running < needed else "Warning"
    return {
        "RedundancyType": "NPlusM",
        "MinNeededInGroup": needed,
        "MaxSupportedInGroup": len(cdu.pumps),
        "RedundancyGroup": [link(f"{path}/Pumps/{pump}") for pump in cdu.pumps],
        "Status": status("OK" if running == len(cdu.pumps) else lost),
    }


def _set_mode(name: str, run: Callable[[Body], object]) -> Action:
    return Action(
        name=name,
        run=run,  # type: ignore[arg-type]
        parameters={"Mode": one_of(*MODES)},
        required=frozenset({"Mode"}),
    )


def add_pumps(cdu: "Cdu", path: str, chassis: str, speed: Read) -> None:
    """Place the pumps."""
    cdu.tree.add_collection(path, "Pump", "Pumps")
    writable = writes_of(cdu, PUMP_SPEED, f"{PUMP_SPEED.excerpt}/")
    for pump in cdu.pumps:
        own = f"{path}/{pump}"
        actions = cdu.tree.add_action(own, _set_mode("Pump.SetMode", partial(_switch, cdu, pump)))
        actions["#Pump.SetMode"]["Mode@Redfish.AllowableValues"] = list(MODES)
        shown = partial(_pump, cdu, chassis, speed, pump, actions)
        cdu.tree.add(own, shown, writable=writable)


async def _switch(cdu: "Cdu", pump: str, body: Body) -> Reply:
    disabled = set(cdu.memory.state.pumps_disabled) - {pump}
    if body["Mode"] == MODES[1]:
        disabled.add(pump)
    cdu.memory.update(pumps_disabled=tuple(sorted(disabled)))
    return Reply()


def _pump(cdu: "Cdu", chassis: str, speed: Read, pump: str, actions: Body) -> Body:
    failed, stopped = pump in cdu.failed_pumps, pump in cdu.memory.state.pumps_disabled
    reading = speed()
    if failed or stopped:
        reading["Reading"] = 0.0
    return {
        "@odata.type": "#Pump.v1_2_0.Pump",
        "Id": pump,
        "Name": f"Pump {pump}",
        "PumpType": "Liquid",
        "Status": status("Critical" if failed else "OK", MODES[stopped]),
        "PumpSpeedPercent": reading,
        PUMP_SPEED.excerpt: excerpt_of(cdu, PUMP_SPEED, chassis),
        "Actions": actions,
    }


def add_filters(cdu: "Cdu", path: str, drop: Read) -> None:
    """Place the filter."""
    cdu.tree.add_collection(path, "Filter", "Filters")

    def shown() -> Body:
        return {
            "@odata.type": "#Filter.v1_1_0.Filter",
            "Id": "1",
            "Name": "Secondary side filter, 25 micrometres",
            "RatedServiceHours": 8760,
            "Status": status(_FILTER.health(cdu.filter_kpa)),
            "DeltaLiquidPressurekPa": drop(),
        }

    cdu.tree.add(f"{path}/1", shown)


def add_reservoirs(cdu: "Cdu", path: str, level: Read) -> None:
    """Place the reservoir."""
    cdu.tree.add_collection(path, "Reservoir", "Reservoirs")

    def shown() -> Body:
        health = "Critical" if cdu.leak.wet else "OK"
        return {
            "@odata.type": "#Reservoir.v1_0_2.Reservoir",
            "Id": "1",
            "Name": "Reservoir",
            "ReservoirType": "Reserve",
            "CapacityLiters": 40,
            "Coolant": COOLANT,
            "FluidLevelPercent": level(),
            "FluidLevelStatus": health,
            "Status": status(health),
        }

    cdu.tree.add(f"{path}/1", shown)
