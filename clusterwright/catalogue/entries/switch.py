"""Switches, their cages, and how a cage may be split."""

from typing import Literal, Self

from pydantic import PositiveFloat, PositiveInt, model_validator

from clusterwright.catalogue.entries.base import Entry, Figures
from clusterwright.catalogue.entries.power import PowerSupplies
from clusterwright.catalogue.entries.server import Air

Connector = Literal["osfp-twin", "osfp", "qsfp-dd", "qsfp112", "qsfp56", "qsfp28", "sfp28", "rj45"]


class Breakout(Figures):
    """One way to use a cage: as so many ports at one speed; they may also run at lower ones."""

    ports: PositiveInt
    speed_gbps: PositiveFloat
    lower_gbps: tuple[PositiveFloat, ...] = ()


class Cages(Figures):
    """Further cages of another kind: uplinks, or ports for management."""

    name: str
    cages: PositiveInt
    ports_per_cage: PositiveInt = 1
    speed_gbps: PositiveFloat
    connector: Connector
    breakouts: tuple[Breakout, ...] = ()


class Switch(Entry):
    """A switch: `cages` of `ports_per_cage` ports each, at `speed_gbps` a port."""

    manufacturer: str = "NVIDIA"
    fabric_kind: Literal["infiniband", "ethernet"]
    cages: PositiveInt
    ports_per_cage: PositiveInt
    speed_gbps: PositiveInt
    connector: Connector | None = None
    breakouts: tuple[Breakout, ...] = ()
    """Ways to use one cage, unsplit first; empty is not known."""
    ports_max: PositiveInt | None = None
    """The most ports of all cages together, however they are split."""
    further_cages: tuple[Cages, ...] = ()
    cage_power_max_watts: PositiveFloat | None = None
    """What a transceiver in a cage may draw."""
    managed: bool = True
    """Whether it runs an OS of its own; the fabric manages others from outside."""
    height_units: PositiveInt
    width_mm: PositiveInt | None = None
    depth_mm: PositiveInt | None = None
    weight_kg: PositiveFloat | None = None
    power_max_watts: PositiveInt | None
    """With a transceiver in every cage."""
    power_typical_watts: PositiveInt | None = None
    """With passive cables."""
    power_supplies: PowerSupplies | None
    air: Air = Air()

    @model_validator(mode="after")
    def _breakouts_fit(self) -> Self:
        _fit("a cage", self.ports_per_cage * self.speed_gbps, self.breakouts)
        for group in self.further_cages:
            _fit(group.name, group.ports_per_cage * group.speed_gbps, group.breakouts)
        return self

    @property
    def ports(self) -> int:
        return self.cages * self.ports_per_cage

    @property
    def unknown(self) -> tuple[str, ...]:
        """Keys without a figure that space, power and cooling cannot be checked without."""
        keys = ("power_max_watts", "power_supplies")
        return tuple(key for key in keys if getattr(self, key) is None)


def _fit(what: str, cage_gbps: float, breakouts: tuple[Breakout, ...]) -> None:
    for one in breakouts:
        if one.ports * one.speed_gbps > cage_gbps:
            raise ValueError(
                f"a breakout into {one.ports} × {one.speed_gbps:g} Gb/s is more than {what} "
                f"carries, {cage_gbps:g} Gb/s"
            )
        if any(lower >= one.speed_gbps for lower in one.lower_gbps):
            raise ValueError(
                f"lower_gbps of the breakout into {one.ports} × {one.speed_gbps:g} Gb/s names a "
                "speed that is not lower"
            )
