"""Faults of the service behind the address: logins, refusals, deaf properties, tasks."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from aiohttp import web

from clusterwright.lab.facility.bmc import Bmc
from clusterwright.lab.facility.cdu_tree import CDU
from clusterwright.lab.facility.faults.fault import CONTROLLERS, Fault, at_once
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.node_tree import SYSTEM
from clusterwright.lab.facility.pdu_tree import PDU
from clusterwright.lab.facility.service import Answer, Hook
from clusterwright.lab.facility.shelf_tree import SHELF
from clusterwright.lab.facility.site import Device
from clusterwright.lab.facility.tasks import Report, Spoiler, Work
from clusterwright.lab.facility.tree import RefusalError, Reply

if TYPE_CHECKING:
    from clusterwright.lab.facility.serve import Facility

REQUESTS_OF_A_SESSION = 2
RETRY_AFTER_S = 1
BROKEN = {
    "bmc": f"{SYSTEM}/Bios",
    "hgx": "/redfish/v1/Systems/HGX_Baseboard_0",
    "dpu": "/redfish/v1/Systems/Bluefield",
    "cdu": f"{CDU}/SecondaryCoolantConnectors/1",
    "pdu": f"{PDU}/Outlets",
    "shelf": SHELF,
}
FAILS_AT_PERCENT = 80


def _forgetful(facility: "Facility", subject: str) -> Callable[[], None]:
    sessions = facility.endpoints[subject].device.service.sessions
    sessions.end_all()
    sessions.good_for_requests = REQUESTS_OF_A_SESSION

    def undo() -> None:
        sessions.good_for_requests = None

    return undo


def _hooked(facility: "Facility", subject: str, hook: Hook) -> Callable[[], None]:
    hooks = facility.endpoints[subject].device.service.hooks
    hooks.append(hook)
    return lambda: hooks.remove(hook)


def _busy(facility: "Facility", subject: str) -> Callable[[], None]:
    async def refuse(_: web.BaseRequest, __: Answer) -> Reply | web.StreamResponse:
        told = message("ServiceTemporarilyUnavailable", str(RETRY_AFTER_S))
        raise RefusalError(503, told, headers={"Retry-After": str(RETRY_AFTER_S)})

    return _hooked(facility, subject, refuse)


def _broken(facility: "Facility", subject: str) -> Callable[[], None]:
    path = BROKEN[facility.endpoints[subject].kind]

    async def refuse(request: web.BaseRequest, answer: Answer) -> Reply | web.StreamResponse:
        if request.path.rstrip("/") == path:
            raise RefusalError(500, message("InternalError"))
        return await answer(request)

    return _hooked(facility, subject, refuse)


def _deaf(facility: "Facility", subject: str) -> Callable[[], None]:
    device = facility.endpoints[subject].device
    kept = frozenset(device.tree.deaf)
    device.tree.deaf |= _unheard(device)

    def undo() -> None:
        device.tree.deaf = set(kept)

    return undo


def _unheard(device: Device) -> set[str]:
    """The first BIOS attribute that is not as planned from the factory; every set point."""
    if not isinstance(device, Bmc):
        return {"SetPoint", "PowerRestorePolicy"}
    planned = {attribute.name: attribute.value for attribute in device.node.bios}
    wrong = [a.name for a in device.attributes if a.factory != planned[a.name]]
    return set(wrong[:1])


def _spoilt(facility: "Facility", subject: str, spoiler: Spoiler) -> Callable[[], None]:
    tasks = facility.endpoints[subject].device.tasks
    tasks.spoiler = spoiler

    def undo() -> None:
        tasks.spoiler = None

    return undo


def _endless(facility: "Facility", subject: str) -> Callable[[], None]:
    released = asyncio.Event()

    async def wait(work: Work, report: Report) -> None:
        report(40)
        try:
            await released.wait()
        except asyncio.CancelledError:
            work.close()
            raise
        await work

    mend = _spoilt(facility, subject, wait)

    def undo() -> None:
        mend()
        released.set()

    return undo


def _failing(facility: "Facility", subject: str) -> Callable[[], None]:
    async def fail(work: Work, report: Report) -> None:
        work.close()
        report(FAILS_AT_PERCENT)
        raise OSError(f"the operation failed at {FAILS_AT_PERCENT} %")

    return _spoilt(facility, subject, fail)


FAULTS = (
    Fault(
        name="session-expired",
        about="The controller forgets sessions after two requests.",
        kinds=CONTROLLERS,
        inject=at_once(_forgetful),
    ),
    Fault(
        name="busy",
        about="The controller answers 503 and asks to come back later.",
        kinds=CONTROLLERS,
        inject=at_once(_busy),
    ),
    Fault(
        name="resource-error",
        about="One resource of the controller answers 500.",
        kinds=CONTROLLERS,
        inject=at_once(_broken),
    ),
    Fault(
        name="attribute-ignored",
        about="A write is accepted and does not happen.",
        kinds=CONTROLLERS - {"shelf"},
        inject=at_once(_deaf),
    ),
    Fault(
        name="task-endless",
        about="What the controller begins as a task never ends.",
        kinds=CONTROLLERS,
        inject=at_once(_endless),
    ),
    Fault(
        name="task-fails",
        about="What the controller begins as a task fails at 80 %.",
        kinds=CONTROLLERS,
        inject=at_once(_failing),
    ),
)
