"""Hosts that are no nodes and take ports of leaves: UFM, storage, gateways."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from clusterwright.design.fabric.ask import FabricAsk
from clusterwright.load import LoadedSite
from clusterwright.model.fabric import Attached


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestPort:
    """One port of a guest; `ordinal` counts the guest ports of its unit from 0, in each plane."""

    host: str
    kind: str
    unit: int
    ordinal: int
    plane: int
    port: str


def unit_of(loaded: LoadedSite, attached: Attached) -> int:
    """Return the ordinal of the unit whose leaves it takes: the first one stands in every site."""
    names = [unit.name for unit in loaded.site.compute]
    return names.index(attached.unit) if attached.unit else 0


def list_guests(loaded: LoadedSite, ask: FabricAsk) -> Iterator[GuestPort]:
    """Yield every port that a guest takes, in the order of the definition."""
    in_unit: Counter[tuple[int, int]] = Counter()
    on_host: Counter[str] = Counter()
    for attached in loaded.site.fabrics.compute.attached:
        unit = unit_of(loaded, attached)
        for plane in range(1, ask.planes + 1):
            for _ in range(attached.ports):
                yield GuestPort(
                    host=attached.host,
                    kind=attached.kind,
                    unit=unit,
                    ordinal=in_unit[unit, plane],
                    plane=plane,
                    port=_port_name(loaded, attached.host, on_host[attached.host]),
                )
                in_unit[unit, plane] += 1
                on_host[attached.host] += 1


def _port_name(loaded: LoadedSite, name: str, ordinal: int) -> str:
    """Name a host's port by its cage where the catalogue knows it, else by number."""
    host = next(host for host in loaded.site.management if host.name == name)
    cages = [port.cage for port in loaded.catalogue.servers[host.server].compute_ports]
    return cages[ordinal] if ordinal < len(cages) else f"HCA{ordinal + 1}"
