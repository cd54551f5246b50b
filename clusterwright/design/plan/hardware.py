"""Which piece of metal stands at a name, as far as the record knows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PortAddress:
    """The MAC or the GUID of a port."""

    port: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """What was delivered for `name`: a node, host, storage server, switch, PDU, shelf or CDU.

    `model` is the vendor's word. The port `bmc` of every device is the one that the out-of-band
    network serves. `fingerprint` is the SHA-256 of the certificate that its controller came with.
    """

    name: str
    serial: str
    model: str
    macs: tuple[PortAddress, ...]
    guids: tuple[PortAddress, ...]
    fingerprint: str
