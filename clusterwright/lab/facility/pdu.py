"""A rack PDU: switched outlets behind branches and mains, and what they carry."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from clusterwright.catalogue.entry import Pdu as PduModel
from clusterwright.design.plan import Pdu as PlannedPdu
from clusterwright.lab.facility import pdu_tree
from clusterwright.lab.facility.firmware import MANAGER, Component
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.metering import Meter
from clusterwright.lab.facility.parts import parts_of
from clusterwright.lab.facility.settings import Settings

CYCLE_S = 0.5
VOLTS = 230.0
INRUSH_AMPS = 30.0
"""What a power supply takes for a moment when it gets power."""
TRIP_FACTOR = 10.0
"""How many times its rating trips a breaker at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PduMemory:
    """A rack PDU as it leaves the factory: every outlet on. `off` lists the others by number."""

    off: Mapping[str, bool] = field(default_factory=dict)
    restore_policies: Mapping[str, str] = field(default_factory=dict)
    delays_s: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """By outlet, then by the name of the property."""
    locked: Mapping[str, bool] = field(default_factory=dict)
    alarms_amps: Mapping[str, float] = field(default_factory=dict)
    """By the name of the sensor."""
    tripped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumers:
    """What hangs on a PDU: what an outlet's consumer would draw, and who must feel a change."""

    watts: Callable[[str, int], float]
    changed: Callable[[str], Awaitable[None]]


class Pdu:
    """One emulated rack PDU. Its controller hangs on a supply of its own."""

    kind = "pdu"

    def __init__(
        self, pdu: PlannedPdu, model: PduModel | None, consumers: Consumers, settings: Settings
    ) -> None:
        self.pdu, self.model, self.controller = pdu, model, pdu.controller
        self._consumers = consumers
        self.memory = Memory(settings.devices / f"{pdu.name}.json", PduMemory())
        self.service = settings.service(pdu.controller, pdu.name, lambda: pdu_tree.place(self))
        self.tree, self.tasks = self.service.tree, self.service.tasks
        self.volts = float(pdu.outlet_volts or VOLTS)
        self.meter = Meter(self.volts, settings.clock_s)
        self.pace = settings.pace
        self.feed_live = True
        self.stuck: set[int] = set()
        """Outlets whose relay does not move, whatever it is told."""
        self._fed = {outlet.number: outlet.consumer for outlet in pdu.outlets}
        self.parts = parts_of(
            self.service,
            (Component(name="PDU", activation=MANAGER, related=pdu_tree.PDU),),
            model=pdu.model,
            manager_firmware="PDU",
            delivered=settings.certificate(pdu.controller)[0],
            transfer_s=settings.post_s,
        )

    @property
    def outlets(self) -> range:
        """The numbers of its outlets."""
        return range(1, self.pdu.outlet_count + 1)

    @property
    def rated_amps(self) -> float | None:
        """What its mains may carry; None where nobody knows."""
        return self.model.input_amps if self.model else None

    def consumer_of(self, outlet: int) -> str:
        """Return who is fed by an outlet; an empty text where nobody is."""
        return self._fed.get(outlet, "")

    def is_closed(self, outlet: int) -> bool:
        """Say whether an outlet's relay is closed."""
        return not self.memory.state.off.get(str(outlet), False)

    def is_on(self, outlet: int) -> bool:
        """Say whether an outlet gives power."""
        return self.feed_live and not self.memory.state.tripped and self.is_closed(outlet)

    def outlet_watts(self, outlet: int) -> float:
        """Return what an outlet gives now."""
        return self._consumers.watts(self.pdu.name, outlet) if self.is_on(outlet) else 0.0

    def watts_of(self, outlets: Iterable[int]) -> float:
        """Return what several outlets give now."""
        return sum(self.outlet_watts(outlet) for outlet in outlets)

    async def close(self) -> None:
        """End what is under way; outlets stay as they are."""
        await self.service.close()

    def delay_s(self, outlet: int, name: str) -> float:
        """Return a delay of an outlet, such as PowerOnDelaySeconds."""
        return self.memory.state.delays_s.get(str(outlet), {}).get(name, 0.0)

    def wait_s(self, outlet: int, name: str) -> float:
        """Return how long an outlet waits for a delay, at the pace of this lab."""
        return self.delay_s(outlet, name) * self.pace

    async def switch(self, outlet: int, state: str) -> None:
        """Switch an outlet, and wait until its consumer has felt it."""
        if state == "PowerCycle":
            await self.switch(outlet, "Off")
            await asyncio.sleep(self.wait_s(outlet, "PowerCycleDelaySeconds") or CYCLE_S)
            state = "On"
        if outlet in self.stuck:
            return
        before = self.is_on(outlet)
        off = {**self.memory.state.off, str(outlet): state == "Off"}
        self.memory.update(off={number: True for number, is_off in off.items() if is_off})
        if self.is_on(outlet) and not before:
            self._rush_in([outlet])
        await self._felt([outlet])

    async def set_feed(self, *, live: bool) -> None:
        """Lose the feed or regain it; outlets come back as their policy and delay say."""
        self.feed_live = live
        word, severity = ("OK again", "OK") if live else ("lost", "Critical")
        text = f"feed {self.pdu.feed} of {self.pdu.name} is {word}"
        key = "ResourceErrorsCorrected" if live else "ResourceErrorsDetected"
        origin = f"{pdu_tree.PDU}/Mains/1"
        self.service.journal.write(severity, key, text, origin=origin)
        if live:
            await self._restore()
        else:
            await self._felt(self.outlets)

    async def reset_breaker(self) -> None:
        """Close a breaker that has tripped."""
        self.memory.update(tripped=False)
        await self._felt(self.outlets)

    async def _restore(self) -> None:
        waves: dict[float, list[int]] = {}
        for outlet in self.outlets:
            policy = self.memory.state.restore_policies.get(str(outlet), "LastState")
            if policy != "LastState":
                off = {**self.memory.state.off, str(outlet): policy == "AlwaysOff"}
                self.memory.update(off={n: True for n, is_off in off.items() if is_off})
            if self.is_on(outlet):
                delay_s = self.wait_s(outlet, "PowerRestoreDelaySeconds")
                waves.setdefault(delay_s, []).append(outlet)
        for delay_s in sorted(waves):
            self._rush_in(waves[delay_s])
        await self._felt(self.outlets)

    def _rush_in(self, outlets: list[int]) -> None:
        rush = INRUSH_AMPS * sum(outlet in self._fed for outlet in outlets)
        amps = rush + self.meter.amps(self.watts_of(self.outlets))
        self.meter.see_peak(amps)
        if self.rated_amps and amps > TRIP_FACTOR * self.rated_amps:
            self.memory.update(tripped=True)
            text = f"the breaker of {self.pdu.name} tripped at {amps:.0f} A of inrush"
            origin = f"{pdu_tree.PDU}/Mains/1"
            self.service.journal.write("Critical", "ResourceErrorsDetected", text, origin=origin)

    async def _felt(self, outlets: Iterable[int]) -> None:
        consumers = {self._fed[outlet] for outlet in outlets if outlet in self._fed}
        for consumer in sorted(consumers):
            await self._consumers.changed(consumer)
