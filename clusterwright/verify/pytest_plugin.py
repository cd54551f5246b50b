"""A pytest plugin: the verdict of every host check, one JSON line each.

Tests compare `actual == expected`, in this order, and are parametrised over `planned`. A probe
whose command fails on a host that answers is a failed check; everything else that keeps a probe
from looking (no SSH, output that nobody understands, a skip) is not proven.
"""

import signal
from collections.abc import Generator
from pathlib import Path
from typing import Any, TextIO

import pytest

from clusterwright.verify.comparison import kind_of, narrow
from clusterwright.verify.report import Kind
from clusterwright.verify.verdicts import Check, Outcome, Verdict, to_line

COMMAND_NOT_FOUND = 127
MARKERS = (
    "gpu: only nodes have it",
    "nvswitch: only nodes whose GPUs are joined by NVSwitch have it",
    "remedy(sentence): what helps; {host} and {site} are filled in",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("clusterwright")
    group.addoption("--site", help="name of the site, or path of its definition")
    group.addoption("--verdicts", type=Path, help="file that takes the verdicts, one a line")


def pytest_configure(config: pytest.Config) -> None:
    # Connections are closed as at Ctrl-C, to which whatever a shell runs in the background is deaf.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    file = config.getoption("--verdicts")
    if file is not None:
        config.pluginmanager.register(Recorder(file.open("w")))


class ProbeFailed(AssertionError):
    """A command of a probe failed on a host that answers: what it asks after is broken or gone."""

    def __init__(self, command: str, status: int, output: str) -> None:
        said = [line.strip() for line in output.splitlines() if line.strip()]
        self.kind = Kind.MISSING if status == COMMAND_NOT_FOUND else Kind.DRIFT
        self.expected = f"an answer of: {command}"
        self.actual = f"exit status {status}: {said[-1] if said else 'it said nothing'}"
        super().__init__(f"{self.expected}, {self.actual}")


class Recorder:
    """Follows one pytest session and writes what each check comes to."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._compared: tuple[object, object] | None = None
        self._unreachable: dict[str, str] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            self._write(to_line(check_of(item)))

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._compared = None
        reason = self._unreachable.get(check_of(item).host)
        if reason is not None:
            pytest.skip(reason)

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> None:
        if op == "==":
            self._compared = (right, left)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.excinfo is not None and call.when != "teardown":
            self._write(to_line(self._verdict(item, call.excinfo.value)))
        elif call.when == "call":
            self._write(to_line(Verdict(check=check_of(item), outcome=Outcome.PASS)))
        return report

    def pytest_unconfigure(self) -> None:
        self._file.close()

    def _write(self, line: str) -> None:
        self._file.write(f"{line}\n")
        self._file.flush()

    def _verdict(self, item: pytest.Item, error: BaseException) -> Verdict:
        check = check_of(item)
        if isinstance(error, AssertionError):
            kind, expected, actual = self._difference(check, error)
            return Verdict(
                check=check,
                outcome=Outcome.FAIL,
                kind=kind,
                expected=expected,
                actual=actual,
                remedy=remedy_of(item),
            )
        reason = reason_of(error)
        if failed_ssh(error) is not None:
            self._unreachable[check.host] = reason
        return Verdict(check=check, outcome=Outcome.NOT_PROVEN, reason=reason)

    def _difference(self, check: Check, error: AssertionError) -> tuple[Kind, str, str]:
        if isinstance(error, ProbeFailed):
            return error.kind, error.expected, error.actual
        if self._compared is None:
            return Kind.DRIFT, check.sentence, str(error)
        expected, actual = self._compared
        return kind_of(expected, actual), *narrow(expected, actual)


def check_of(item: pytest.Item) -> Check:
    """The sentence is the test's docstring, or its name where that says it all."""
    function: Any = item.function  # type: ignore[attr-defined]
    name = function.__name__.removeprefix("test_").replace("_", " ")
    planned: Any = item.callspec.params["planned"]  # type: ignore[attr-defined]
    return Check(host=planned.name, sentence=(function.__doc__ or name).strip().rstrip("."))


def remedy_of(item: pytest.Item) -> str:
    marker = item.get_closest_marker("remedy")
    return str(marker.args[0]) if marker else "run clusterwright up {site}"


def reason_of(error: BaseException) -> str:
    """Say in one line why a probe could not look."""
    stderr = failed_ssh(error)
    if stderr is not None:
        return f"no SSH: {stderr}"
    if isinstance(error, pytest.skip.Exception):
        return str(error.msg)
    return f"the probe failed: {type(error).__name__}: {error}".splitlines()[0]


def failed_ssh(error: BaseException) -> str | None:
    """Return what ssh said when it could not reach the host; testinfra raises its whole result."""
    result: Any = error.args[0] if isinstance(error, RuntimeError) and error.args else None
    if not hasattr(result, "stderr"):
        return None
    lines = [line.strip() for line in result.stderr.splitlines() if line.strip()]
    return lines[-1] if lines else "the connection ended"
