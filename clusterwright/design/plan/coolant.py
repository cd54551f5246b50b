"""What flows in a circuit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Coolant:
    """The coolant of a circuit, and the limits within which it is ready for use.

    What the catalogue does not know is None.
    """

    circuit: str
    model: str
    additive_percent_min: float | None
    additive_percent_max: float | None
    ph_min: float | None
    ph_max: float | None
    conductivity_us_per_cm_max: float | None
