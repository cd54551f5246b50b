"""A small site as it is delivered: racks of the lab's definition on loopback, everything dark."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from clusterwright.lab.facility.pdu import PduMemory
from clusterwright.load import load_site
from clusterwright.operate.rack.delivered import Delivered, Recorded
from clusterwright.operate.rack.open_site import open_live_site
from clusterwright.operate.rack.outcome import RackOutcome
from clusterwright.operate.rack.patience import Patience
from clusterwright.operate.rack.runner import Course, run_racks
from clusterwright.operate.rack.steps import GATES
from clusterwright.site_folder import SiteFolder, find_site
from clusterwright.vault_file import VARIABLE, write_vault
from tests.access.facility_rig import PASSWORD, USERNAME, Rig, rig

SHORT = Patience(
    inrush_scale=0.0,
    controller_s=0.3,
    settle_s=6.0,
    loop_s=2.0,
    cord_s=0.2,
    poll_s=0.02,
    greeting_s=0.2,
)


@dataclass
class Dock:
    """The emulated site with its folder, and what was recorded of it."""

    lab: Rig
    folder: SiteFolder
    recorded: Recorded
    plan: SitePlan
    heard: list[RackOutcome] = field(default_factory=list)

    async def bring_up(self, *racks: str, **course: Any) -> tuple[RackOutcome, ...]:
        """Run anew, as a new process would."""
        site = open_live_site(self.folder, self.plan, self.recorded, SHORT, port=self.lab.port)
        chosen = Course(gates=GATES, **course)
        return await run_racks(site, racks, chosen, self.heard.append, at_once=4)


@cache
def plan_of_the_lab() -> SitePlan:
    return design(load_site(find_site("lab")))


@asynccontextmanager
async def dock(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, new: bool = False, **settings: Any
) -> AsyncIterator[Dock]:
    """Serve the lab's facility with every outlet off."""
    passphrase = folder / "passphrase"
    passphrase.write_text("not a real passphrase\n")
    monkeypatch.setenv(VARIABLE, str(passphrase))
    site = SiteFolder(definition=folder / "site/site.yml")
    site.path.mkdir()
    async with rig(folder / "state", site=plan_of_the_lab(), times={"new": new}, **settings) as lab:
        site.ca_file.write_bytes(lab.ca_file.read_bytes())
        login = {"username": USERNAME, "password": PASSWORD}
        write_vault(site.vault, {c.secret: login for c in lab.controllers}, passphrase)
        for pdu in lab.running.site.pdus.values():
            off = {str(number): True for number in pdu.outlets}
            pdu.memory.state = PduMemory(off=off)
        yield Dock(lab=lab, folder=site, recorded=delivered(lab), plan=lab.plan)


def delivered(lab: Rig) -> Recorded:
    """What a true manifest of the site says."""
    nodes = lab.running.site.nodes
    return Recorded(
        devices={name: Delivered(serial=bmc.identity.serial) for name, bmc in nodes.items()}
    )
