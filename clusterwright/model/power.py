"""Power, as the operator asks for it: feeds, PDUs, shelves, and the rules of the site."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, PositiveFloat, PositiveInt, StringConstraints
from pydantic import model_validator as validator

from clusterwright.model.base import Model

FeedName = Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
"""The letter of a feed."""

Keep = Literal["full", "degraded", "none"]
"""What a system must keep when one feed is gone: all it does, as much as its model calls degraded,
or nothing."""


class SourceOfPower(Model):
    """One independent source of power: a feed. It limits nothing where no limit is given."""

    name: FeedName
    limit_kw: PositiveFloat | None = None
    """What it may give for hours to all racks together."""
    breaker_amps: PositiveFloat | None = None
    """Of its main breaker, three-phase; the site's `continuous_load` of it may flow for hours."""
    line_volts: PositiveInt | None = None
    """Line to line, at that breaker."""

    @validator(mode="after")
    def _a_breaker_has_volts(self) -> Self:
        if (self.breaker_amps is None) != (self.line_volts is None):
            raise ValueError(
                f"feed {self.name} must give breaker_amps and line_volts together, because only "
                "both say what power flows: write the other, or limit_kw instead"
            )
        return self


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


Feed = Annotated[
    SourceOfPower, BeforeValidator(_named, json_schema_input_type=FeedName | SourceOfPower)
]
"""A feed: its letter alone, or with its limits."""


class RackPdus(Model):
    """The PDUs of each rack: `per_feed` of one model on every feed."""

    model: str
    per_feed: PositiveInt = 1
    sequence: bool = True
    """Whether their outlets hold the delays of start_up; false where the model cannot."""
    alarms: bool = True
    """Whether they warn at what may flow for hours; false where the model cannot."""


class RackShelves(Model):
    """The power shelves of each rack with a busbar, by turns on its feeds."""

    model: str
    count: PositiveInt


class StartUp(Model):
    """How outlets come on again, step by step, so that inrush stays below its limits.

    Without a limit, the outlets of a feed come on one at a time in each rack.
    """

    delay_s: PositiveInt = 1
    """Between two steps."""
    branch_inrush_amps: PositiveFloat | None = None
    pdu_inrush_amps: PositiveFloat | None = None
    feed_inrush_amps: PositiveFloat | None = None


class PowerRules(Model):
    """What holds for the power of the whole site."""

    continuous_load: float = Field(default=0.8, gt=0, le=1)
    """The share of a breaker that may flow for hours: 0.8 under the NEC, 1.0 under IEC rules."""
    power_factor: float = Field(default=1.0, ge=0.5, le=1)
    """Watts over volt-amperes of what hangs on the feeds."""
    keep: Keep = "full"
    start_up: StartUp = StartUp()
