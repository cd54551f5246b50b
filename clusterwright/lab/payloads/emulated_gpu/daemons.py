"""The services beside the driver: the persistence daemon and Fabric Manager."""

import os
import pwd
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from .machine import Machine, NoDriver

UNTIL = (signal.SIGTERM, signal.SIGINT)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _set_persistence(machine: Machine, *, on: bool) -> None:
    with machine.changing() as gpus:
        for gpu in gpus:
            gpu.persistence = on


def _user(arguments: Sequence[str]) -> str:
    named = [argument.removeprefix("--user=") for argument in arguments if "--user=" in argument]
    if "--user" in arguments:
        named.append(arguments[arguments.index("--user") + 1])
    return named[-1] if named else "root"


def _stay(pid_file: Path, at_end: Callable[[], None]) -> int:
    """Go into the background and do `at_end` when told to stop; the caller may end at once."""
    pid_file.parent.mkdir(parents=True, exist_ok=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, UNTIL)
    child = os.fork()
    if child:
        draft = pid_file.with_suffix(".new")
        draft.write_text(f"{child}\n", encoding="utf-8")
        draft.replace(pid_file)
        return 0
    os.setsid()
    signal.sigwait(UNTIL)
    at_end()
    pid_file.unlink(missing_ok=True)
    os._exit(0)


def persistenced(machine: Machine, arguments: Sequence[str]) -> int:
    """Hold persistence mode until told to stop, unless started with --no-persistence-mode."""
    user = _user(arguments)
    try:
        pwd.getpwnam(user)
    except KeyError:
        _say(f"nvidia-persistenced: Failed to find user ID of user '{user}'")
        return 1
    try:
        _set_persistence(machine, on="--no-persistence-mode" not in arguments)
    except NoDriver:
        _say("nvidia-persistenced: Failed to query NVIDIA devices.")
        return 1
    return _stay(machine.persistenced_pid_file, lambda: _let_go(machine))


def _let_go(machine: Machine) -> None:
    # The driver may be gone by now, and its GPUs' state with it.
    with suppress(NoDriver):
        _set_persistence(machine, on=False)


def fabric_manager_refusal(machine: Machine) -> str:
    """Return why Fabric Manager cannot run here, or nothing."""
    try:
        driver = machine.driver_version()
        if not machine.nvswitch():
            return "NV_WARN_NOTHING_TO_DO: no NVSwitch device was found"
    except NoDriver as missing:
        return f"failed to initialise NVML: {missing}"
    own = machine.fabric_manager_version_file.read_text(encoding="utf-8").strip()
    if own == driver:
        return ""
    return (
        f"fabric manager NVIDIA GPU driver interface version {own} "
        f"don't match with driver version {driver}. Please update with matching "
        "NVIDIA driver package."
    )


def fabric_manager(machine: Machine, arguments: Sequence[str]) -> int:
    """Check (--mode precheck) or run (--mode start) Fabric Manager."""
    refusal = fabric_manager_refusal(machine)
    if refusal:
        _say(refusal)
        return 1
    if "precheck" in arguments:
        return 0
    return _stay(machine.fabric_manager_pid_file, lambda: None)
