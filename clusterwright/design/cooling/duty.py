"""What a coolant circuit has to do, and what its CDUs can still do with one part lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusterwright.catalogue.entry import Cdu
from clusterwright.design.occupant import Occupant
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite
from clusterwright.model.loop import Loop


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A circuit with what gives it heat; `watts_per_lpm_k` is what its coolant carries."""

    loop: Loop
    path: DefinitionPath
    models: tuple[Cdu, ...]
    wet: tuple[Occupant, ...]
    watts_per_lpm_k: float

    @property
    def heat_watts(self) -> int:
        return sum(one.liquid_watts for one in self.wet)

    def lpm_of(self, one: Occupant) -> float:
        """Return the flow that a device needs: its maker's, or what keeps the rise of the loop."""
        rise_lpm = one.liquid_watts / (self.watts_per_lpm_k * self.loop.temperature_rise_k)
        return one.liquid.flow_lpm or rise_lpm

    @property
    def flow_lpm(self) -> float:
        """The flow that is needed: of all devices, and of the CDU to carry that much heat."""
        of_devices = sum(self.lpm_of(one) for one in self.wet)
        per_kw = max((model.flow_lpm_per_kw or 0.0 for model in self.models), default=0.0)
        return max(of_devices, per_kw * self.heat_watts / 1000)

    @property
    def return_c(self) -> float:
        """The temperature that comes back, at the flow that is held or needed."""
        flow_lpm = self.loop.flow_lpm or self.flow_lpm
        carried = flow_lpm * self.watts_per_lpm_k
        return self.loop.supply_temperature_c + (self.heat_watts / carried if carried else 0.0)

    @property
    def capacity_watts(self) -> int:
        return sum(model.capacity_watts for model in self.models)

    @property
    def reserve_watts(self) -> int | None:
        """What is carried in the worst case that the circuit must outlive."""
        left = _reserve(self, [float(model.capacity_watts) for model in self.models])
        return None if left is None else round(left)

    @property
    def reserve_lpm(self) -> float | None:
        """The flow in the same case."""
        flows = [flow_max_lpm(model) for model in self.models]
        known = [flow for flow in flows if flow is not None]
        return _reserve(self, known) if len(known) == len(flows) else None

    @property
    def case(self) -> str:
        """The worst case in words."""
        return "one CDU lost" if self.loop.spares else "one pump lost"


def list_duties(loaded: LoadedSite, by_rack: Mapping[str, Sequence[Occupant]]) -> tuple[Duty, ...]:
    """Return what every circuit has to do, what is to come included."""
    return tuple(
        Duty(
            loop=loop,
            path=("facility", "cooling", "loops", i),
            models=tuple(loaded.catalogue.cdus[cdu.model] for cdu in loop.cdus),
            wet=tuple(one for rack in loop.racks for one in by_rack.get(rack, ()) if is_wet(one)),
            watts_per_lpm_k=loaded.catalogue.coolants[loop.coolant].watts_per_lpm_k(
                loop.supply_temperature_c
            ),
        )
        for i, loop in enumerate(loaded.site.facility.cooling.loops)
    )


def is_wet(one: Occupant) -> bool:
    """Whether coolant must reach it; where its share is not known, there still is one."""
    return one.liquid_watts > 0 or "liquid_watts" in one.unknown


def flow_max_lpm(model: Cdu) -> float | None:
    """Return the most that a CDU pumps; it can at least what it needs for its capacity."""
    if model.flow_max_lpm is not None or model.flow_lpm_per_kw is None:
        return model.flow_max_lpm
    return model.flow_lpm_per_kw * model.capacity_watts / 1000


def pumps_left(model: Cdu, run: int | None = None) -> float | None:
    """Return what share of its capacity a CDU keeps with one pump lost; None is not known.

    `run` is how many of its pumps run, where that is not all.

    Below the pumps that it needs, flow falls with the number of pumps at most, for fewer pumps
    have less friction to overcome; and what the same coolant carries falls with its flow.
    """
    if model.pumps is None:
        return None
    # Too few or too many of them is a mistake of its own, and not one of heat.
    running = min(max(run or model.pumps.count, model.pumps.needed), model.pumps.count)
    return min(1.0, (running - 1) / model.pumps.needed)


def _reserve(duty: Duty, whole: Sequence[float]) -> float | None:
    if duty.loop.spares:
        return sum(whole) - max(whole)
    if duty.loop.pumps.redundancy == "n":
        return sum(whole)
    shares = [pumps_left(model, duty.loop.pumps.run) for model in duty.models]
    if None in shares:
        return None
    return sum(whole) - max(
        all_of_it * (1 - (share or 0.0)) for all_of_it, share in zip(whole, shares, strict=True)
    )
