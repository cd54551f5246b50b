"""One site, whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clusterwright.design.plan.balance import Usage
from clusterwright.design.plan.bill import Bill
from clusterwright.design.plan.cabling import Bundle
from clusterwright.design.plan.controller import ControllerPolicy
from clusterwright.design.plan.coolant import Coolant
from clusterwright.design.plan.cooling import CoolingBalance, CoolingLoop
from clusterwright.design.plan.firmware import FirmwareBaseline, Platform
from clusterwright.design.plan.hardware import Hardware
from clusterwright.design.plan.host import ManagementHost, Node
from clusterwright.design.plan.installation import BootService, Installation
from clusterwright.design.plan.model import HardwareModel
from clusterwright.design.plan.network import (
    HardwareAddress,
    Link,
    Network,
    NvlinkDomain,
    Panel,
    Switch,
)
from clusterwright.design.plan.operation import Maintenance
from clusterwright.design.plan.power import FeedBalance, Pdu, PowerShelf, StartUpGroup
from clusterwright.design.plan.proof import Unproven
from clusterwright.design.plan.software import Software
from clusterwright.design.plan.space import Equipment, Rack
from clusterwright.design.plan.storage import StorageServer


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """One site, whole."""

    site: str
    emulated: bool
    """Whether the site exists in the lab only."""
    racks: tuple[Rack, ...]
    nodes: tuple[Node, ...]
    management_hosts: tuple[ManagementHost, ...]
    switches: tuple[Switch, ...]
    links: tuple[Link, ...]
    pdus: tuple[Pdu, ...]
    loops: tuple[CoolingLoop, ...]
    domain: str
    """Under which all its names are in DNS."""
    inband: Network
    oob: Network
    hardware_addresses: tuple[HardwareAddress, ...]
    software: Software
    maintenance: Maintenance
    storage_servers: tuple[StorageServer, ...] = ()
    panels: tuple[Panel, ...] = ()
    nvlink_domains: tuple[NvlinkDomain, ...] = ()
    usages: tuple[Usage, ...] = ()
    unproven: tuple[Unproven, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    bill: Bill = field(default_factory=Bill)
    models: tuple[HardwareModel, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    cooling: CoolingBalance | None = None
    power_shelves: tuple[PowerShelf, ...] = ()
    feed_balances: tuple[FeedBalance, ...] = ()
    start_up: tuple[StartUpGroup, ...] = ()
    controllers: ControllerPolicy | None = None
    """None where the definition leaves controllers as they are."""
    platforms: tuple[Platform, ...] = ()
    firmware: tuple[FirmwareBaseline, ...] = ()
    coolants: tuple[Coolant, ...] = ()
    hardware: tuple[Hardware, ...] = ()
    """What the record knows of the devices, in the order of their names."""
    boot_service: BootService | None = None
    installations: tuple[Installation, ...] = ()
    """Hosts without one are installed by hand."""

    @property
    def warnings(self) -> tuple[Usage, ...]:
        """Limits that are nearly reached."""
        return tuple(usage for usage in self.usages if usage.near)

    def hardware_by_name(self) -> Mapping[str, Hardware]:
        """Return what is known of each device that was delivered; ask once, then look up."""
        return {one.name: one for one in self.hardware}

    def fingerprints(self) -> Mapping[str, str]:
        """Return the certificate that each device was delivered with; empty where nobody said."""
        return {one.name: one.fingerprint for one in self.hardware}

    @property
    def hosts(self) -> tuple[Node | ManagementHost, ...]:
        """Whatever runs an OS that Ansible configures, management hosts first."""
        return (*self.management_hosts, *self.nodes)
