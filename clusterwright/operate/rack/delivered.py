"""What the record says that a run goes by: what was delivered, and what persons vouch for."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A device as its manifest describes it; what is empty is not known.

    `nics` holds the MAC or GUID of each adapter's first port, `fingerprint` is of its certificate.
    """

    serial: str = ""
    nics: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOff:
    """What a person has measured or seen, and vouches for."""

    value: str
    by: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Devices by name; sign-offs by rack, then by what is signed off."""

    devices: Mapping[str, Delivered] = field(default_factory=dict)
    sign_offs: Mapping[str, Mapping[str, SignedOff]] = field(default_factory=dict)
