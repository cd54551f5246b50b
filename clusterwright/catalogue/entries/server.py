"""Servers: what stands in a rack unit and runs an OS."""

from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt

from clusterwright.catalogue.entries.base import Entry, Figures, Scalar
from clusterwright.catalogue.entries.power import PowerSupplies

PortRole = Literal["storage", "in-band", "management", "any"]
ControllerRole = Literal["hgx", "dpu1", "dpu2", "dpu3"]
"""The management controller of an HGX board, or the BMC of a DPU."""


class ServerGpus(Figures):
    """The GPUs in a server, and whether NVSwitches join them."""

    model: str
    count: PositiveInt
    nvswitch: bool
    pcie_width: PositiveInt


class ComputePort(Figures):
    """A compute-fabric port: its name in the OS, its cage, and the GPU whose rail it is."""

    name: str
    cage: str
    gpu: int = Field(ge=0)
    speed_gbps: PositiveInt
    transceiver: str | None = None
    """Ports with the same one share a twin-port cage; null is a cage of its own."""
    nic: str | None = None
    pci_address: str | None = None
    rdma_device: str | None = None
    numa_node: int | None = None


class ServerPort(Figures):
    """A port that is no rail: storage, in-band, or of the BMC."""

    name: str
    cage: str
    role: PortRole
    speed_gbps: PositiveFloat | None = None
    connector: str | None = None
    nic: str | None = None
    pci_address: str | None = None
    rdma_device: str | None = None
    numa_node: int | None = None


class Boot(Figures):
    """The boot override a server of this model should show, in Redfish's words."""

    target: str
    enabled: str
    mode: str


class Air(Figures):
    """Cooling air: what may come in, and how much is drawn."""

    inlet_c: tuple[float, float] | None = None
    humidity_percent: tuple[float, float] | None = None
    flow_cfm: PositiveFloat | None = None
    """At 80 % of the fans' speed, as NVIDIA publishes it."""
    direction: Literal["front-to-rear", "rear-to-front"] | None = None


class Liquid(Figures):
    """Coolant at the server's connectors: what it needs, and what it may be given."""

    supply_max_c: float | None = None
    flow_lpm: PositiveFloat | None = None
    pressure_drop_kpa: PositiveFloat | None = None
    pressure_max_kpa: PositiveFloat | None = None


class Cpus(Figures):
    """The processors of a server."""

    model: str | None = None
    count: PositiveInt


class Drives(Figures):
    """Equal drives of one purpose."""

    purpose: Literal["os", "data"]
    form: str
    count: PositiveInt
    capacity_tb: PositiveFloat | None = None


class Server(Entry):
    """A server. `liquid_watts` of `power_max_watts` leave by the coolant, the rest by air."""

    manufacturer: str
    height_units: PositiveInt
    width_mm: PositiveFloat | None = None
    depth_mm: PositiveFloat | None = None
    height_mm: PositiveFloat | None = None
    weight_kg: PositiveFloat | None = None
    power_max_watts: PositiveInt | None
    liquid_watts: int | None = Field(ge=0)
    power_input: Literal["ac", "busbar"] = "ac"
    power_supplies: PowerSupplies | None
    """Null: not known, or fed by a busbar."""
    btu_per_h: PositiveInt | None = None
    """As published, where that differs from `power_max_watts`."""
    air: Air = Air()
    liquid: Liquid = Liquid()
    gpus: ServerGpus | None = None
    cpus: Cpus | None = None
    memory_gib: PositiveInt | None = None
    drives: tuple[Drives, ...] = ()
    ports_face: Literal["front", "rear"] = "rear"
    """On which side of it the ports of its NICs are."""
    compute_ports: tuple[ComputePort, ...] = ()
    ports: tuple[ServerPort, ...] = ()
    immersible: bool | None = None
    """Whether its maker lets it stand in a dielectric fluid; null is not known."""
    controllers: dict[ControllerRole, str] = Field(default={})
    """Besides the host's BMC, each with the model of its board, whose firmware it runs.

    Each has an address and accounts of its own, but no cable: all are met through the port of the
    host's BMC.
    """
    boot: Boot
    bios: dict[str, Scalar] = Field(default={})
    """Attributes that GPU work needs, under the names this vendor gives them."""

    @property
    def unknown(self) -> tuple[str, ...]:
        """Keys without a figure that space, power and cooling cannot be checked without."""
        keys = ["power_max_watts", "liquid_watts"]
        keys += ["power_supplies"] if self.power_input == "ac" else []
        return tuple(key for key in keys if getattr(self, key) is None)
