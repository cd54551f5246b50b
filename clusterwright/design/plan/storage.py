"""Storage servers and appliances."""

from dataclasses import dataclass
from ipaddress import IPv4Address

from clusterwright.design.plan.controller import Controller
from clusterwright.design.plan.power import PowerSupply
from clusterwright.design.plan.space import Mount


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageServer:
    """One server of a storage system; `address` is on the in-band network."""

    name: str
    system: str
    model: str
    mount: Mount
    controller: Controller
    address: IPv4Address
    power_supplies: tuple[PowerSupply, ...]
    power_supplies_needed: int = 0
    """How many of them carry it; 0 where nobody knows, and then all of them count."""
