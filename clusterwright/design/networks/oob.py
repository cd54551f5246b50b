"""The out-of-band network: its switches, and where they stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clusterwright.catalogue.entry import RackModel
from clusterwright.design.fabric import place_name
from clusterwright.design.networks.controllers import RackPorts
from clusterwright.design.networks.place import SwitchPlace, dealt
from clusterwright.design.networks.served import Served
from clusterwright.design.networks.shares import serve
from clusterwright.design.networks.switch_ports import SwitchPorts, share_ports
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite
from clusterwright.model.cabling import AUTO, CableChoice
from clusterwright.model.facility import RackGroup

AT: DefinitionPath = ("fabrics", "oob")
UPLINKS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Oob:
    """The network with the ports of one of its switches."""

    switch: str
    ports: SwitchPorts
    served: tuple[Served, ...]

    @property
    def own(self) -> tuple[tuple[Served, str], ...]:
        """Switches for what racks have as built for, with whom each serves."""
        return tuple((one, name) for one in self.served for name in one.names[: one.own])

    @property
    def added(self) -> tuple[tuple[Served, str], ...]:
        """Those for newcomers: they are counted by themselves, so that they move no other."""
        return tuple((one, name) for one in self.served for name in one.names[one.own :])


def oob_network(loaded: LoadedSite, by_rack: Mapping[str, RackPorts]) -> Oob | None:
    """Return the network, if its switches are planned."""
    model = loaded.site.fabrics.oob.switch
    if model is None:
        return None
    ports = share_ports(loaded.catalogue.switches[model], split=1, up=UPLINKS)
    return Oob(switch=model, ports=ports, served=tuple(serve(loaded, by_rack, model, UPLINKS)))


def oob_places(loaded: LoadedSite, oob: Oob) -> Iterator[SwitchPlace]:
    """Yield the switches, each in the first rack that it serves, or in the racks given in turn.

    Tanks and racks of busbars take none: where a switch serves no other, it stands with those of
    the in-band network. Those that come with a rack stand in it.
    """
    given, suitable = loaded.site.fabrics.oob.racks, _with_outlets(loaded)
    for late, switches in ((False, oob.own), (True, oob.added)):
        for ordinal, (served, name) in enumerate(switches):
            own = next((rack for rack in served.racks if rack in suitable), "")
            racks = given or (() if own else loaded.site.fabrics.inband.racks)
            if served.built_in:
                yield from _built_in(served, name)
            elif served.rack or given:
                yield SwitchPlace(
                    name=name if served.rack else place_name("oob", ordinal),
                    model=oob.switch,
                    fabric="oob",
                    tier="leaf",
                    ports=len(oob.ports.down) + len(oob.ports.up),
                    rack=dealt(ordinal, racks[:: -1 if late else 1])
                    if racks
                    else own or served.rack,
                    path=(*AT, "racks" if given else "switch"),
                    present=bool(served.rack),
                    late=late,
                )


def _with_outlets(loaded: LoadedSite) -> set[str]:
    """Return the racks in which what breathes air finds outlets."""
    return {
        name
        for group in loaded.site.facility.racks
        for name in group.names
        if _suits(loaded.catalogue.racks[group.model], group)
    }


def _suits(cabinet: RackModel, group: RackGroup) -> bool:
    return cabinet.immersion is None and (not cabinet.busbar or group.pdus is not None)


def _built_in(served: Served, name: str) -> Iterator[SwitchPlace]:
    if served.rack:
        yield SwitchPlace(
            name=name,
            model=served.model,
            fabric="oob",
            tier="leaf",
            ports=served.room + len(served.panel.up),
            rack=served.rack,
            path=(*AT, "switch"),
            built_in=True,
        )


def uplink_cable(loaded: LoadedSite) -> tuple[CableChoice, DefinitionPath]:
    """Return the cable from management switches to in-band leaves, and where it is asked for."""
    oob, inband = loaded.site.fabrics.oob, loaded.site.fabrics.inband
    if oob.uplink_cable:
        return oob.uplink_cable, (*AT, "uplink_cable")
    key = "uplink_cable" if inband.uplink_cable else "cable"
    return inband.uplink_cable or inband.cable or AUTO, ("fabrics", "inband", key)
