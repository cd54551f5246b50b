"""Rows of a manifest into items; every form of address that vendors write becomes one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.operate.intake.columns import MANY, Columns
from clusterwright.operate.intake.item import Complaint, Item
from clusterwright.operate.intake.sheet import Row, Sheet

_HEX = re.compile(r"[0-9a-f]+")
_PORT = re.compile(r"[a-z0-9][a-z0-9._/-]{0,31}")
_PAIR = re.compile(r"(?:([^\s=,;]+)\s*=\s*)?([0-9a-fA-FxX:.-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What could be understood, and what could not."""

    items: tuple[Item, ...]
    complaints: tuple[Complaint, ...]


def parse(sheet: Sheet, columns: Columns, username: str = "") -> Parsed:
    """Understand every row; `username` is that of all factory passwords without one."""
    items, complaints = [], []
    for row in sheet.rows:
        reader = _Reader(row, columns)
        item = reader.item(username)
        if reader.complaints:
            complaints += reader.complaints
        else:
            items.append(item)
    return Parsed(items=tuple(items), complaints=tuple(complaints))


def mac_of(text: str) -> str | None:
    """Return a MAC as the record writes it, None where `text` is none of one device."""
    digits = _digits(text)
    if len(digits) != 12 or not int(digits, 16) or int(digits[1], 16) & 1:
        return None
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


def guid_of(text: str) -> str | None:
    """Return a GUID as the record writes it, None where `text` is none."""
    digits = _digits(text)
    if len(digits) != 16 or not int(digits, 16):
        return None
    return ":".join(digits[i : i + 4] for i in range(0, 16, 4))


def _digits(text: str) -> str:
    bare = re.sub(r"[:.\s-]", "", text.strip().lower().removeprefix("0x"))
    return bare if _HEX.fullmatch(bare) else ""


class _Reader:
    """Reads one row, and collects what is wrong with it."""

    def __init__(self, row: Row, columns: Columns) -> None:
        self._row, self._columns = row, columns
        self.complaints: list[Complaint] = []

    def item(self, username: str) -> Item:
        password = self._cell("password")
        item = Item(
            line=self._row.line,
            serial=self._serial(),
            model=self._cell("model"),
            label=self._cell("name").lower(),
            rack=self._cell("rack").lower(),
            unit=self._unit(),
            macs=self._addresses("MAC", self._columns.macs),
            guids=self._addresses("GUID", self._columns.guids),
            fingerprint=self._fingerprint(),
            username=self._cell("username") or (username if password else ""),
            password=password,
        )
        if item.password and not item.username:
            self._complain(
                "has a factory password, but no user name to it: add a column, or say "
                "--username NAME"
            )
        return item

    def _cell(self, field: str) -> str:
        at = self._columns.fields.get(field)
        return "" if at is None else self._row.cells[at]

    def _complain(self, sentence: str) -> None:
        self.complaints.append(Complaint(line=self._row.line, sentence=sentence))

    def _serial(self) -> str:
        serial = self._cell("serial")
        if not serial:
            self._complain("has no serial number, and every device has one: write it")
        return serial

    def _unit(self) -> int | None:
        text = self._cell("unit")
        digits = re.sub(r"^(ru|u)\s*|\s*(ru|u)$", "", text.lower())
        if not text or digits.isdigit():
            return int(digits) if digits else None
        if not self._cell("rack"):
            return None  # a position that is none in a rack says nothing
        self._complain(f"unit {text} is no rack unit: write the number of its lowest one")
        return None

    def _fingerprint(self) -> str:
        text = self._cell("fingerprint")
        digits = _digits(re.sub(r"(?i)^sha-?256[:=\s]*", "", text))
        if text and len(digits) != 64:
            self._complain(
                f"fingerprint {text} is no SHA-256 of a certificate: write its 64 hexadecimal "
                "digits, or nothing"
            )
        return digits

    def _addresses(self, kind: str, columns: Mapping[str, int]) -> dict[str, str]:
        found: dict[str, str] = {}
        for port, at in columns.items():
            text = self._row.cells[at]
            pairs = _pairs(kind, text) if port == MANY else [(port, text)] if text else []
            for name, written in pairs:
                self._enter(kind, found, name.lower(), written)
        return found

    def _enter(self, kind: str, found: dict[str, str], port: str, written: str) -> None:
        address = mac_of(written) if kind == "MAC" else guid_of(written)
        if address is None:
            self._complain(f"{written} is no {kind} of a port: {_WANTED[kind]}")
        elif not _PORT.fullmatch(port):
            self._complain(f"{port} is no name of a port: write letters, digits, . _ / -")
        elif found.setdefault(port, address) != address:
            self._complain(f"port {port} has two {kind}s, {found[port]} and {address}: keep one")


def _pairs(kind: str, text: str) -> Sequence[tuple[str, str]]:
    return list(_numbered(kind, text))


def _numbered(kind: str, text: str) -> Iterator[tuple[str, str]]:
    for number, match in enumerate(_PAIR.finditer(text), start=1):
        port, address = match.groups()
        yield port or f"{kind.lower()}{number}", address


_WANTED = {
    "MAC": "write 12 hexadecimal digits, as in 00:00:5e:00:53:01",
    "GUID": "write 16 hexadecimal digits, as in b8ce:f603:00a1:b2c3",
}
