"""What the devices of a site are, as the catalogue has it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareModel:
    """A model of the catalogue that the site has. What nobody says is empty, or None."""

    name: str
    kind: str
    """The folder of the catalogue that it is in."""
    manufacturer: str
    title: str
    part_number: str
    height_units: int
    weight_kg: float | None
    fabric_kind: str = ""
    """Of a switch: infiniband or ethernet."""
    network_ports: int = 0
    """Of a server: how many network ports its BMC should find, its own left out; 0 is not known."""
