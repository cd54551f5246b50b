"""A small site as it is delivered: racks of the lab's definition on loopback, everything dark."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest

from clusterwright.design.hardware import list_hardware
from clusterwright.design.plan import ServiceState, SitePlan
from clusterwright.lab.facility.pdu import PduMemory
from clusterwright.model.record import DeviceRecord, Record, SignOff
from clusterwright.operate.rack.open_site import open_live_site
from clusterwright.operate.rack.outcome import RackOutcome
from clusterwright.operate.rack.patience import Patience
from clusterwright.operate.rack.runner import Course, run_racks
from clusterwright.operate.rack.steps import GATES
from clusterwright.record_file import change_record, read_record
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import VARIABLE, read_vault, write_vault
from tests.access.facility_rig import PASSWORD, USERNAME, Rig, on_loopback, rig
from tests.sites import plan_without_switches

SHORT = Patience(
    inrush_scale=0.0,
    outlet_s=0.6,
    controller_s=0.3,
    settle_s=6.0,
    loop_s=2.0,
    cord_s=0.2,
    poll_s=0.02,
    greeting_s=5.0,
)
LAST_OF_FACILITY = 7


@dataclass
class Dock:
    """The emulated site with its folder; `record` is what was delivered and signed off."""

    lab: Rig
    folder: SiteFolder
    record: Record
    heard: list[RackOutcome] = field(default_factory=list)

    @property
    def plan(self) -> SitePlan:
        """The plan as a new process would read it, with what the record knows."""
        record = read_record(self.folder.record)
        states = {name: ServiceState(one.state) for name, one in record.nodes.items()}
        plan = self.lab.plan
        nodes = tuple(
            replace(node, service_state=states.get(node.name, node.service_state))
            for node in plan.nodes
        )
        return replace(plan, nodes=nodes, hardware=list_hardware(plan, record))

    async def bring_up(self, *racks: str, **course: Any) -> tuple[RackOutcome, ...]:
        """Run anew, as a new process would: until the last gate that needs no host."""
        site = open_live_site(self.folder, self.plan, SHORT, port=self.lab.port)
        chosen = Course(**{"gates": GATES, "last": LAST_OF_FACILITY, **course})
        return await run_racks(site, racks, chosen, self.heard.append, at_once=4)

    def sign_off(self, rack: str, **values: str) -> None:
        """Write sign-offs into the record."""
        signed = {
            name.replace("_", "-"): SignOff(value=value, by="Ada", at="2026-11-28T19:00:00Z")
            for name, value in values.items()
            if value
        }
        self.write(sign_offs={**self.record.sign_offs, rack: signed})

    def logins(self) -> dict[str, str]:
        """What the vault holds: the password by the secret's name."""
        return {name: secret["password"] for name, secret in read_vault(self.folder.vault).items()}

    def forget_password(self, name: str) -> None:
        """Let the vault hold another password than the device has."""
        secrets = dict(read_vault(self.folder.vault))
        secrets[name] = {"username": USERNAME, "password": "nobody has this"}
        write_vault(self.folder.vault, secrets)

    def write(self, **changes: Any) -> None:
        """Change the record on disk."""
        self.record = change_record(
            self.folder.record, lambda record: record.model_copy(update=changes)
        )


@cache
def plan_of_the_lab() -> SitePlan:
    """The lab's plan with every address in 127.0.0.0/8: tests run in the machine's own network."""
    plan = on_loopback(plan_without_switches())
    plan = replace(
        plan,
        switches=tuple(map(_moved, plan.switches)),
        nodes=tuple(map(_moved, plan.nodes)),
        management_hosts=tuple(map(_moved, plan.management_hosts)),
    )
    refuse_other_networks(plan)
    return plan


def _moved(one: Any) -> Any:
    return replace(one, address=IPv4Address(0x7F_02_00_00 | int(one.address) & 0xFF_FF))


def refuse_other_networks(plan: SitePlan) -> None:
    """No gate of a test may knock at an address that is somebody else's."""
    owners = (*plan.nodes, *plan.loops, *plan.pdus, *plan.power_shelves)
    found = [one.controller.address for one in owners]
    found += [one.address for one in (*plan.switches, *plan.hosts)]
    strangers = [str(address) for address in found if not address.is_loopback]
    assert strangers == [], f"not on loopback: {strangers}"


@asynccontextmanager
async def dock(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, new: bool = False, **settings: Any
) -> AsyncIterator[Dock]:
    """Serve the lab's facility with every outlet off, and what the record needs to know of it."""
    site = _make_folder(folder, monkeypatch)
    async with rig(
        folder / "state", site=plan_of_the_lab(), times={"new": new, "pace": 0.002}, **settings
    ) as lab:
        site.ca_file.write_bytes(lab.ca_file.read_bytes())
        login = {"username": USERNAME, "password": PASSWORD}
        write_vault(site.vault, {c.secret: login for c in lab.controllers})
        for pdu in lab.running.site.pdus.values():
            off = {str(number): True for number in pdu.outlets}
            pdu.memory.state = PduMemory(off=off)
        one = Dock(lab=lab, folder=site, record=Record())
        one.write(devices=delivered(lab))
        one.sign_off("r2", **SIGNED)
        yield one


def _make_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> SiteFolder:
    site = SiteFolder(definition=folder / "site/site.yml")
    site.path.mkdir(parents=True)
    passphrase = folder / "passphrase"
    passphrase.write_text("not a real passphrase\n")
    monkeypatch.setenv(VARIABLE, str(passphrase))
    return site


SIGNED = {"flushed": "done", "bled": "done", "pressure_held": "600 kPa", "ph": "8.9"} | {
    "conductivity": "1200",
    "leak_reaction": "done",
}
"""What somebody vouches for of a rack on a loop whose CDU measures the rest."""


def delivered(lab: Rig) -> dict[str, DeviceRecord]:
    """What a true manifest of the site says."""
    nodes = lab.running.site.nodes
    return {name: DeviceRecord(serial=bmc.identity.serial) for name, bmc in nodes.items()}
