"""The record: what commands have written about a site's devices."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from clusterwright.model.base import Model, Name

Mac = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$")]
"""A hardware address, in lower case with colons."""


class NodeRecord(Model):
    """Whether jobs may run on the node."""

    state: Literal["new", "in-service", "drained", "out"] = "new"


class Record(Model):
    """record.yml beside the definition; an absent file is an empty record."""

    nodes: dict[Name, NodeRecord] = Field(default={})
    macs: dict[Name, Mac] = Field(default={})
    """By the name that has an address: `su1-n1` for its in-band port, `su1-n1-bmc` for its BMC."""
