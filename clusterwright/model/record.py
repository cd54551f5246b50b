"""The record: what commands have written about a site's devices."""

from typing import Literal

from pydantic import Field

from clusterwright.model.base import Model, Name


class NodeRecord(Model):
    """Whether jobs may run on the node."""

    state: Literal["new", "in-service", "drained", "out"] = "new"


class Record(Model):
    """record.yml beside the definition; an absent file is an empty record."""

    nodes: dict[Name, NodeRecord] = Field(default={})
