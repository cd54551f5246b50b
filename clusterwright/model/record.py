"""The record: what commands have written about a site's devices. An absent file is an empty one."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, StringConstraints

from clusterwright.model.base import Model, Name

Mac = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$")]
"""A hardware address, in lower case with colons."""

Guid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{4}(:[0-9a-f]{4}){3}$")]
"""An InfiniBand port's GUID, in lower case with colons, as Redfish writes it."""

Fingerprint = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
"""SHA-256 of a certificate, in lower case without colons."""

Port = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,31}$")]
"""A port as the operating system, or the device's label, names it."""

Moment = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")
]

CONTROLLER = "bmc"
"""The port of every kind of device that the out-of-band network serves."""


class NodeRecord(Model):
    """Whether jobs may run on the node."""

    state: Literal["new", "in-service", "drained", "out"] = "new"


class DeviceRecord(Model):
    """Which piece of metal stands at a name: a node, host, storage server, switch, PDU or CDU."""

    serial: str = Field(min_length=1)
    model: str = ""
    """As whoever delivered it calls it: a model or a part number."""
    macs: dict[Port, Mac] = Field(default={})
    """By port; `bmc` is the one that the out-of-band network serves."""
    guids: dict[Port, Guid] = Field(default={})
    fingerprint: Fingerprint = ""
    """Of the certificate that its controller had when it was delivered."""
    source: str = ""
    """The manifest that named it."""
    former_serials: tuple[str, ...] = ()
    """What stood here before, latest last."""


class SignOff(Model):
    """What a person has measured or seen, and vouches for."""

    value: str
    by: str = Field(min_length=1)
    at: Moment


class PassedGate(Model):
    """A gate of its way into service that a rack has passed, and since when."""

    at: Moment
    devices: str
    """Says which devices stood in the rack: with others, it has not been passed."""
    not_proven: NonNegativeInt = 0
    """How many of its checks nobody could look at."""


class Leaving(Model):
    """A device on its way out, or gone: what no device can tell any more, and what is left."""

    serial: str = ""
    erased: dict[str, Moment] = Field(default={})
    """Drives by serial number, and when each was erased."""
    proven: tuple[str, ...] = ()
    """Steps that were seen to be done, and of which nothing can be read once its power is off."""
    by_hand: dict[Name, SignOff] = Field(default={})
    """Steps that a person has done, and vouches for."""
    remaining: tuple[str, ...] = ()
    """What is still to be done, by step; the first says why."""
    done: Moment | Literal[""] = ""


class Record(Model):
    """record.yml beside the definition. Things go by the names that they have in the plan."""

    nodes: dict[Name, NodeRecord] = Field(default={})
    devices: dict[Name, DeviceRecord] = Field(default={})
    sign_offs: dict[Name, dict[Name, SignOff]] = Field(default={})
    """By rack, then by gate."""
    passed_gates: dict[Name, dict[Name, PassedGate]] = Field(default={})
    """By rack, then by gate: what `clusterwright rack --from` need not look at again."""
    holes: tuple[Name, ...] = ()
    """Nodes taken out, as `holes` of a scalable unit in the definition; PDUs, CDUs, switches."""
    leaving: dict[Name, Leaving] = Field(default={})
    """Devices on their way out, and those that have gone."""
