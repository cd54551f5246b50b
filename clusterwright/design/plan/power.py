"""Power supplies and what feeds them."""

from collections.abc import Mapping
from dataclasses import dataclass

from clusterwright.design.plan.controller import Controller
from clusterwright.design.plan.space import Mount


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerSupply:
    """One power supply of a server and the outlet that its cord goes to."""

    name: str
    pdu: str
    outlet: int
    feed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An outlet that feeds something: `consumer` is a host or switch, `power_supply` one of its.

    `type`, `branch` and `phase` are empty where they are not known. After an outage it stays off
    for `power_on_delay_s`, so that not all come on at once.
    """

    number: int
    type: str
    branch: str
    phase: str
    consumer: str
    power_supply: str
    power_on_delay_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletBank:
    """Outlets `first` and the following of one type, behind one breaker.

    `type`, `phase` and `branch` are empty, and `breaker_amps` is None, where that is not known.
    """

    first: int
    count: int
    type: str
    phase: str
    branch: str
    breaker_amps: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdu:
    """A rack PDU. `outlets` lists those in use: they are on; `outlet_count` is what it has.

    `limit_va` is what it may give for hours; None where nobody says.
    """

    name: str
    model: str
    rack: str
    feed: str
    controller: Controller
    outlet_count: int
    outlets: tuple[Outlet, ...]
    phases: int | None = None
    line_volts: int | None = None
    outlet_volts: int | None = None
    limit_va: int | None = None
    banks: tuple[OutletBank, ...] = ()
    continuous_load: float = 0.8
    """The share of a branch's breaker that may flow for hours."""
    holds_sequence: bool = True
    """Whether its outlets hold their delays by themselves."""
    holds_alarms: bool = True
    """Whether its sensors hold the thresholds at which they warn."""

    @property
    def sequence(self) -> Mapping[int, int]:
        """After how many seconds each outlet comes on; nothing where they do not hold it."""
        held = self.outlets if self.holds_sequence else ()
        return {outlet.number: outlet.power_on_delay_s for outlet in held}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectifier:
    """A power supply of a shelf; it is wired to a feed, not to an outlet."""

    name: str
    feed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerShelf:
    """Rectifiers that feed the busbar of a rack."""

    name: str
    model: str
    mount: Mount
    controller: Controller
    capacity_watts: int
    rectifiers: tuple[Rectifier, ...]
    rectifiers_needed: int = 0
    """How many of them must work for its capacity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedBalance:
    """What a feed gives at most, to the site or to one row, with feed `lost` gone.

    `lost` is empty in normal operation, `row` for the whole site; no limit is None.
    """

    feed: str
    lost: str
    row: str
    watts: int
    limit_watts: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartUpGroup:
    """Devices that come on together after an outage, in the order of `start_order`.

    In an emergency they are cut in the order of `power_off_order`: what makes most heat first.
    """

    name: str
    start_order: int
    power_off_order: int
    first_delay_s: int
    last_delay_s: int
    devices: int
