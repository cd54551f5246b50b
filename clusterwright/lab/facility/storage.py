"""A server's drives: what they hold is gone after SecureErase, which takes its time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from clusterwright.catalogue.entry import Server as ServerModel
from clusterwright.lab.facility.checks import number, of_type, one_of
from clusterwright.lab.facility.clock import now
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.node_memory import NodeMemory
from clusterwright.lab.facility.tasks import Report, Tasks
from clusterwright.lab.facility.tree import Action, Body, RefusalError, Reply, Tree

KINDS = ("BlockErase", "CryptographicErase", "Overwrite")
STEPS = 4
_TB = 1_000_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """One drive of a server."""

    name: str
    model: str
    serial: str
    capacity_bytes: int


def drives_of(model: ServerModel, serial: str) -> tuple[Drive, ...]:
    """Return the drives that the catalogue gives a server."""
    kinds = [one for one in model.drives for _ in range(one.count)]
    return tuple(
        Drive(
            name=f"NVMe{index}",
            model=f"Emulated {kind.form}",
            serial=f"{serial}-D{index}",
            capacity_bytes=round((kind.capacity_tb or 1.0) * _TB),
        )
        for index, kind in enumerate(kinds)
    )


class Storage:
    """All drives behind one subsystem; `lasts_s` is how long an erasure takes."""

    def __init__(
        self, path: str, memory: Memory[NodeMemory], tasks: Tasks, *, lasts_s: float
    ) -> None:
        self._path, self._memory, self._tasks = path, memory, tasks
        self._lasts_s = lasts_s
        self._under_way: dict[str, int] = {}

    def place(self, tree: Tree, drives: tuple[Drive, ...]) -> Body:
        """Place the subsystem and its drives; return the link to the collection of them."""
        own = f"{self._path}/1"
        tree.add_collection(self._path, "Storage", "Storage")
        paths = [self._place_drive(tree, own, drive) for drive in drives]
        tree.add(own, {**_subsystem(), "Drives": list(map(link, paths))})
        return link(self._path)

    def _place_drive(self, tree: Tree, storage: str, drive: Drive) -> str:
        path = f"{storage}/Drives/{drive.name}"
        erase = Action(
            name="Drive.SecureErase",
            run=self._erase(drive),
            parameters={
                "SanitizationType": one_of(*KINDS),
                "OverwritePasses": number(1, 35),
                "@Redfish.OperationApplyTime": of_type(str),
            },
        )
        actions = tree.add_action(path, erase)
        actions["#Drive.SecureErase"]["SanitizationType@Redfish.AllowableValues"] = list(KINDS)
        return tree.add(path, lambda: {**_drive(drive, self._running(drive)), "Actions": actions})

    def _running(self, drive: Drive) -> list[Body]:
        done = self._under_way.get(drive.name)
        if done is None:
            return []
        return [{"Operation": "Sanitize", "OperationName": "Erasing", "PercentageComplete": done}]

    def _erase(self, drive: Drive) -> Callable[[Body], Awaitable[Reply]]:
        async def run(_: Body) -> Reply:
            if drive.name in self._under_way:
                raise RefusalError(409, message("ResourceInUse"))
            self._under_way[drive.name] = 0
            return self._tasks.start(f"Erase {drive.name}", work, lasts_s=self._lasts_s)

        async def work(report: Report) -> None:
            try:
                for step in range(STEPS):
                    self._under_way[drive.name] = 100 * step // STEPS
                    report(100 * step // STEPS)
                    await asyncio.sleep(self._lasts_s / STEPS)
                self._memory.update(erased={**self._memory.state.erased, drive.serial: now()})
            finally:
                self._under_way.pop(drive.name, None)

        return run


def _subsystem() -> Body:
    return {
        "@odata.type": "#Storage.v1_21_0.Storage",
        "Id": "1",
        "Name": "Storage",
        "Status": healthy(),
    }


def _drive(drive: Drive, operations: list[Body]) -> Body:
    return {
        "@odata.type": "#Drive.v1_23_0.Drive",
        "Id": drive.name,
        "Name": drive.name,
        "Manufacturer": "Emulated",
        "Model": drive.model,
        "SerialNumber": drive.serial,
        "CapacityBytes": drive.capacity_bytes,
        "MediaType": "SSD",
        "Protocol": "NVMe",
        "Status": healthy(),
        "Operations": operations,
    }
