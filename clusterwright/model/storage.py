"""Storage, as the operator asks for it."""

from typing import Self

from pydantic import Field, PositiveInt, model_validator

from clusterwright.model.base import Model, Name


class StorageServers(Model):
    """Equal storage servers or appliances, spread evenly over their racks in the order given."""

    name: Name
    """Theirs follow from it: `<name>-1`, `<name>-2`."""
    model: str
    """Of the catalogue's servers or storage."""
    racks: tuple[Name, ...] = Field(min_length=1)
    count: PositiveInt = 1
    build_for: PositiveInt | None = None
    """How many ports and addresses are kept for; by default so many as there are."""
    ports: int | None = Field(default=None, ge=0)
    """Of each, into the storage fabric; by default those that the catalogue gives."""
    unit: Name | None = None
    """The scalable unit whose leaves they share, where storage has none of its own."""
    oob_ports: int = Field(default=1, ge=0)
    """Of each, into the out-of-band network: appliances may have one for each controller, or none
    that is ours to plan."""
    inband_ports: int | None = Field(default=None, ge=0)
    """Of each, into the in-band network; by default those that the catalogue gives."""

    @model_validator(mode="after")
    def _built_for_what_is_there(self) -> Self:
        if self.build_for is not None and self.build_for < self.count:
            raise ValueError(
                f"{self.name} is built for {self.build_for} servers, but there are {self.count}: "
                f"build for at least {self.count}"
            )
        return self

    @property
    def places(self) -> int:
        """Servers that ports and addresses are kept for."""
        return self.build_for or self.count
