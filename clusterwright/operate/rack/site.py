"""One rack as a run sees it: what the plan and the record say of it, and how to reach it."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from clusterwright.access.identity import IdentityState
from clusterwright.access.switch import SwitchState
from clusterwright.design.plan import (
    Controller,
    CoolingLoop,
    ManagementHost,
    Node,
    Pdu,
    PowerShelf,
    ServiceState,
    SitePlan,
    Switch,
)
from clusterwright.model.record import PassedGate, SignOff
from clusterwright.operate.rack.doors import Doors
from clusterwright.operate.rack.patience import Patience
from clusterwright.operate.rack.shared import Shared
from clusterwright.operate.rack.verdict import Check
from clusterwright.site_folder import SiteFolder
from clusterwright.verify.declared import Declared
from clusterwright.verify.scope import loops_in, nodes_in, pdus_in, shelves_in

PutIntoService = Callable[[list[str]], Awaitable[None]]
"""Writes nodes down in the record as in service."""
KeepPassed = Callable[[str, Mapping[str, PassedGate]], Awaitable[None]]
"""Writes down which gates a rack has passed, and with which devices."""
Note = Callable[[str], None]
"""Hears in a few words what is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSite:
    """What all racks of a run share."""

    folder: SiteFolder
    plan: SitePlan
    doors: Doors
    put_into_service: PutIntoService
    keep_passed: KeepPassed
    patience: Patience = field(default_factory=Patience)
    declared: Mapping[str, tuple[Declared, ...]] = field(default_factory=dict)
    """What the plan declares of each device, by subject."""
    expected: Mapping[str, IdentityState] = field(default_factory=dict)
    """Which server was delivered for each node."""
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    """Of the certificates that controllers came with, by what they control."""
    sign_offs: Mapping[str, Mapping[str, SignOff]] = field(default_factory=dict)
    """What persons vouch for, by rack and by what it is."""
    passed_gates: Mapping[str, Mapping[str, PassedGate]] = field(default_factory=dict)
    """What the record knew when the run began, by rack and gate."""
    serials: Mapping[str, str] = field(default_factory=dict)
    """Of what was delivered, by name."""
    switch_looks: Shared[SwitchState] = field(default_factory=Shared)
    """Racks that hang on one switch ask it together."""


@dataclass(slots=True, kw_only=True)
class LiveRack:
    """One rack in a run."""

    name: str
    site: LiveSite
    note: Note = lambda _: None
    tried: dict[str, Check] = field(default_factory=dict)
    """What trials have shown in this run, by subject: no later look can see it."""
    played: bool = False
    """Whether this run has played its hosts."""
    now_in_service: set[str] = field(default_factory=set)
    """Nodes that this run has put into service; the plan is from before."""
    passed_gates: Mapping[str, PassedGate] = field(init=False)
    """What the record says now of its gates, by name."""

    def __post_init__(self) -> None:
        self.passed_gates = self.site.passed_gates.get(self.name, {})

    @property
    def nodes(self) -> tuple[Node, ...]:
        return nodes_in(self.site.plan, self.name)

    @property
    def idle(self) -> tuple[Node, ...]:
        """Nodes on which no jobs may run yet: these may be disturbed."""
        return tuple(n for n in self.nodes if n.service_state is not ServiceState.IN_SERVICE)

    @property
    def working(self) -> tuple[Node, ...]:
        return tuple(n for n in self.nodes if n.service_state is ServiceState.IN_SERVICE)

    @property
    def pdus(self) -> tuple[Pdu, ...]:
        return pdus_in(self.site.plan, self.name)

    @property
    def shelves(self) -> tuple[PowerShelf, ...]:
        return shelves_in(self.site.plan, self.name)

    @property
    def loops(self) -> tuple[CoolingLoop, ...]:
        return loops_in(self.site.plan, self.name)

    @property
    def switches(self) -> tuple[Switch, ...]:
        return tuple(s for s in self.site.plan.switches if s.mount.rack == self.name)

    @property
    def management_hosts(self) -> tuple[ManagementHost, ...]:
        return tuple(h for h in self.site.plan.management_hosts if h.mount.rack == self.name)

    def boards(self) -> tuple[Controller, ...]:
        """Return the controllers of boards, which are in its servers."""
        return tuple(board for node in self.nodes for board in node.board_controllers)

    def servers_of_boards(self) -> Mapping[str, str]:
        """Return the node that each controller of a board is in, by the controller's name."""
        return {board.name: node.name for node in self.nodes for board in node.board_controllers}

    def declared(self, subjects: Iterable[str]) -> tuple[Declared, ...]:
        """Return what the plan declares of these devices."""
        known = self.site.declared
        return tuple(one for subject in subjects for one in known.get(subject, ()))

    def controllers(self) -> Iterator[tuple[str, Controller]]:
        """Every Redfish service that the rack depends on, by what it controls."""
        yield from ((pdu.name, pdu.controller) for pdu in self.pdus)
        yield from ((shelf.name, shelf.controller) for shelf in self.shelves)
        yield from ((loop.cdu, loop.controller) for loop in self.loops)
        yield from ((node.name, node.controller) for node in self.nodes)
