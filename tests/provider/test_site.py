"""Whose turn it is: one operation per device, and few enough nodes interrupted at once."""

import asyncio

import pytest

from clusterwright.access.vault import Login
from clusterwright.errors import DeviceUnreachable, UsageError
from clusterwright.provider import site as module
from clusterwright.provider.site import Site, open_site
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import write_vault
from tests.plans import lab_plan

pytestmark = pytest.mark.asyncio


class Connection:
    """Counts how many of it are open at once."""

    logins: list[Login]
    most = now = 0

    def __init__(self, *, address, login, ca_file, name):
        type(self).logins.append(login)

    async def __aenter__(self):
        type(self).now += 1
        type(self).most = max(self.most, self.now)
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_):
        type(self).now -= 1


@pytest.fixture
def connections(monkeypatch):
    kind = type("Connections", (Connection,), {"logins": []})
    monkeypatch.setattr(module, "Redfish", kind)
    return kind


@pytest.fixture
def folder(tmp_path, monkeypatch):
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("open sesame")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", str(passphrase))
    folder = SiteFolder(definition=tmp_path / "site.yml")
    write_vault(folder.vault, {"bmc/su1-n1": {"username": "admin", "password": "hush"}})
    return folder


async def use(site, *addresses):
    async def once(address):
        async with site.device(address, "bmc/su1-n1"):
            await asyncio.sleep(0)

    await asyncio.gather(*(once(address) for address in addresses))


async def test_operations_on_one_device_take_turns(folder, connections):
    await use(Site(folder), "10.100.0.11", "10.100.0.11", "10.100.0.11")
    assert connections.most == 1


async def test_operations_on_several_devices_do_not_wait_for_each_other(folder, connections):
    await use(Site(folder), "10.100.0.11", "10.100.0.12", "10.100.0.13")
    assert connections.most == 3


async def test_a_device_is_met_with_the_login_of_its_name(folder, connections):
    await use(Site(folder), "10.100.0.11")
    assert connections.logins == [Login(username="admin", password="hush")]


async def test_without_a_passphrase_the_variable_is_named(folder, connections, monkeypatch):
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE_FILE")
    with pytest.raises(UsageError, match="PULUMI_CONFIG_PASSPHRASE_FILE is not set"):
        await use(Site(folder), "10.100.0.11")
    assert connections.logins == []


async def test_no_more_nodes_are_interrupted_at_once_than_maintenance_says(folder, monkeypatch):
    monkeypatch.setattr(module, "_plan", lambda _folder: lab_plan())
    site, now, most = Site(folder), 0, 0

    async def interrupt():
        nonlocal now, most
        async with site.maintenance(disruptive=True):
            now, most = now + 1, max(most, now + 1)
            await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*(interrupt() for _ in range(5)))
    assert most == lab_plan().maintenance.at_once == 2


async def test_a_site_that_does_not_exist_is_named():
    with pytest.raises(UsageError, match="site nowhere: "):
        await open_site("nowhere")


async def test_only_one_takes_power_away_at_a_time(folder):
    site, now, most = Site(folder), 0, 0

    async def cut():
        nonlocal now, most
        async with site.cutting():
            now, most = now + 1, max(most, now + 1)
            await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*(cut() for _ in range(3)))
    assert most == 1


async def asked(site, way):
    """Reach for a device that does not answer, and return whether it was asked."""
    tried = []

    async def reach():
        async with way(site):
            tried.append(1)
            raise DeviceUnreachable("su1-n1: no answer before the deadline")

    with pytest.raises(DeviceUnreachable, match="no answer before the deadline"):
        await reach()
    return bool(tried)


async def test_a_device_that_does_not_answer_is_waited_for_once_and_written_to_all_the_same(
    folder, connections, monkeypatch
):
    site = Site(folder)
    ways = {
        "read": lambda site: site.look("10.100.0.11", "bmc/su1-n1"),
        "read itself": lambda site: site.look_by_oneself("10.100.0.11"),
        "write": lambda site: site.device("10.100.0.11", "bmc/su1-n1"),
    }
    tried = [await asked(site, ways[one]) for one in ("read", "read", "read itself", "write")]
    assert tried == [True, False, False, True]
    async with site.look("10.100.0.12", "bmc/su1-n1"):
        pass
    monkeypatch.setattr(module, "SILENT_S", 0.0)
    assert await asked(site, ways["read"])
