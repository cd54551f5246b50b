"""What things cost, and how many more of them to buy than are built in."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from clusterwright.model.base import Model

Kind = Literal[
    "node",
    "server",
    "switch",
    "rack-system",
    "storage",
    "rack",
    "pdu",
    "power-shelf",
    "cdu",
    "transceiver",
    "cable",
    "power-cord",
    "blanking-panel",
]
Price = Annotated[float, Field(ge=0)]
Percent = Annotated[float, Field(ge=0, le=100)]

SPARES_PERCENT: dict[Kind, Percent] = {"transceiver": 2, "cable": 2, "power-cord": 2}


class Prices(Model):
    """What the site's owner pays; nobody else's prices are known here."""

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    items: dict[str, Price] = Field(default={})
    """Unit prices by part number, by model, or for a length of cable by `<model> <length> m`."""
    spares_percent: dict[Kind, Percent] = Field(default=SPARES_PERCENT)
    """Of each line of a kind, rounded up: at least one; kinds not named have no spares."""
