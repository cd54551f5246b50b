"""What a device remembers, kept in a file so that it outlives the service."""

import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    S = TypeVar("S", bound=DataclassInstance)
else:
    S = TypeVar("S")


class Memory(Generic[S]):
    """The state of one device: a frozen dataclass of JSON values, replaced as a whole."""

    def __init__(self, file: Path, factory: S) -> None:
        """Remember what `file` holds; what it does not hold is as it left the `factory`."""
        self._file = file
        self.state = replace(factory, **_stored(file, factory))

    def update(self, **changes: Any) -> None:
        """Change some fields; the file is complete at every moment."""
        self.state = replace(self.state, **changes)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(self.state), indent=1, sort_keys=True))
        partial.replace(self._file)


def _stored(file: Path, factory: Any) -> dict[str, Any]:
    if not file.exists():
        return {}
    known = {field.name for field in fields(factory)}
    stored = json.loads(file.read_text()).items()
    # JSON has one kind of sequence, and a frozen state has the other.
    return {n: tuple(v) if isinstance(v, list) else v for n, v in stored if n in known}
