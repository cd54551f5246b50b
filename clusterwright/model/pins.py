"""Names and addresses that the operator chooses in place of those that follow from the rules."""

from ipaddress import IPv4Address

from pydantic import Field

from clusterwright.model.base import Model, Name


class Pins(Model):
    """What is known by another name, or answers at another address, than it would be by rule.

    Keys are the names by rule; in the other parts of a definition things go by these, too.
    """

    names: dict[Name, Name] = Field(default={})
    """Of nodes, storage servers, switches, PDUs and power shelves."""
    addresses: dict[Name, IPv4Address] = Field(default={})
    """By the name that has it: `su1-n1` in-band, `su1-n1-bmc`, a PDU, a switch out-of-band."""
