"""The outlets of a rack PDU."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from clusterwright.lab.facility.checks import number, of_type, one_of
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.pdu_alarms import threshold_of, writable_of
from clusterwright.lab.facility.pdu_circuits import bank_of, branch, nominal_voltage
from clusterwright.lab.facility.sensors import add_sensor
from clusterwright.lab.facility.tree import Action, Body, RefusalError, Reply, Writable

if TYPE_CHECKING:
    from clusterwright.lab.facility.pdu import Pdu

STATES = ("On", "Off", "PowerCycle")
RESTORE_POLICIES = ("AlwaysOn", "AlwaysOff", "LastState")
DELAYS = (
    "PowerOnDelaySeconds",
    "PowerOffDelaySeconds",
    "PowerCycleDelaySeconds",
    "PowerRestoreDelaySeconds",
)
LONGEST_DELAY_S = 7200


def add_outlets(pdu: "Pdu", path: str, chassis: str) -> None:
    """Place all outlets."""
    pdu.tree.add_collection(f"{path}/Outlets", "Outlet", "Outlets")
    for outlet in pdu.outlets:
        _add_outlet(pdu, path, chassis, outlet)


def _add_outlet(pdu: "Pdu", pdu_path: str, chassis: str, outlet: int) -> None:
    path = f"{pdu_path}/Outlets/{outlet}"
    readings = _readings(pdu, chassis, outlet)
    action = Action(
        name="Outlet.PowerControl",
        run=partial(_control, pdu, outlet),
        parameters={"PowerState": one_of(*STATES)},
        required=frozenset({"PowerState"}),
    )
    actions = pdu.tree.add_action(path, action)
    actions["#Outlet.PowerControl"]["PowerState@Redfish.AllowableValues"] = list(STATES)
    constant = {**_constant(pdu, pdu_path, outlet), "Actions": actions}

    def shown() -> Body:
        return {**constant, **_now(pdu, outlet), **{key: read() for key, read in readings.items()}}

    pdu.tree.add(path, shown, writable=_writable(pdu, outlet))


async def _control(pdu: "Pdu", outlet: int, body: Body) -> Reply:
    wanted = body["PowerState"]
    if pdu.memory.state.locked.get(str(outlet)):
        raise RefusalError(409, message("ResourceInUse"))
    delay_s = pdu.wait_s(outlet, f"Power{wanted}DelaySeconds") if wanted != STATES[2] else 0.0

    async def later() -> None:
        await asyncio.sleep(delay_s)
        await pdu.switch(outlet, wanted)

    if wanted == STATES[2] or delay_s:
        return pdu.tasks.start(f"{wanted} of outlet {outlet}", later(), lasts_s=delay_s)
    await pdu.switch(outlet, wanted)
    return Reply()


def _readings(pdu: "Pdu", chassis: str, outlet: int) -> dict[str, Callable[[], Body]]:
    def watts() -> float:
        return pdu.outlet_watts(outlet)

    def add(name: str, kind: str, read: Callable[[], float]) -> Callable[[], Body]:
        path = f"{chassis}/Sensors/{name}Outlet{outlet}"
        return add_sensor(pdu.tree, path, kind, pdu.meter.shown(read))

    name = f"CurrentOutlet{outlet}"
    amps = add_sensor(
        pdu.tree,
        f"{chassis}/Sensors/{name}",
        "Current",
        pdu.meter.shown(lambda: pdu.meter.amps(watts())),
        threshold=threshold_of(pdu, name),
        writable=writable_of(pdu, name),
    )
    return {
        "PowerWatts": add("Power", "Power", watts),
        "CurrentAmps": amps,
        "Voltage": add("Voltage", "Voltage", lambda: pdu.volts if pdu.is_on(outlet) else 0.0),
    }


def _writable(pdu: "Pdu", outlet: int) -> dict[str, Writable]:
    key = str(outlet)

    def set_policy(value: str) -> None:
        pdu.memory.update(restore_policies={**pdu.memory.state.restore_policies, key: value})

    def set_lock(value: bool) -> None:  # noqa: FBT001 - as PATCH gives it
        pdu.memory.update(locked={**pdu.memory.state.locked, key: value})

    def set_delay(name: str, value: float) -> None:
        delays = pdu.memory.state.delays_s
        own = {**delays.get(key, {}), name: float(value)}
        pdu.memory.update(delays_s={**delays, key: own})

    return {
        "PowerRestorePolicy": Writable(check=one_of(*RESTORE_POLICIES), write=set_policy),
        "PowerControlLocked": Writable(check=of_type(bool), write=set_lock),
        **{
            name: Writable(check=number(0, LONGEST_DELAY_S), write=partial(set_delay, name))
            for name in DELAYS
        },
    }


def _now(pdu: "Pdu", outlet: int) -> Body:
    on = pdu.is_on(outlet)
    state = pdu.memory.state
    return {
        "PowerState": "On" if on else "Off",
        "PowerEnabled": pdu.is_closed(outlet),
        "PowerRestorePolicy": state.restore_policies.get(str(outlet), "LastState"),
        "PowerControlLocked": state.locked.get(str(outlet), False),
        **{name: pdu.delay_s(outlet, name) for name in DELAYS},
    }


def _constant(pdu: "Pdu", path: str, outlet: int) -> Body:
    planned = pdu.pdu
    consumers = [o.consumer for o in planned.outlets if o.number == outlet]
    bank = bank_of(planned, outlet)
    return {
        "@odata.type": "#Outlet.v1_4_4.Outlet",
        "Id": str(outlet),
        "Name": f"Outlet {outlet}",
        "Status": healthy(),
        "OutletType": f"IEC_60320_{(bank and bank.type) or 'C19'}",
        "VoltageType": "AC",
        "NominalVoltage": nominal_voltage(planned),
        "ElectricalConsumerNames": consumers,
        "Links": {"BranchCircuit": link(f"{path}/Branches/{branch(planned, outlet)}")},
    }
