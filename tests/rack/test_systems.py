"""A rack's hosts that are ours to install are installed before they are played."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clusterwright.access.guard import Guard, Outcome
from clusterwright.access.os_install import InstallState, Order, differences
from clusterwright.access.os_install.state import Presence
from clusterwright.design.plan import ServiceState, SitePlan
from clusterwright.errors import HostError
from clusterwright.operate.rack.gates import systems
from clusterwright.operate.rack.gates.systems import install
from clusterwright.operate.rack.site import LiveRack, LiveSite
from clusterwright.site_folder import SiteFolder
from tests.installations import plan_of

FOREIGN = InstallState(presence=Presence.FOREIGN)


class Doors:
    """Opens nothing."""

    @property
    def boots(self) -> "Doors":
        return self

    @asynccontextmanager
    async def open(self, *_: Any) -> AsyncIterator[None]:
        yield

    @asynccontextmanager
    async def lend(self, *_: Any, **__: Any) -> AsyncIterator[None]:
        yield


def rack_of(plan: SitePlan, folder: Path, name: str = "r1") -> LiveRack:
    async def put(*_: object) -> None:
        return

    site = LiveSite(
        folder=SiteFolder(definition=folder / "site.yml"),
        plan=plan,
        doors=Doors(),  # type: ignore[arg-type]
        put_into_service=put,
        keep_passed=put,
    )
    return LiveRack(name=name, site=site)


@pytest.fixture
def ordered(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Guard]]:
    """Who is installed; su1-n2 has a system of somebody else's."""
    found: list[tuple[str, Guard]] = []

    async def apply(_: Any, order: Order, __: Any, guard: Guard) -> Any:
        found.append((order.host, guard))
        pending = differences("d1", "", FOREIGN) if order.host == "su1-n2" else ()
        return Outcome(state=FOREIGN, pending=pending)

    monkeypatch.setattr(systems.os_install, "apply", apply)
    return found


def test_every_host_that_is_ours_is_installed_and_what_waits_is_said(
    tmp_path: Path, ordered: list[tuple[str, Guard]]
) -> None:
    checks = asyncio.run(install(rack_of(plan_of(tmp_path), tmp_path)))
    assert [host for host, _ in ordered] == ["su1-n1", "su1-n2"]
    assert [(one.subject, "installation.again" in one.remedy) for one in checks] == [
        ("su1-n2", True)
    ]


def test_what_is_in_service_is_not_touched(
    tmp_path: Path, ordered: list[tuple[str, Guard]]
) -> None:
    plan = plan_of(tmp_path)
    busy = tuple(replace(n, service_state=ServiceState.IN_SERVICE) for n in plan.nodes)
    assert asyncio.run(install(rack_of(replace(plan, nodes=busy), tmp_path))) == ()
    assert ordered == []


def test_a_rack_of_other_hosts_has_nothing_to_install(
    tmp_path: Path, ordered: list[tuple[str, Guard]]
) -> None:
    assert asyncio.run(install(rack_of(plan_of(tmp_path), tmp_path, "r2"))) == ()
    assert ordered == []


def test_a_failed_installation_is_that_hosts_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def apply(_: Any, order: Order, *__: Any) -> Any:
        raise HostError(f"{order.host}: its installation failed: no disk")

    monkeypatch.setattr(systems.os_install, "apply", apply)
    checks = asyncio.run(install(rack_of(plan_of(tmp_path), tmp_path)))
    assert [one.found for one in checks] == [
        "su1-n1: its installation failed: no disk",
        "su1-n2: its installation failed: no disk",
    ]
