"""Which column of a manifest says what: vendors agree on nothing but the meaning."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.errors import UsageError
from clusterwright.model.record import CONTROLLER

SYNONYMS = {
    "serial": (
        "serial serialnumber serialno serialnum serialnr sn systemserialnumber systemserial "
        "productserialnumber productserial deviceserialnumber deviceserial servicetag "
        "chassisserialnumber chassisserial chassissn unitserial unitserialnumber"
    ),
    "model": (
        "model modelname modelnumber modelno devicemodel product productname devicetype sku "
        "partnumber partno part pn productnumber mfgpartnumber manufacturerpartnumber opn "
        "itemnumber item description"
    ),
    "name": "name hostname devicename label devicelabel nodename node device",
    "rack": "rack rackname rackid racknumber rackno cabinet cabinetid",
    "unit": (
        "unit rackunit ru u uposition rackposition position lowestunit startu startingu bottomu "
        "rackunitposition elevation"
    ),
    "username": (
        "username user login bmcusername bmcuser bmclogin ipmiusername ipmiuser defaultusername "
        "defaultuser factoryusername factoryuser factorybmcuser factorybmcusername adminuser "
        "adminusername idracuser ilouser"
    ),
    "password": (
        "password passwd pwd bmcpassword bmcpasswd bmcpwd ipmipassword ipmipasswd ipmipwd "
        "defaultpassword defaultpwd factorypassword factorybmcpassword factorypwd adminpassword "
        "initialpassword uniquepassword uniquedefaultpassword bmcdefaultpassword idracpassword "
        "ilopassword"
    ),
    "fingerprint": (
        "fingerprint certificatefingerprint certfingerprint sha256fingerprint sha256 "
        "bmcfingerprint bmccertificatefingerprint certificatesha256 certsha256 "
        "tlsfingerprint thumbprint certificatethumbprint"
    ),
}
"""Of each field, its best name first: where several columns fit, the first found here is taken."""

_RANKS = {
    word: (field, rank)
    for field, words in SYNONYMS.items()
    for rank, word in enumerate(words.split())
}
_ADDRESS = re.compile(r"([a-z0-9]*?)(mac|guid)(s)?(?:address(es)?|addr)?(\d*)")
_CONTROLLERS = {"bmc", "ipmi", "idrac", "ilo", "xcc", "mgmt", "management", "oob", "base", "system"}
_SECRET = re.compile(r"pass(?!iv)|pwd|secret|credential|token", re.IGNORECASE)
MANY = "*"
"""In place of a port: the column holds several addresses, with or without their ports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The position of each column that is read. `macs` and `guids` are by port."""

    fields: Mapping[str, int]
    macs: Mapping[str, int]
    guids: Mapping[str, int]
    unused: tuple[str, ...]


def plain(words: str) -> str:
    """Return letters and digits only, in lower case: `Serial No.` is serialno."""
    return re.sub(r"[^a-z0-9]", "", words.lower())


def is_header(cells: Sequence[str], chosen: Mapping[str, str]) -> bool:
    """Whether a row names the columns: one of them is that of serial numbers."""
    if "serial" in chosen:
        return plain(chosen["serial"]) in map(plain, cells)
    return any(_RANKS.get(plain(cell), ("",))[0] == "serial" for cell in cells)


def understand(header: Sequence[str], chosen: Mapping[str, str]) -> Columns:
    """Find the columns; `chosen` are those that the operator has named, by field.

    Raises:
        UsageError: a field or a column that is chosen does not exist, a column is there twice, or
            one seems to hold secrets and would stay in the file.
    """
    _check(header, chosen)
    by_hand = {_position(header, name): field for field, name in chosen.items()}
    ranked: dict[str, tuple[int, int]] = {}
    addresses: dict[tuple[str, str], int] = {}
    for i, name in enumerate(header):
        if i in by_hand:
            _enter(by_hand[i], (-1, i), ranked, addresses)
        elif (known := _RANKS.get(plain(name))) and known[0] not in chosen:
            _enter(known[0], (known[1], i), ranked, addresses)
        elif port := _address_column(name):
            addresses.setdefault(port, i)
    used = {i for _, i in ranked.values()} | set(addresses.values())
    unused = [name for i, name in enumerate(header) if name and i not in used]
    _refuse_secrets(unused)
    return Columns(
        fields={field: i for field, (_, i) in ranked.items()},
        macs={port: i for (kind, port), i in addresses.items() if kind == "mac"},
        guids={port: i for (kind, port), i in addresses.items() if kind == "guid"},
        unused=tuple(unused),
    )


def _enter(
    field: str,
    found: tuple[int, int],
    ranked: dict[str, tuple[int, int]],
    addresses: dict[tuple[str, str], int],
) -> None:
    kind, _, port = field.partition(":")
    if kind in {"mac", "guid"}:
        addresses[kind, port or (CONTROLLER if kind == "mac" else "guid1")] = found[1]
    else:
        ranked[field] = min(found, ranked.get(field, found))


def _address_column(name: str) -> tuple[str, str] | None:
    """Return whether a column holds MACs or GUIDs, and of which port."""
    words = re.findall(r"[a-z0-9.]+", name.lower())
    found = next(((i, m) for i, word in enumerate(words) if (m := _ADDRESS.fullmatch(word))), None)
    if not found:
        return None
    at, match = found
    before, kind, plural, plurals, number = match.groups()
    others = [before, *(word for i, word in enumerate(words) if i != at)]
    several = plural or plurals or "addresses" in others
    rest = [w for w in others if w and w not in {"address", "addresses", "addr", "port", "the"}]
    port = "-".join(rest)
    if several and not port:
        return kind, MANY
    if kind == "mac" and not number and (not port or port in _CONTROLLERS):
        return kind, CONTROLLER
    return kind, (port or kind) + number if port or number else f"{kind}1"


def _check(header: Sequence[str], chosen: Mapping[str, str]) -> None:
    fields = {*SYNONYMS, "mac", "guid"}
    for field, name in chosen.items():
        if field.partition(":")[0] not in fields:
            raise UsageError(
                f"column {field}={name}: {field} is no field; known are {', '.join(SYNONYMS)}, "
                "mac:PORT and guid:PORT"
            )
        if plain(name) not in map(plain, header):
            raise UsageError(
                f"column {field}={name}: there is no column {name}; there are "
                f"{', '.join(filter(None, header))}"
            )
    for double in _doubles(header):
        raise UsageError(
            f"column {double}: is there twice, and both cannot be meant: rename or remove one"
        )


def _doubles(header: Sequence[str]) -> Iterator[str]:
    names = [plain(name) for name in header]
    for i, name in enumerate(names):
        if name in _RANKS and name in names[:i]:
            yield header[i]


def _position(header: Sequence[str], name: str) -> int:
    return [plain(cell) for cell in header].index(plain(name))


def _refuse_secrets(unused: Sequence[str]) -> None:
    for name in unused:
        if _SECRET.search(name):
            raise UsageError(
                f"column {name}: seems to hold secrets, and what is not read would stay in the "
                f"file: say --column password='{name}', or remove it"
            )
