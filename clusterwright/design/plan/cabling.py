"""Cables that are pulled together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """So many pieces of cable between the same two racks, in the order of the plan's links.

    `cross_tray_m` is where they change rows, from the west end of these; None where they do not.
    """

    name: str
    a_rack: str
    b_rack: str
    cross_tray_m: float | None
    trays_m: float
    """The way along the trays, without the ways up and down."""
    pieces: int
