"""A device of an emulated site on its way out, and everything that knows of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from clusterwright.access.vault import factory_secret
from clusterwright.design.plan import ServiceState, SitePlan
from clusterwright.model.record import DeviceRecord, NodeRecord, Record
from clusterwright.operate.decommission.device import departing
from clusterwright.operate.decommission.run import Left, decommission
from clusterwright.operate.decommission.steps import STEPS
from clusterwright.operate.decommission.task import Patience, Task
from clusterwright.operate.rack.doors import Doors
from clusterwright.record_file import change_record, read_record
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import VARIABLE, read_vault, write_vault
from tests.access.facility_rig import PASSWORD, USERNAME, Rig, rig

NODE, OTHER = "su1-n1", "su1-n2"
FACTORY = "printed on its label"
SHORT = Patience(grace_s=0.5, settle_s=3.0, erase_s=3.0)
NAMES = tuple(step.name for step in STEPS)


class Killed(BaseException):
    """As if the process had ended."""


@dataclass
class Leaver:
    """One node of an emulated site, and everything that knows of it."""

    lab: Rig
    folder: SiteFolder
    name: str = NODE

    @property
    def task(self) -> Task:
        """As a new process would begin it."""
        plan = drained(self.lab.plan)
        device = departing(plan, self.name)
        doors = Doors(self.folder, port=self.lab.port)
        return Task(folder=self.folder, plan=plan, device=device, doors=doors, patience=SHORT)

    async def leave(self, killed_before: str | None = None) -> tuple[Left, ...]:
        """Run once; with a step's name, die as it begins."""

        def before(step: str) -> None:
            if step == killed_before:
                raise Killed

        return await decommission(self.task, before)

    @property
    def record(self) -> Record:
        return read_record(self.folder.record)

    @property
    def secrets(self) -> set[str]:
        return set(read_vault(self.folder.vault))

    def forget(self, secret: str) -> None:
        """Let the vault not have a secret."""
        known = dict(read_vault(self.folder.vault))
        known.pop(secret)
        write_vault(self.folder.vault, known)


def drained(plan: SitePlan) -> SitePlan:
    states = {NODE: ServiceState.DRAINED}
    return replace(
        plan,
        nodes=tuple(
            replace(node, service_state=states.get(node.name, ServiceState.IN_SERVICE))
            for node in plan.nodes
        ),
    )


@asynccontextmanager
async def leaver(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Leaver]:
    site = SiteFolder(definition=folder / "site/site.yml")
    site.path.mkdir(parents=True)
    passphrase = folder / "passphrase"
    passphrase.write_text("not a real passphrase\n")
    monkeypatch.setenv(VARIABLE, str(passphrase))
    async with rig(folder / "state") as lab:
        site.ca_file.write_bytes(lab.ca_file.read_bytes())
        login = {"username": USERNAME, "password": PASSWORD}
        factory = {"username": USERNAME, "password": FACTORY}
        write_vault(
            site.vault,
            {
                **{one.secret: login for one in lab.controllers},
                **{factory_secret(name): factory for name in (NODE, OTHER)},
                "ca": {"private_key": (lab.authority / "ca.key").read_text()},
            },
        )
        devices = {
            name: DeviceRecord(serial=bmc.identity.serial)
            for name, bmc in lab.running.site.nodes.items()
        }
        nodes = {NODE: NodeRecord(state="drained")}
        change_record(site.record, lambda _: Record(devices=devices, nodes=nodes))
        site.known_hosts.write_text(f"{NODE} ssh-ed25519 AAAA\n{OTHER} ssh-ed25519 BBBB\n")
        await lab.power_on(NODE)
        await lab.power_on(OTHER)
        yield Leaver(lab=lab, folder=site)
