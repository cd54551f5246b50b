"""What an operator does to the rig through `access`, and the sentence they are told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from clusterwright.access import cooling_loop, node, rack_power
from clusterwright.access.guard import Guard
from clusterwright.access.redfish import Redfish
from clusterwright.access.vault import Login
from clusterwright.errors import DeviceError
from tests.access.facility_rig import PASSWORD, USERNAME, Rig

IDLE = Guard(in_service=False)
PATIENCE_S = 60.0
KINDS = {"su1": "node", "cdu": "loop", "r1-": "outlets", "r2-": "outlets"}
LOOP = cooling_loop.LoopState(
    supply_temperature_c=32.0, differential_pressure_kpa=150.0, control_mode="Automatic"
)


@asynccontextmanager
async def broken(lab: Rig, name: str, subject: str) -> AsyncIterator[None]:
    """Let something be wrong until the block ends."""
    await lab.running.set_fault(name, subject, active=True)
    try:
        yield
    finally:
        await lab.running.set_fault(name, subject, active=False)


def client(lab: Rig, subject: str, *, deadline_s: float = 60.0) -> Redfish:
    return Redfish(
        address=lab.url(subject).removeprefix("https://"),
        login=Login(username=USERNAME, password=PASSWORD),
        ca_file=lab.ca_file,
        deadline_s=deadline_s,
        name=subject,
    )


def wanted(lab: Rig, subject: str, **changes: Any) -> Any:
    """What is declared of a device: the plan's values, with changes."""
    if subject.startswith("su1"):
        planned = next(one for one in lab.plan.nodes if one.name == subject)
        boot = planned.boot
        return node.NodeState(
            power_state=changes.get("power_state", "On"),
            boot=node.BootState(target=boot.target, enabled=boot.enabled, mode=boot.mode),
            bios={attribute.name: attribute.value for attribute in planned.bios},
        )
    if subject.startswith("cdu"):
        return LOOP
    return rack_power.OutletsState(outlets=changes.get("outlets", {1: "On", 2: "Off"}))


def module(subject: str) -> Any:
    if subject.startswith("su1"):
        return node
    return cooling_loop if subject.startswith("cdu") else rack_power


async def apply(
    lab: Rig,
    subject: str,
    *,
    deadline_s: float = 60.0,
    patience_s: float = PATIENCE_S,
    **changes: Any,
) -> str:
    """Apply what is declared; return what the operator is told: nothing where all went well."""
    desired = wanted(lab, subject, **changes)
    try:
        async with client(lab, subject, deadline_s=deadline_s) as redfish:
            outcome = await module(subject).apply(redfish, desired, IDLE, deadline_s=patience_s)
    except DeviceError as error:
        return str(error)
    assert module(subject).differences(desired, outcome.state) == ()
    return ""


async def drift(lab: Rig, subject: str, **changes: Any) -> list[str]:
    """Return what is not as declared."""
    desired = wanted(lab, subject, **changes)
    async with client(lab, subject) as redfish:
        actual = await module(subject).read(redfish, desired)
    return [difference.path for difference in module(subject).differences(desired, actual)]
