"""The facility of the lab's plan on loopback addresses, for tests that talk to it."""

import asyncio
import ssl
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import aiohttp

from clusterwright.design.plan import Controller, Mount, PowerShelf, Rectifier, SitePlan
from clusterwright.lab.authority import issue, make_ca
from clusterwright.lab.facility import Facility, serve_facility
from tests.plans import lab_plan
from tests.ports import free_port

SHELF = PowerShelf(
    name="r1-shelf",
    model="gb200-33kw",
    mount=Mount(rack="r1", lowest_unit=40, height_units=1),
    controller=Controller(
        name="r1-shelf", address=IPv4Address("127.0.3.100"), secret="shelf/r1-shelf"
    ),
    capacity_watts=33_000,
    rectifiers=tuple(Rectifier(name=f"PSU{number}", feed="A") for number in range(6)),
)
USERNAME, PASSWORD = "admin", "not a real secret"
ROOT = "/redfish/v1"
SYSTEM = f"{ROOT}/Systems/1"
RESET = f"{SYSTEM}/Actions/ComputerSystem.Reset"
CONNECTOR = f"{ROOT}/ThermalEquipment/CDUs/1/SecondaryCoolantConnectors/1"
OUTLETS = f"{ROOT}/PowerEquipment/RackPDUs/1/Outlets"
DEADLINE_S = 60.0


@dataclass
class Hosts:
    """Hosts that boot as soon as `released` is set; `broken` ones do not."""

    up: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    stops: list[tuple[str, bool]] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def boot(self, name: str) -> bool:
        await self.released.wait()
        if name in self.broken:
            raise OSError(f"host {name} does not boot")
        self.up.add(name)
        return True

    async def stop(self, name: str, *, graceful: bool) -> None:
        self.stops.append((name, graceful))
        self.up.discard(name)

    def running(self, name: str) -> bool:
        return name in self.up


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def message_ids(self) -> list[str]:
        messages = self.body.get("error", self.body).get("@Message.ExtendedInfo", [])
        return [message["MessageId"].rpartition(".")[2] for message in messages]


@dataclass
class Rig:
    """A running facility and a client of all its controllers."""

    plan: SitePlan
    folder: Path
    authority: Path
    port: int
    hosts: Hosts = field(default_factory=Hosts)
    post_s: float = 0.01
    times: Mapping[str, Any] = field(default_factory=dict)
    facility: Facility | None = None

    @property
    def running(self) -> Facility:
        assert self.facility is not None
        return self.facility

    @property
    def controllers(self) -> list[Controller]:
        return controllers(self.plan)

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file)

    @property
    def ca_file(self) -> Path:
        return self.authority / "ca.pem"

    def url(self, subject: str) -> str:
        address = self.running.endpoints[subject].controller.address
        return f"https://{address}:{self.port}"

    async def start(self) -> None:
        self.facility = await serve_facility(
            self.plan,
            self.hosts,
            state=self.folder,
            credentials={c.secret: (USERNAME, PASSWORD) for c in self.controllers},
            certificates=self.authority,
            port=self.port,
            post_s=self.post_s,
            **{"lag_s": 0.0, **self.times},
        )

    async def ask(
        self, subject: str, method: str, path: str, body: Any = None, **headers: str
    ) -> Answer:
        headers = {"Authorization": basic(USERNAME, PASSWORD), **headers}
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                method, self.url(subject) + path, json=body, headers=headers, ssl=self.trust
            ) as response,
        ):
            content = await response.read()
            found = await response.json() if content else {}
            return Answer(response.status, found, response.headers)

    async def get(self, subject: str, path: str) -> dict[str, Any]:
        answer = await self.ask(subject, "GET", path)
        assert answer.status == 200, answer
        return answer.body

    async def patch(self, subject: str, path: str, body: Any) -> Answer:
        return await self.ask(subject, "PATCH", path, body)

    async def reset(self, node: str, kind: str) -> Answer:
        return await self.ask(node, "POST", RESET, {"ResetType": kind})

    async def power_on(self, node: str) -> None:
        assert (await self.reset(node, "On")).status == 202
        await self.finished(node)
        assert self.hosts.running(node)

    async def finished(self, node: str) -> None:
        """Wait until a node's BMC has ended all its tasks."""
        await self.running.site.nodes[node].tasks.finished()

    async def switch(self, pdu: str, outlet: int, state: str) -> Answer:
        target = f"{OUTLETS}/{outlet}/Actions/Outlet.PowerControl"
        return await self.ask(pdu, "POST", target, {"PowerState": state})

    async def feed(self, node: str, state: str, *, supplies: int) -> None:
        """Switch the outlets of a node's first supplies."""
        planned = next(n for n in self.plan.nodes if n.name == node)
        for supply in planned.power_supplies[:supplies]:
            assert (await self.switch(supply.pdu, supply.outlet, state)).status == 204


def basic(username: str, password: str) -> str:
    return f"Basic {b64encode(f'{username}:{password}'.encode()).decode()}"


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that happens by itself; fail where it does not."""
    end_s = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < end_s, "it did not happen"
        await asyncio.sleep(0.005)


def controllers(plan: SitePlan) -> list[Controller]:
    return [
        *(node.controller for node in plan.nodes),
        *(board for node in plan.nodes for board in node.board_controllers),
        *(loop.controller for loop in plan.loops),
        *(pdu.controller for pdu in plan.pdus),
        *(shelf.controller for shelf in plan.power_shelves),
    ]


def on_loopback(plan: SitePlan) -> SitePlan:
    """Return the plan with every controller in 127.0.0.0/8."""

    def local(controller: Controller) -> Controller:
        address = IPv4Address(0x7F_00_00_00 | int(controller.address) & 0xFF_FF)
        return replace(controller, address=address)

    def moved(device: Any) -> Any:
        return replace(device, controller=local(device.controller))

    def moved_node(node: Any) -> Any:
        boards = tuple(map(local, node.board_controllers))
        return replace(moved(node), board_controllers=boards)

    return replace(
        plan,
        nodes=tuple(map(moved_node, plan.nodes)),
        loops=tuple(map(moved, plan.loops)),
        pdus=tuple(map(moved, plan.pdus)),
    )


@asynccontextmanager
async def rig(
    folder: Path,
    shelves: tuple[PowerShelf, ...] = (),
    site: SitePlan | None = None,
    **settings: Any,
) -> AsyncIterator[Rig]:
    # One authority for all tests of a run: it is what takes longest.
    plan = replace(on_loopback(site or lab_plan()), power_shelves=shelves)
    authority = folder.parent / "authority"
    make_ca(authority)
    served = Rig(plan=plan, folder=folder, authority=authority, port=free_port(), **settings)
    for controller in served.controllers:
        issue(authority, controller.name, controller.address)
    served.hosts.released.set()
    await served.start()
    try:
        yield served
    finally:
        await served.running.close()
