"""The plan: everything that follows from a definition. This module is the table of contents.

All types are frozen; equal definitions give equal plans. Nobody but `design` makes them.
"""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network

Scalar = str | int | bool


class ServiceState(StrEnum):
    """Whether jobs may run on a node: only `IN_SERVICE` nodes are protected from disruption."""

    NEW = "new"
    IN_SERVICE = "in-service"
    DRAINED = "drained"
    OUT = "out"


class Disruption(StrEnum):
    """What may interrupt the work of a node that is in service."""

    RESET = "reset"
    POWER_CYCLE = "power-cycle"
    LINK_FLAP = "link-flap"
    REBOOT = "reboot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """Which disruptions nodes in service may suffer, and how many of them at the same time."""

    allow: frozenset[Disruption]
    at_once: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """A Redfish service on the out-of-band network.

    `secret` is the name under which the site's vault keeps its user name and password.
    """

    name: str
    address: IPv4Address
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """Where in a rack something sits: its lowest rack unit (1 is the floor) and its height."""

    rack: str
    lowest_unit: int
    height_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BootSource:
    """The boot override, in Redfish's words (BootSourceOverride{Target,Enabled,Mode})."""

    target: str
    enabled: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BiosAttribute:
    """One attribute under the name that the server's vendor gives it."""

    name: str
    value: Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class MigDevice:
    """One GPU instance: its profile, and its first memory slice and its length in slices."""

    profile: str
    profile_id: int
    start: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpus:
    """The GPUs of one node. Every GPU holds the same MIG layout; an empty one means MIG is off."""

    model: str
    count: int
    memory_mib: int | None
    """What nvidia-smi says each has; None where the catalogue does not know."""
    pcie_width: int
    nvswitch: bool
    mig_devices: tuple[MigDevice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerSupply:
    """One power supply of a server and the outlet that its cord goes to."""

    name: str
    pdu: str
    outlet: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePort:
    """One compute-fabric port of a node. `rail` counts from 1 and says which leaf it goes to."""

    name: str
    cage: str
    rail: int
    speed_gbps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A GPU server. `index` counts from 1 in the scalable unit as built for."""

    name: str
    server: str
    unit: str
    index: int
    pool: str
    service_state: ServiceState
    mount: Mount
    controller: Controller
    address: IPv4Address
    """On the in-band network."""
    power_supplies: tuple[PowerSupply, ...]
    power_supplies_needed: int
    boot: BootSource
    bios: tuple[BiosAttribute, ...]
    gpus: Gpus
    ports: tuple[NodePort, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementHost:
    """A host that is no node: it runs the site's services. It is installed by hand."""

    name: str
    server: str
    mount: Mount
    address: IPv4Address
    power_supplies: tuple[PowerSupply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One switch of a fabric; `tier` is leaf or spine; `rail` is 0 where the switch has none."""

    name: str
    model: str
    fabric: str
    tier: str
    unit: str
    rail: int
    ports: int
    mount: Mount
    address: IPv4Address
    """Of its management port, on the out-of-band network."""
    power_supplies: tuple[PowerSupply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEnd:
    """A device and the name of one of its ports."""

    device: str
    port: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One cable between two named ports; `a` is the lower tier."""

    fabric: str
    tier: str
    a: LinkEnd
    b: LinkEnd
    speed_gbps: int
    medium: str
    length_m: float


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingLoop:
    """A coolant circuit with its CDU, and the set points that the CDU must hold.

    Exactly one of `differential_pressure_kpa` and `flow_lpm` is given.
    """

    name: str
    cdu: str
    cdu_model: str
    controller: Controller
    racks: tuple[str, ...]
    supply_temperature_c: float
    differential_pressure_kpa: float | None
    flow_lpm: float | None
    control_mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rack:
    """A cabinet and what it is planned to draw (nameplate maxima), against its limits."""

    name: str
    model: str
    height_units: int
    power_watts: int
    power_limit_watts: int
    liquid_watts: int
    air_watts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """An Ethernet network with the prefix that its addresses come from."""

    name: str
    prefix: IPv4Network
    gateway: IPv4Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One Debian package at one exact version."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageSource:
    """One APT source in the terms of deb822; `key_file` is its signing key on the host."""

    name: str
    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    key_url: str
    key_file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Software:
    """What every host runs on: package sources, time, sysctl, the driver of the GPU nodes."""

    package_sources: tuple[PackageSource, ...]
    time_servers: tuple[str, ...]
    sysctl: tuple[tuple[str, str], ...]
    ssh_user: str
    base_packages: tuple[str, ...]
    gpu_driver_version: str
    gpu_driver_packages: tuple[Package, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """A limit of the design that could not be checked; it never counts as kept."""

    subject: str
    check: str
    reason: str


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
    inband: Network
    oob: Network
    software: Software
    maintenance: Maintenance
    unproven: tuple[Unproven, ...] = ()

    @property
    def hosts(self) -> tuple[Node | ManagementHost, ...]:
        """Whatever runs an OS that Ansible configures, management hosts first."""
        return (*self.management_hosts, *self.nodes)
