"""What lies between two ports: NICs, transceivers, cables."""

from typing import Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from clusterwright.catalogue.entries.base import Entry, Figures
from clusterwright.catalogue.entries.switch import Connector

Protocol = Literal["infiniband", "ethernet"]


class Nic(Entry):
    """A network adapter. A DPU runs an OS of its own, a SuperNIC is one without that role."""

    manufacturer: str = "NVIDIA"
    kind: Literal["nic", "supernic", "dpu"]
    part_number: str | None = None
    ports: PositiveInt
    speed_gbps: PositiveInt
    """Of each port."""
    lower_gbps: tuple[PositiveInt, ...] | None = None
    """What a port can run at, too; null is not known."""
    protocols: tuple[Protocol, ...] = Field(min_length=1)
    connectors: tuple[Connector, ...] = Field(min_length=1)
    """What it is sold with; a server says which it has."""
    pcie_generation: PositiveInt | None = None
    pcie_width: PositiveInt | None = None
    power_max_watts: PositiveFloat | None = None


class Transceiver(Entry):
    """A pluggable optic. One with two `ports` sits in a twin-port cage and feeds two fibres."""

    manufacturer: str = "NVIDIA"
    part_number: str | None = None
    order_number: str | None = None
    cage: Connector
    fits: tuple[Literal["switch", "nic"], ...] = Field(min_length=1)
    ports: Literal[1, 2]
    speed_gbps: PositiveInt
    """Of each port."""
    lower_gbps: tuple[PositiveInt, ...] = ()
    joined_gbps: PositiveInt | None = None
    """Of all its ports together, as one Ethernet link over several fibres."""
    protocols: tuple[Protocol, ...] = Field(min_length=1)
    fibre: Literal["multimode", "singlemode"]
    fibre_connector: Literal["mpo-12-apc", "lc"] | None
    reach_m: PositiveFloat | None
    """Over straight fibre."""
    splitter_reach_m: PositiveFloat | None = None
    """Over splitting fibre; null where it has none, or none is known."""
    power_max_watts: PositiveFloat | None
    top: Literal["finned", "flat"] | None = None
    """Finned in air-cooled switches, flat under the heat sink of an adapter or cold plate."""


class CableSku(Figures):
    """A length with the number it is ordered by."""

    length_m: PositiveFloat
    part_number: str
    order_number: str | None = None


class CableEnd(Figures):
    """One side of a cable: `count` plugs of a kind, each with so many watts of electronics."""

    connector: Connector | Literal["mpo-12-apc", "lc"]
    count: PositiveInt = 1
    power_max_watts: PositiveFloat | None = None
    lane_gbps: PositiveInt | None = None
    """Of each lane, where a link has fewer and faster ones than older cages of its form have."""


class Cable(Entry):
    """A kind of cable: the lengths it is sold in, the speed of each link it carries.

    Fibre is passive and names the `transceivers` that may stand at its ends; other cables bring
    their plugs. A splitter has one plug on side a and several on side b.
    """

    manufacturer: str = "NVIDIA"
    medium: Literal[
        "multimode-fibre",
        "singlemode-fibre",
        "copper-passive",
        "copper-active",
        "optical-active",
        "twisted-pair",
    ]
    speed_gbps: PositiveInt
    links: PositiveInt = 1
    """Links that one piece carries."""
    fibres: PositiveInt = 1
    """Fibres side by side, each bought apiece, that a link takes."""
    lengths_m: tuple[PositiveFloat, ...]
    reach_max_m: PositiveFloat | None = None
    """What the medium allows where that is less or more than the lengths listed."""
    part_number: str | None = None
    """Of the family; `skus` have those of the lengths."""
    skus: tuple[CableSku, ...] = ()
    protocols: tuple[Protocol, ...] = ("infiniband", "ethernet")
    a: CableEnd | None = None
    b: CableEnd | None = None
    transceivers: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _skus_are_lengths(self) -> Self:
        for sku in self.skus:
            if sku.length_m not in self.lengths_m:
                raise ValueError(
                    f"{sku.part_number} is {sku.length_m:g} m long, which lengths_m does not list"
                )
        return self
