"""The drives behind a BMC, and how they are erased so that nothing on them can be read again."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from clusterwright.access.guard import Difference
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.tasks import finish
from clusterwright.access.redfish.walk import members
from clusterwright.access.settle import watch
from clusterwright.access.system import find_system
from clusterwright.errors import DeviceRefused

_WANTED = ("CryptographicErase", "BlockErase")
"""Seconds; minutes. Where a drive knows neither by name, it takes what its own default is."""
DEADLINE_S = 4 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """One drive; `erase` is empty where the BMC cannot erase it."""

    path: str
    serial: str
    model: str
    capacity_bytes: int
    erase: str
    kinds: tuple[str, ...]
    working: bool

    def __str__(self) -> str:
        return f"{self.model} {self.serial} ({self.capacity_bytes / 1e12:g} TB)"


class _System(Resource):
    storage = Link("Storage")


class _Storage(Resource):
    drives: Field[list[dict[str, str]]] = Field("Drives", list, [])


class _Drive(Resource):
    serial = Field("SerialNumber", str, "")
    model = Field("Model", str, "")
    capacity = Field("CapacityBytes", int, 0)
    erase = Field("Actions/#Drive.SecureErase/target", str, "")
    kinds: Field[list[str]] = Field(
        "Actions/#Drive.SecureErase/SanitizationType@Redfish.AllowableValues", list, []
    )
    operations: Field[list[object]] = Field("Operations", list, [])


async def find_drives(client: Redfish) -> tuple[Drive, ...]:
    """Return the server's drives; none where its BMC does not show them."""
    system = _System(client.name, (await find_system(client)).body)
    if not system.storage:
        return ()
    subsystems = await members(client, system.storage, _Storage)
    paths = [one["@odata.id"] for subsystem in subsystems for one in subsystem.drives]
    # They are a list and need be in no collection.
    bodies = await asyncio.gather(*(client.get(path) for path in dict.fromkeys(paths)))
    return _told_apart([_drive(_Drive(client.name, body)) for body in bodies])


async def erase(
    client: Redfish,
    drives: Sequence[Drive],
    erased: Callable[[Drive], None],
    *,
    deadline_s: float = DEADLINE_S,
) -> None:
    """Erase all of them at the same time; `erased` hears of each as soon as it is.

    One that is busy with an earlier request is waited for before it is asked again.

    Raises:
        DeviceRefused: one cannot be erased, or did not end well; the others are erased first.
    """

    async def one(drive: Drive) -> None:
        await _erase(client, drive, deadline_s)
        erased(drive)

    results = await asyncio.gather(*map(one, drives), return_exceptions=True)
    for failure in results:
        if failure is not None:
            raise failure


async def _erase(client: Redfish, drive: Drive, deadline_s: float) -> None:
    if not drive.erase:
        raise DeviceRefused(
            f"{client.name}: drive {drive}: its BMC offers no SecureErase; erase it from its host, "
            f"or take it out and destroy it"
        )
    if drive.working:
        await _idle(client, drive, deadline_s)
    kind = next((one for one in _WANTED if one in drive.kinds), "")
    reply = await client.start_post(drive.erase, {"SanitizationType": kind} if kind else {})
    await finish(client, reply, deadline_s=deadline_s)
    await _idle(client, drive, deadline_s)


async def _idle(client: Redfish, drive: Drive, deadline_s: float) -> None:
    """Some BMCs end the task as soon as the drive has begun."""

    async def working() -> bool:
        return bool(_Drive(client.name, await client.get(drive.path)).operations)

    _, left = await watch(working, _still, deadline_s=deadline_s)
    if left:
        raise DeviceRefused(
            f"{client.name}: drive {drive}: is still being erased after {deadline_s:g} s; run the "
            f"same command again to go on waiting for it"
        )


def _still(working: bool) -> tuple[Difference, ...]:  # noqa: FBT001 - a state that is read
    return (Difference(path="drive", expected="idle", actual="erasing"),) if working else ()


def _told_apart(drives: Sequence[Drive]) -> tuple[Drive, ...]:
    """Some BMCs give all drives one serial number, and what one has got is not done to all."""
    often = Counter(one.serial for one in drives)
    return tuple(
        replace(one, serial=f"{one.serial} at {one.path}") if often[one.serial] > 1 else one
        for one in drives
    )


def _drive(found: _Drive) -> Drive:
    return Drive(
        path=found.path,
        serial=found.serial or found.path,
        model=found.model or "drive",
        capacity_bytes=found.capacity,
        erase=found.erase,
        kinds=tuple(map(str, found.kinds)),
        working=bool(found.operations),
    )
