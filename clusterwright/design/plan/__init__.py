"""The plan: everything that follows from a definition. `site` is the table of contents.

All types are frozen; equal definitions give equal plans. Nobody but `design` makes them.
"""

from clusterwright.design.plan.balance import Usage
from clusterwright.design.plan.bill import Bill, BillLine, BillUse
from clusterwright.design.plan.cabling import Bundle
from clusterwright.design.plan.controller import Controller, ControllerPolicy
from clusterwright.design.plan.coolant import Coolant
from clusterwright.design.plan.cooling import (
    AirBalance,
    CduPumps,
    CircuitBalance,
    CoolingBalance,
    CoolingLoop,
    LeakReactions,
    LoopLimits,
    Valve,
)
from clusterwright.design.plan.firmware import FirmwareBaseline, FirmwareComponent, Platform
from clusterwright.design.plan.hardware import Hardware, PortAddress
from clusterwright.design.plan.host import (
    BiosAttribute,
    BootSource,
    Gpus,
    ManagementHost,
    MigDevice,
    Node,
    NodePort,
    Scalar,
)
from clusterwright.design.plan.installation import (
    BootService,
    Installation,
    InstallationImage,
    InstallationStorage,
    InstallationUser,
)
from clusterwright.design.plan.model import HardwareModel
from clusterwright.design.plan.network import (
    HardwareAddress,
    Link,
    LinkEnd,
    Network,
    NvlinkDomain,
    Panel,
    Switch,
)
from clusterwright.design.plan.operation import Disruption, Maintenance, ServiceState
from clusterwright.design.plan.power import (
    FeedBalance,
    Outlet,
    OutletBank,
    Pdu,
    PowerShelf,
    PowerSupply,
    Rectifier,
    StartUpGroup,
)
from clusterwright.design.plan.proof import Unproven
from clusterwright.design.plan.site import SitePlan
from clusterwright.design.plan.software import Package, PackageSource, Software
from clusterwright.design.plan.space import (
    Equipment,
    FloorPlace,
    Gap,
    Mount,
    Rack,
    SideMount,
)
from clusterwright.design.plan.storage import StorageServer

__all__ = [
    "AirBalance",
    "Bill",
    "BillLine",
    "BillUse",
    "BiosAttribute",
    "BootService",
    "BootSource",
    "Bundle",
    "CduPumps",
    "CircuitBalance",
    "Controller",
    "ControllerPolicy",
    "Coolant",
    "CoolingBalance",
    "CoolingLoop",
    "Disruption",
    "Equipment",
    "FeedBalance",
    "FirmwareBaseline",
    "FirmwareComponent",
    "FloorPlace",
    "Gap",
    "Gpus",
    "Hardware",
    "HardwareAddress",
    "HardwareModel",
    "Installation",
    "InstallationImage",
    "InstallationStorage",
    "InstallationUser",
    "LeakReactions",
    "Link",
    "LinkEnd",
    "LoopLimits",
    "Maintenance",
    "ManagementHost",
    "MigDevice",
    "Mount",
    "Network",
    "Node",
    "NodePort",
    "NvlinkDomain",
    "Outlet",
    "OutletBank",
    "Package",
    "PackageSource",
    "Panel",
    "Pdu",
    "Platform",
    "PortAddress",
    "PowerShelf",
    "PowerSupply",
    "Rack",
    "Rectifier",
    "Scalar",
    "ServiceState",
    "SideMount",
    "SitePlan",
    "Software",
    "StartUpGroup",
    "StorageServer",
    "Switch",
    "Unproven",
    "Usage",
    "Valve",
]
