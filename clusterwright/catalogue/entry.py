"""What a catalogue entry says. Unknown figures are null; what needs one is not checked."""

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, model_validator

Scalar = bool | int | str


class Figures(BaseModel):
    """Facts of hardware: immutable, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Confidence(StrEnum):
    """How sure a figure is: read at its source, quoted by another, worked out, or only assumed."""

    READ = "read"
    QUOTED = "quoted"
    DERIVED = "derived"
    ASSUMED = "assumed"


class Entry(Figures):
    """One model of something that can be bought. Its name is the name of its file."""

    title: str
    source: str
    """Where the figures come from: document, revision, table."""
    confidence: Confidence
    """Of the weakest figure that a check relies on; `notes` say which."""
    notes: str = ""


class PowerSupplies(Figures):
    """The supplies of a server or switch. It keeps full performance on `needed` of `count`."""

    count: PositiveInt
    needed: PositiveInt
    capacity_watts: PositiveInt | None = None

    @model_validator(mode="after")
    def _needed_exist(self) -> Self:
        if self.needed > self.count:
            raise ValueError(f"needs {self.needed} supplies but has {self.count}")
        return self


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


class Boot(Figures):
    """The boot override a server of this model should show, in Redfish's words."""

    target: str
    enabled: str
    mode: str


class Server(Entry):
    """A server. `liquid_watts` of `power_max_watts` leave by the coolant, the rest by air."""

    manufacturer: str
    height_units: PositiveInt
    weight_kg: PositiveFloat | None = None
    power_max_watts: PositiveInt
    liquid_watts: int = Field(ge=0)
    power_supplies: PowerSupplies
    gpus: ServerGpus | None = None
    compute_ports: tuple[ComputePort, ...] = ()
    boot: Boot
    bios: dict[str, Scalar] = Field(default={})
    """Attributes that GPU work needs, under the names this vendor gives them."""


class MigProfile(Figures):
    """A GPU-instance profile: its id, and where in the memory slices it may start."""

    name: str
    id: int = Field(ge=0)
    size_slices: PositiveInt
    starts: tuple[int, ...]


class Gpu(Entry):
    """A GPU model. `product` is what nvidia-smi calls it."""

    product: str
    memory_mib: PositiveInt
    power_max_watts: PositiveInt
    memory_slices: PositiveInt
    mig_profiles: tuple[MigProfile, ...]


class Switch(Entry):
    """A switch: `cages` of `ports_per_cage` ports each, at `speed_gbps` a port."""

    fabric_kind: str
    cages: PositiveInt
    ports_per_cage: PositiveInt
    speed_gbps: PositiveInt
    height_units: PositiveInt
    weight_kg: PositiveFloat | None = None
    power_max_watts: PositiveInt
    power_supplies: PowerSupplies

    @property
    def ports(self) -> int:
        return self.cages * self.ports_per_cage


class Cdu(Entry):
    """A coolant distribution unit and the limits of its set points."""

    capacity_watts: PositiveInt
    height_units: int = Field(ge=0)
    supply_temperature_min_c: float
    supply_temperature_max_c: float
    differential_pressure_max_kpa: PositiveFloat | None = None
    flow_max_lpm: PositiveFloat | None = None


class Pdu(Entry):
    """A rack PDU with numbered outlets that switch."""

    outlet_count: PositiveInt
    power_limit_watts: PositiveInt | None = None


class RackModel(Entry):
    """A cabinet."""

    height_units: PositiveInt
    width_mm: PositiveInt
    depth_mm: PositiveInt


class Cable(Entry):
    """A kind of cable: the lengths it is sold in, the speeds it carries."""

    medium: str
    speed_gbps: PositiveInt
    lengths_m: tuple[PositiveFloat, ...]


class DriverPackage(Figures):
    """A Debian package of a driver release."""

    name: str
    version: str


class DriverRelease(Entry):
    """A driver release: all packages that a GPU node holds, each at its exact version."""

    branch: PositiveInt
    packages: tuple[DriverPackage, ...]
