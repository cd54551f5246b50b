"""Where a Pulumi property bag becomes plain values, and where plain values become one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from google.protobuf.struct_pb2 import Struct, Value

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the protocol's mark, not a password
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWN_TEXTS = frozenset(
    {
        UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)

Path = tuple[str, ...]


class Unknown(Enum):
    """A value that exists only once another resource has been created."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN

# A recursive alias would be exact, but pydantic and protobuf both hand out Any here.
Plain = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """Plain values, and the paths of those that Pulumi must keep secret."""

    values: dict[str, Plain]
    secrets: frozenset[Path] = field(default_factory=frozenset)


def decode(struct: Struct) -> Properties:
    """Read a property bag; secrets lose their wrapping, and their paths are remembered."""
    secrets: set[Path] = set()
    values = {key: _plain(value, (key,), secrets) for key, value in struct.fields.items()}
    return Properties(values=values, secrets=frozenset(secrets))


def encode(values: Mapping[str, Plain], secrets: frozenset[Path] = frozenset()) -> Struct:
    """Write a property bag in which the values at `secrets` are wrapped."""
    struct = Struct()
    struct.update({key: _wire(value, (key,), secrets) for key, value in values.items()})
    return struct


def holds_unknown(value: Plain) -> bool:
    """Whether `value` is unknown, or something in it is."""
    if isinstance(value, Mapping):
        return any(holds_unknown(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(holds_unknown(item) for item in value)
    return value is UNKNOWN


def _plain(value: Value, path: Path, secrets: set[Path]) -> Plain:
    match value.WhichOneof("kind"):
        case "struct_value":
            return _plain_struct(value.struct_value, path, secrets)
        case "list_value":
            items = enumerate(value.list_value.values)
            return [_plain(item, (*path, str(index)), secrets) for index, item in items]
        case "number_value":
            return _number(value.number_value)
        case "string_value":
            text = value.string_value
            return UNKNOWN if text in UNKNOWN_TEXTS else text
        case "bool_value":
            return value.bool_value
    return None


def _plain_struct(struct: Struct, path: Path, secrets: set[Path]) -> Plain:
    fields = struct.fields
    if SIGNATURE in fields and fields[SIGNATURE].string_value == SECRET:
        secrets.add(path)
        return _plain(fields["value"], path, secrets)
    return {key: _plain(item, (*path, key), secrets) for key, item in fields.items()}


def _number(number: float) -> int | float:
    """The wire knows only doubles; a whole number is meant as one."""
    return int(number) if number.is_integer() else number


def _wire(value: Plain, path: Path, secrets: frozenset[Path]) -> Plain:
    bare = _bare(value, path, secrets)
    return {SIGNATURE: SECRET, "value": bare} if path in secrets else bare


def _bare(value: Plain, path: Path, secrets: frozenset[Path]) -> Plain:
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, Mapping):
        return {str(k): _wire(item, (*path, str(k)), secrets) for k, item in value.items()}
    if isinstance(value, list | tuple):
        return [_wire(item, (*path, str(n)), secrets) for n, item in enumerate(value)]
    return value
