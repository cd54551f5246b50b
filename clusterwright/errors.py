"""Every error an operator can meet.

ClusterwrightError
├── DefinitionError      the definition is wrong: one or more mistakes          exit 2
├── UsageError           the command, or what it was given, is wrong            exit 2
└── OperationError       something was tried and failed                         exit 1
    ├── DeviceError      a BMC, CDU or PDU
    │   ├── DeviceUnreachable    nobody answers at its address
    │   ├── DeviceRefusedLogin   it does not know the user name and password
    │   ├── DeviceUntrusted      its certificate is not signed by the site's CA
    │   │   └── DeviceTooOld     its TLS is too old to show one that could be believed
    │   └── DeviceRefused        it answered, and said no
    ├── HostError        a host: no SSH, a task that failed
    └── ToolError        a program that is needed is missing, or failed

An error names the thing, the value, the rule and the remedy, in that order.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from clusterwright.fold import Said, fold

DefinitionPath = tuple[str | int, ...]
"""Keys and list positions from the top of a definition down to one of its values."""


class ClusterwrightError(Exception):
    """The base: `exit_code` is what the command line ends with."""

    exit_code = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One edit of the definition that would help."""

    path: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A mistake found in the model: it knows its path, but not yet the file and the line.

    `remedy` pairs the path of one edit with the value to write there.
    """

    path: DefinitionPath
    value: str
    rule: str
    remedy: tuple[tuple[DefinitionPath, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing the operator wrote that cannot be, and where they wrote it.

    `remedy` is empty only where no single change helps; `rule` then says what would.
    """

    file: str
    line: int
    path: str
    value: str
    rule: str
    remedy: tuple[Change, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}: {self.rule}"


class DefinitionError(ClusterwrightError):
    """All mistakes of one phase, in the order of the file.

    In words, those are one line that differ only by which of several equal things they name.
    `equals` says of what kind each such thing is: racks, nodes, units.
    """

    exit_code = 2

    def __init__(
        self, mistakes: tuple[Mistake, ...], equals: Mapping[str, str] | None = None
    ) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: (mistake.file, mistake.line)))
        said = [
            Said(
                file=one.file,
                line=one.line,
                path=one.path,
                rule=one.rule,
                remedy=tuple((change.path, change.value) for change in one.remedy),
            )
            for one in self.mistakes
        ]
        super().__init__("\n".join(fold(said, equals or {})))


class UsageError(ClusterwrightError):
    """The operator asked for something that does not exist or cannot be asked for here."""

    exit_code = 2


class OperationError(ClusterwrightError):
    """Something was tried and did not succeed."""


class DeviceError(OperationError):
    """A BMC, CDU or PDU did not do what it was asked."""


class DeviceUnreachable(DeviceError):
    """Nobody answers at the device's address before the deadline."""


class DeviceRefusedLogin(DeviceError):
    """The device does not accept the user name and password of the site's vault."""


class DeviceUntrusted(DeviceError):
    """The device's certificate is not one that the site's CA has signed for its address."""


class DeviceTooOld(DeviceUntrusted):
    """The device speaks no TLS that keeps a secret: only other firmware helps."""


class DeviceRefused(DeviceError):
    """The device answered with an error of its own."""


class HostError(OperationError):
    """A host cannot be reached over SSH, or a task on it failed."""


class ToolError(OperationError):
    """A program that is needed is missing, or ended badly."""
