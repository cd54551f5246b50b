"""Power: the supplies of devices, rack PDUs, and shelves that feed a busbar."""

from typing import Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from clusterwright.catalogue.entries.base import Entry, Figures

Inlet = Literal["C14", "C16", "C20"]
OutletType = Literal["C13", "C19"]
Phase = Literal["L1", "L2", "L3", "L1-L2", "L2-L3", "L3-L1"]

OUTLET_FOR: dict[Inlet, OutletType] = {"C14": "C13", "C16": "C13", "C20": "C19"}
"""The outlet that takes the cord of a device with this inlet (IEC 60320). A C16 is a C14 for hot
places: its cord goes from C15 to C14."""

RATED_AMPS: dict[OutletType, float] = {"C13": 10.0, "C19": 16.0}
"""What an outlet carries for hours (IEC 60320)."""


class PowerSupplies(Figures):
    """The supplies of a server or switch. It keeps full performance on `needed` of `count`."""

    count: PositiveInt
    needed: PositiveInt
    degraded: PositiveInt | None = None
    """On so many it still runs, slower."""
    capacity_watts: PositiveInt | None = None
    inlet: Inlet | None = None
    input_volts: tuple[PositiveInt, PositiveInt] | None = None
    """The range, line to line or line to neutral as the outlet gives it."""
    cord_m: PositiveFloat | None = None
    """The length of the cords that come with it."""
    inrush_amps: PositiveFloat | None = None
    """The peak that one supply draws when it gets power."""

    @model_validator(mode="after")
    def _needed_exist(self) -> Self:
        if self.needed > self.count:
            raise ValueError(f"needs {self.needed} supplies but has {self.count}")
        if self.degraded is not None and self.degraded > self.needed:
            raise ValueError(
                f"runs degraded on {self.degraded} supplies, but needs only {self.needed} in full"
            )
        return self


class OutletBank(Figures):
    """Outlets of one type on one branch, behind one breaker of the PDU.

    Outlets are numbered through the banks in the order given, from 1.
    """

    type: OutletType
    count: PositiveInt
    phase: Phase | None = None
    breaker_amps: PositiveFloat | None = None
    branch: str | None = None
    """Banks with the same branch share a breaker; null is not known."""


class Pdu(Entry):
    """A rack PDU with numbered outlets that switch."""

    manufacturer: str = ""
    part_number: str | None = None
    height_units: int = Field(default=0, ge=0)
    """0 stands upright beside the rack units."""
    outlet_count: PositiveInt
    banks: tuple[OutletBank, ...] = ()
    """Empty where it is not known which outlets there are."""
    phases: Literal[1, 3] | None = None
    line_volts: PositiveInt | None = None
    """Line to line."""
    outlet_volts: PositiveInt | None = None
    input_amps: PositiveFloat | None = None
    """The breaker that feeds it."""
    rated_va: PositiveInt | None = None
    rating_is_continuous: bool | None = None
    """Whether `rated_va` already is what it may carry for hours (80 % of the breaker)."""
    plug: str | None = None
    power_limit_watts: PositiveInt | None = None

    @model_validator(mode="after")
    def _banks_add_up(self) -> Self:
        counted = sum(bank.count for bank in self.banks)
        if self.banks and counted != self.outlet_count:
            raise ValueError(
                f"its banks have {counted} outlets, but outlet_count is "
                f"{self.outlet_count}: correct one of them"
            )
        return self


class PowerShelf(Entry):
    """Rectifiers in a rack that feed its busbar."""

    manufacturer: str = ""
    height_units: PositiveInt
    weight_kg: PositiveFloat | None = None
    supplies: PowerSupplies
    inputs: PositiveInt | None = None
    """Lines from feeds, which share its supplies evenly; null is not known, and taken for one."""
    output_volts_dc: tuple[PositiveFloat, PositiveFloat] | None = None
    capacity_watts: PositiveInt
    """With all supplies."""
    efficiency: PositiveFloat | None = None
    """Output over input at full load; the rest is heat in the air."""
