"""A power shelf of a rack-scale system: rectifiers that feed the rack's busbar."""

from collections.abc import Callable

from clusterwright.catalogue.entry import PowerShelf as ShelfModel
from clusterwright.design.plan import PowerShelf as PlannedShelf
from clusterwright.lab.facility import shelf_tree
from clusterwright.lab.facility.firmware import AC, MANAGER, Component
from clusterwright.lab.facility.metering import Meter
from clusterwright.lab.facility.parts import parts_of
from clusterwright.lab.facility.settings import Settings

BUSBAR_VOLTS = 50.0
EFFICIENCY = 0.975


class Shelf:
    """One emulated shelf. `demand_watts` tells what the busbar takes from it."""

    kind = "shelf"

    def __init__(
        self,
        planned: PlannedShelf,
        model: ShelfModel,
        settings: Settings,
        *,
        demand_watts: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.planned, self.model, self.controller = planned, model, planned.controller
        self._demand_watts = demand_watts
        self.supplies = tuple(rectifier.name for rectifier in planned.rectifiers)
        self.failed_supplies: set[str] = set()
        self.service = settings.service(
            planned.controller, planned.name, lambda: shelf_tree.place(self)
        )
        self.tree, self.tasks = self.service.tree, self.service.tasks
        self.meter = Meter(BUSBAR_VOLTS, settings.clock_s)
        units = [Component(name=name, activation=AC) for name in self.supplies]
        self.parts = parts_of(
            self.service,
            (Component(name="PSC", activation=MANAGER, related=shelf_tree.SHELF), *units),
            model=planned.model,
            manager_firmware="PSC",
            delivered=settings.certificate(planned.controller)[0],
            transfer_s=settings.post_s,
        )

    @property
    def live_supplies(self) -> int:
        """How many rectifiers give power."""
        return len(set(self.supplies) - self.failed_supplies)

    @property
    def capacity_watts(self) -> float:
        """What it can give now."""
        return self.planned.capacity_watts * self.live_supplies / len(self.supplies)

    @property
    def output_watts(self) -> float:
        """What it gives to the busbar now."""
        return min(self._demand_watts(), self.capacity_watts)

    def supply_watts(self, name: str) -> float:
        """Return what one rectifier gives: they share the load equally."""
        live = name not in self.failed_supplies
        return self.output_watts / self.live_supplies if live else 0.0

    @property
    def health(self) -> str:
        """How well it is, in Redfish's words."""
        if self.live_supplies < self.model.supplies.needed:
            return "Critical"
        return "OK" if self.live_supplies == len(self.supplies) else "Warning"

    def fail_supplies(self, *names: str) -> None:
        """Let exactly these rectifiers be broken."""
        self.failed_supplies = set(names)
        text = f"{', '.join(names) or 'none'} of {self.planned.name} has failed"
        severity = "Critical" if names else "OK"
        self.service.journal.write(severity, "ResourceStatusChanged", text, origin=shelf_tree.SHELF)

    async def close(self) -> None:
        """End what is under way."""
        await self.service.close()
