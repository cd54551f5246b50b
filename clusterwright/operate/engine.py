"""Run the Pulumi engine as a child process."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

from clusterwright.errors import OperationError, ToolError
from clusterwright.site_folder import PROJECT

STACK_NOT_FOUND = 6
NO_SPACE = "no space left on device"


def run_pulumi(arguments: Sequence[str], variables: Mapping[str, str]) -> str:
    """Run one short command to its end and return what it says.

    Raises:
        ToolError: it failed; the message is its own.
        OperationError: the disk under the state is full.
    """
    answer = ask_pulumi(arguments, variables)
    if NO_SPACE in answer.stderr:
        raise full_disk(variables)
    if answer.returncode != 0:
        raise ToolError(f"pulumi {' '.join(arguments)}: {own_words(answer.stderr)}")
    return answer.stdout


def ask_pulumi(
    arguments: Sequence[str], variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run one short command; the caller judges its exit code."""
    return subprocess.run(
        ["pulumi", *arguments, "--non-interactive"],
        cwd=PROJECT,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def full_disk(variables: Mapping[str, str]) -> OperationError:
    """Return the error for a state that could not be written."""
    return OperationError(
        f"backend {variables['PULUMI_BACKEND_URL']}: its disk is full, so the state of what "
        "was done last could not be saved: make room and run this again, it goes on from there"
    )


def own_words(output: str) -> str:
    """Return the engine's message on one line, without its prefix."""
    return " ".join(output.split()).removeprefix("error: ")


def stream_pulumi(
    arguments: Sequence[str],
    variables: Mapping[str, str],
    *,
    on_line: Callable[[str], None],
    on_interrupt: Callable[[], None],
    is_hopeless: Callable[[], bool],
) -> int:
    """Run one long command, give each line of its output to `on_line`, return its exit code.

    Once `is_hopeless` says so, the engine is told to give up.

    The engine gets a session of its own, so that Ctrl-C reaches it through us, once per press: the
    first lets what is under way end, the second gives it up.
    """
    child = subprocess.Popen(
        ["pulumi", *arguments, "--non-interactive"],
        cwd=PROJECT,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    assert child.stdout is not None  # noqa: S101 - asked for above
    with forwarded_interrupts(child, on_interrupt):
        for line in child.stdout:
            on_line(line.rstrip("\n"))
            if is_hopeless():
                child.send_signal(signal.SIGINT)
        return child.wait()


@contextmanager
def forwarded_interrupts(
    child: subprocess.Popen[str], on_interrupt: Callable[[], None]
) -> Iterator[None]:
    """Pass SIGINT and SIGTERM on as the interrupt that the engine understands."""

    def forward(_number: int, _frame: FrameType | None) -> None:
        on_interrupt()
        child.send_signal(signal.SIGINT)

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, forward) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
