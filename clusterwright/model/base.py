"""The base of every typed input."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Model(BaseModel):
    """Operator input: immutable once parsed, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
"""At once a host name (RFC 1123, lower case), a resource's name in Pulumi and a file's name."""
