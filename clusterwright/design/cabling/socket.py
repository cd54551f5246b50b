"""Where the plugs of cables go: the cages of switches and servers, and which port is in which."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from clusterwright.catalogue import Catalogue
from clusterwright.catalogue.entry import Server, Switch
from clusterwright.design.plan import LinkEnd

Side = Literal["switch", "nic"]

MANAGEMENT_PORTS = frozenset({"BMC", "HA", "MGMT", "NET"})
"""What a plan calls the ports of BMCs, of pairs of appliances, of switches, of PDUs and CDUs. They
take RJ45 on whatever has one; the catalogue does not repeat it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Socket:
    """A kind of cage on a model of device; `connector` is None where nobody says what it is.

    `Sockets` makes one of each kind, so that they are the same where they are equal.
    """

    model: str
    side: Side
    connector: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a port is: in which cage of its device, and which port of it, counted from 0."""

    socket: Socket
    cage: str
    port: int
    lane: int | None = None
    """Which part of a port that a splitter shares out; None where the port is whole."""


@dataclass(frozen=True, slots=True)
class Sockets:
    """Finds the place of a port; `models` says what each device is."""

    catalogue: Catalogue
    models: Mapping[str, str]
    _places: dict[tuple[str, str], Place] = field(default_factory=dict)
    _kinds: dict[tuple[str, str | None], Socket] = field(default_factory=dict)

    def place(self, end: LinkEnd) -> Place:
        model = self.models[end.device]
        key = (model, end.port)
        if key not in self._places:
            self._places[key] = self._find(model, end.port)
        return self._places[key]

    def _find(self, model: str, port: str) -> Place:
        if port in MANAGEMENT_PORTS:
            return Place(socket=self._socket(model, "nic", "rj45"), cage=port, port=0)
        switch = self.catalogue.switches.get(model)
        return self._on_switch(model, switch, port) if switch else self._on_server(model, port)

    def _on_switch(self, model: str, switch: Switch, port: str) -> Place:
        """Read `cage`, `cage/port` or `cage/port/lane`, as front panels count."""
        cage, *rest = port.split("/")
        return Place(
            socket=self._socket(model, "switch", _switch_connector(switch, cage)),
            cage=cage,
            port=int(rest[0]) - 1 if rest else 0,
            lane=int(rest[1]) - 1 if len(rest) > 1 else None,
        )

    def _on_server(self, model: str, port: str) -> Place:
        """Read a cage of the catalogue's, and which lane of it where it is split over planes."""
        name, _, lane = port.partition("/")
        server = self.catalogue.servers.get(model)
        cage, number, connector = (
            _server_cage(server, self.catalogue, name) if server else (name, 0, None)
        )
        return Place(
            socket=self._socket(model, "nic", connector),
            cage=cage,
            port=number,
            lane=int(lane) - 1 if lane else None,
        )

    def _socket(self, model: str, side: Side, connector: str | None) -> Socket:
        key = (model, connector)
        if key not in self._kinds:
            self._kinds[key] = Socket(model=model, side=side, connector=connector)
        return self._kinds[key]


def _switch_connector(switch: Switch, cage: str) -> str | None:
    """Cages of another kind count on after those of the first; or they go by their name."""
    named = {group.name: group.connector for group in switch.further_cages}
    if not cage.isdecimal():
        return named.get(cage.rstrip("0123456789"))
    number = int(cage) - switch.cages
    if number <= 0:
        return switch.connector
    for group in switch.further_cages:
        if number <= group.cages:
            return group.connector
        number -= group.cages
    return None


def _server_cage(server: Server, catalogue: Catalogue, name: str) -> tuple[str, int, str | None]:
    """Return the cage, the port in it, and its kind."""
    for port in server.compute_ports:
        if port.cage == name:
            twins = [p.cage for p in server.compute_ports if p.transceiver == port.transceiver]
            if port.transceiver and len(twins) > 1:
                return port.transceiver, twins.index(name), "osfp-twin"
            nic = catalogue.nics.get(port.nic or "")
            return name, 0, nic.connectors[0] if nic else None
    known = (port.connector for port in server.ports if port.cage == name)
    return name, 0, next(known, None)
