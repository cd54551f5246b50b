"""Whatever runs an OS that Ansible configures."""

from dataclasses import dataclass
from ipaddress import IPv4Address

from clusterwright.design.plan.controller import Controller
from clusterwright.design.plan.operation import ServiceState
from clusterwright.design.plan.power import PowerSupply
from clusterwright.design.plan.space import Mount

Scalar = str | int | bool


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
    board_controllers: tuple[Controller, ...] = ()
    """Besides its BMC: of its HGX board, of its DPUs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementHost:
    """A host that is no node: it runs the site's services. It is installed by hand."""

    name: str
    server: str
    mount: Mount
    address: IPv4Address
    power_supplies: tuple[PowerSupply, ...]
    power_supplies_needed: int = 0
    """How many of them carry it; 0 where nobody knows, and then all of them count."""
    bmc_address: IPv4Address | None = None
    """Where its BMC answers on the out-of-band network; whoever installs it gives it that."""
