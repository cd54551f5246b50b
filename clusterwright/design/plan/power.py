"""Power supplies and what feeds them."""

from dataclasses import dataclass

from clusterwright.design.plan.controller import Controller


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerSupply:
    """One power supply of a server and the outlet that its cord goes to."""

    name: str
    pdu: str
    outlet: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An outlet that feeds something: `consumer` is a host or switch, `power_supply` one of its."""

    number: int
    consumer: str
    power_supply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdu:
    """A rack PDU. `outlets` lists those in use: they are on; `outlet_count` is what it has."""

    name: str
    model: str
    rack: str
    feed: str
    controller: Controller
    outlet_count: int
    outlets: tuple[Outlet, ...]
