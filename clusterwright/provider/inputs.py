"""What the inputs of every resource kind have in common."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo
from pydantic.alias_generators import to_camel

from clusterwright.access.guard import DISRUPTIONS

# What a program declares must be sensible; what was read from a device need not be.
DECLARED = "declared"


class Inputs(BaseModel):
    """Inputs of one resource: snake_case here, camelCase in Pulumi's state."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        use_attribute_docstrings=True,
    )

    @classmethod
    def declared(cls, values: Mapping[str, Any]) -> Self:
        """Parse what a program declares; every rule holds."""
        return cls.model_validate(values, context=DECLARED)

    @classmethod
    def stored(cls, values: Mapping[str, Any]) -> Self:
        """Parse what lies in the state, which a refresh may have taken from a device as it was."""
        return cls.model_validate(values)

    def properties(self) -> dict[str, Any]:
        """Return the values as Pulumi stores them; what was not given stays away."""
        return self.model_dump(by_alias=True, exclude_none=True, mode="json")


def one_of(*choices: str) -> AfterValidator:
    """A rule for declared values only: the value is one of `choices`."""

    def check(value: str, info: ValidationInfo) -> str:
        if info.context == DECLARED and value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value

    return AfterValidator(check)


def within(lowest: float, highest: float, unit: str) -> AfterValidator:
    """A rule for declared values only: the value lies between two figures, both allowed."""

    def check(value: float | None, info: ValidationInfo) -> float | None:
        inside = value is None or lowest <= value <= highest
        if info.context == DECLARED and not inside:
            raise ValueError(f"must lie between {lowest:g} and {highest:g} {unit}")
        return value

    return AfterValidator(check)


class DeviceInputs(Inputs):
    """Where a Redfish service is, and under which name the vault keeps its login."""

    address: str = Field(min_length=1)
    """Out-of-band IP address or host name of the device."""

    secret: str = Field(min_length=1)
    """Name in the site's vault of the device's user name and password."""

    in_service: bool = True
    """Whether jobs depend on the device: then only what `allow` names may interrupt it."""

    allow: list[Annotated[str, one_of(*DISRUPTIONS)]] = Field(default_factory=list)
    """Disruptions that maintenance permits."""
