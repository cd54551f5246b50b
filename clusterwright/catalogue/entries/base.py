"""What every entry says of itself: what it is, where its figures come from, how sure they are."""

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Scalar = bool | int | str


class Figures(BaseModel):
    """Facts of hardware: immutable, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Confidence(StrEnum):
    """How sure a figure is, surest first.

    READ at its source; QUOTED by somebody else; DERIVED by arithmetic from such figures; ASSUMED,
    which is remembered, or taken over from a model that is alike.
    """

    READ = "read"
    QUOTED = "quoted"
    DERIVED = "derived"
    ASSUMED = "assumed"


class Entry(Figures):
    """One model of something that can be bought. Its name is the name of its file.

    A figure that no source gives is null, and a check that needs it cannot pass.
    """

    title: str
    source: str = Field(min_length=1)
    """Where the figures come from: document, revision, table."""
    confidence: Confidence
    """Of all figures but those that `less_sure` names."""
    less_sure: dict[str, Confidence] = Field(default={})
    """Keys of this file whose figures are less sure than the rest."""
    notes: str = ""

    @model_validator(mode="after")
    def _less_sure_is_known_and_less(self) -> Self:
        ranks = list(Confidence)
        for key, confidence in self.less_sure.items():
            if key not in self.model_fields_set or getattr(self, key) is None:
                raise ValueError(f"less_sure names {key}, but gives no figure for it: leave it out")
            if ranks.index(confidence) <= ranks.index(self.confidence):
                raise ValueError(
                    f"less_sure calls {key} {confidence}, which is no less than the entry's "
                    f"{self.confidence}: leave it out"
                )
        return self
