"""Storage that is bought as one system of servers and shelves."""

from typing import Literal

from pydantic import PositiveFloat, PositiveInt

from clusterwright.catalogue.entries.base import Entry


class StorageSystem(Entry):
    """A building block of storage, with what it gives."""

    manufacturer: str = ""
    kind: Literal["beegfs", "nvme-of", "nfs"]
    servers: PositiveInt | None
    height_units: PositiveInt | None
    weight_kg: PositiveFloat | None = None
    power_max_watts: PositiveInt | None = None
    capacity_tb: PositiveFloat | None = None
    read_gib_per_s: PositiveFloat | None = None
    write_gib_per_s: PositiveFloat | None = None
    ports: PositiveInt | None = None
    port_speed_gbps: PositiveInt | None = None
