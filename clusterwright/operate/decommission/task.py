"""One device on its way out: what its steps share."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from clusterwright.design.plan import Controller, SitePlan
from clusterwright.model.record import Leaving, Record
from clusterwright.operate.decommission.device import Departing
from clusterwright.operate.decommission.leaving import leaving_of
from clusterwright.operate.rack.doors import Doors
from clusterwright.record_file import change_record, read_record
from clusterwright.site_folder import SiteFolder

Note = Callable[[str], None]
"""Hears in a few words what is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long things may take."""

    grace_s: float = 120.0
    settle_s: float = 60.0
    erase_s: float = 4 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One device, the plan as if it still stood there, and how to reach what it hangs on."""

    folder: SiteFolder
    plan: SitePlan
    device: Departing
    doors: Doors
    patience: Patience = field(default_factory=Patience)
    note: Note = lambda _: None

    @property
    def name(self) -> str:
        return self.device.name

    @property
    def controllers(self) -> tuple[Controller, ...]:
        return self.device.controllers

    @property
    def leaving(self) -> Leaving:
        """What the record has of it now."""
        return _current(read_record(self.folder.record), self.name)

    async def close(self) -> None:
        """End every conversation that its steps have begun."""
        nodes = (node.controller for node in self.plan.nodes)
        pdus = (pdu.controller for pdu in self.plan.pdus)
        await self.doors.close((*self.controllers, *nodes, *pdus))

    async def write(self, **changes: Any) -> None:
        """Change what the record has of it."""
        await asyncio.to_thread(self.write_now, **changes)

    def write_now(self, **changes: Any) -> None:
        def change(record: Record) -> Record:
            after = _current(record, self.name).model_copy(update=changes)
            return record.model_copy(update={"leaving": {**record.leaving, self.name: after}})

        change_record(self.folder.record, change)


def moment() -> str:
    """Return now, as the record writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _current(record: Record, name: str) -> Leaving:
    device = record.devices.get(name)
    return leaving_of(record, name) or Leaving(serial=device.serial if device else "")
