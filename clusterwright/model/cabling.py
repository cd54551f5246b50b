"""Cables as the operator asks for them: which ones, and the trays in which they lie."""

from typing import Annotated

from pydantic import BeforeValidator, Field, PositiveFloat, PositiveInt

from clusterwright.model.base import Model

AUTO = "auto"


def _names_a_cable(value: object) -> object:
    """Say in one sentence what a union of types would say in several."""
    names = [value] if isinstance(value, str) else value
    if isinstance(names, list | tuple) and names and all(isinstance(n, str) and n for n in names):
        return value
    raise ValueError(f"{value!r} names no cable: write a model, a list of models, or {AUTO}")


CableChoice = Annotated[str | tuple[str, ...], BeforeValidator(_names_a_cable)]
"""A model of the catalogue; several, of which the first that reaches is taken; or `auto`."""


def names_in(choice: CableChoice) -> tuple[str, ...]:
    """Return the models that a choice names; `auto` names none."""
    names = (choice,) if isinstance(choice, str) else choice
    return tuple(name for name in names if name != AUTO)


class Trays(Model):
    """Trays over the racks: one along each row, and cross trays that join the rows."""

    over_racks_m: float = Field(default=0.5, ge=0)
    """From the highest rack unit of the site's tallest rack up to the trays."""
    cross_every_m: PositiveFloat = 6.0
    """From the west end of the rows there is a cross tray every so many metres."""
    cross_m: tuple[Annotated[float, Field(ge=0)], ...] = ()
    """Where cross trays lie instead, from the west end of the rows."""
    slack_m: float = Field(default=0.3, ge=0)
    """The service loop at each end of a cable."""
    bundle_max: PositiveInt = 24
    """Cables that are pulled together at most."""
