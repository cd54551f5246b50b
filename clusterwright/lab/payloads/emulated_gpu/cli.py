"""The command line of nvidia-smi, as far as it is emulated."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from . import listing, mig, mode, summary
from .gpu import Gpu
from .machine import Machine, NoDriver
from .mig import Selection
from .query import query, query_apps
from .reply import (
    INVALID_ARGUMENT,
    NO_DRIVER,
    NO_DRIVER_TEXT,
    NO_PERMISSION,
    NOT_FOUND,
    Reply,
    refuse,
)

Act = Callable[[Sequence[Gpu]], Reply]
LONG = {
    "--id": "-i",
    "--list-gpus": "-L",
    "--query": "-q",
    "--multi-instance-gpu": "-mig",
    "--persistence-mode": "-pm",
    "--gpu-reset": "-r",
    "--list-gpu-instance-profiles": "-lgip",
    "--list-gpu-instance-possible-placements": "-lgipp",
    "--create-gpu-instance": "-cgi",
    "--default-compute-instance": "-C",
    "--create-compute-instance": "-cci",
    "--list-gpu-instances": "-lgi",
    "--list-compute-instances": "-lci",
    "--destroy-gpu-instance": "-dgi",
    "--destroy-compute-instance": "-dci",
    "--gpu-instance-id": "-gi",
    "--compute-instance-id": "-ci",
}
VALUED = frozenset({"-i", "-mig", "-pm", "-cgi", "-gi", "-ci"}) | {
    "--query-gpu",
    "--query-compute-apps",
    "--format",
}
CHANGES = ("-cgi", "-cci", "-dci", "-dgi")
ACTIONS = ("-lgip", "-lgipp", "-lgi", "-lci", *CHANGES)
KNOWN = VALUED | {"-L", "-q", "-r", "-C", *ACTIONS}
NO_DEVICES = "No devices were found"
ON_OFF = {"1": True, "ENABLED": True, "0": False, "DISABLED": False}


class Misused(Exception):
    """The arguments cannot be understood; the message is nvidia-smi's."""


def parse(arguments: Sequence[str]) -> dict[str, str]:
    """Return options with their values, under their short names."""
    options: dict[str, str] = {}
    waiting = list(arguments)
    while waiting:
        name, equals, value = waiting.pop(0).partition("=")
        name = LONG.get(name, name)
        if name not in KNOWN:
            raise Misused(
                f"Invalid combination of input arguments. "
                f"Please run 'nvidia-smi -h' for help.\n\nUnknown option: {name}"
            )
        if name in VALUED and not equals:
            if not waiting:
                raise Misused(f"Option {name} needs a value. Please run 'nvidia-smi -h' for help.")
            value = waiting.pop(0)
        elif name == "-cci" and waiting and not waiting[0].startswith("-"):
            waiting.pop(0)
        options[name] = value
    return options


def selected(gpus: Sequence[Gpu], wanted: str | None) -> list[Gpu]:
    """Return the GPUs that -i names by index, UUID, serial number or bus address."""
    if wanted is None:
        return list(gpus)
    names = wanted.split(",")
    return [g for g in gpus if {str(g.index), g.uuid, g.serial, g.bus_id} & set(names)]


def _numbers(text: str | None) -> frozenset[int]:
    try:
        return frozenset(int(part) for part in text.split(",")) if text else frozenset()
    except ValueError as error:
        raise Misused(f"Invalid instance ID: {text}") from error


def _switch(value: str, option: str) -> bool:
    if value.upper() not in ON_OFF:
        raise Misused(f"Invalid argument for {option}: {value}")
    return ON_OFF[value.upper()]


def _mig_action(options: dict[str, str]) -> tuple[str, Act]:
    asked = [action for action in ACTIONS if action in options]
    if len(asked) != 1:
        raise Misused("Invalid combination of input arguments. Please run 'nvidia-smi mig -h'.")
    chosen = Selection(instances=_numbers(options.get("-gi")), compute=_numbers(options.get("-ci")))
    wanted = [part.strip() for part in options.get("-cgi", "").split(",")]
    acts: dict[str, Act] = {
        "-lgip": listing.list_profiles,
        "-lgipp": listing.list_placements,
        "-lgi": lambda gpus: listing.list_gpu_instances(gpus, chosen),
        "-lci": lambda gpus: listing.list_compute_instances(gpus, chosen),
        "-cgi": lambda gpus: mig.create_gpu_instances(gpus, wanted, compute="-C" in options),
        "-cci": lambda gpus: mig.create_compute_instances(gpus, chosen),
        "-dci": lambda gpus: mig.destroy_compute_instances(gpus, chosen),
        "-dgi": lambda gpus: mig.destroy_gpu_instances(gpus, chosen),
    }
    return asked[0], acts[asked[0]]


def run_mig(machine: Machine, arguments: Sequence[str]) -> Reply:
    """Answer `nvidia-smi mig ...`."""
    options = parse(arguments)
    action, act = _mig_action(options)
    if action not in CHANGES:
        return _on_capable(machine.gpus(), options, action, act)
    with machine.changing() as gpus:
        return _on_capable(gpus, options, action, act)


def _on_capable(gpus: Sequence[Gpu], options: dict[str, str], action: str, act: Act) -> Reply:
    capable = [gpu for gpu in selected(gpus, options.get("-i")) if gpu.model.profiles]
    if not capable:
        return refuse(NOT_FOUND, "No MIG-supported devices found.")
    if action in ("-lgip", "-lgipp"):
        return act(capable)
    enabled = [gpu for gpu in capable if gpu.mig]
    return act(enabled) if enabled else refuse(NOT_FOUND, "No MIG-enabled devices found.")


def _change(options: dict[str, str]) -> Act | None:
    if "-mig" in options:
        on = _switch(options["-mig"], "-mig")
        return lambda gpus: mode.set_mig(gpus, on=on)
    if "-pm" in options:
        on = _switch(options["-pm"], "-pm")
        return lambda gpus: mode.set_persistence(gpus, on=on)
    return mode.reset if "-r" in options else None


def _show(machine: Machine, options: dict[str, str]) -> Act:
    if "-L" in options:
        return summary.list_gpus
    if "--query-gpu" in options:
        fields, style = options["--query-gpu"], options.get("--format", "")
        return lambda gpus: query(machine, gpus, fields, style)
    if "--query-compute-apps" in options:
        fields, style = options["--query-compute-apps"], options.get("--format", "")
        return lambda gpus: query_apps(gpus, fields, style)
    if "-q" in options:
        return lambda gpus: summary.details(machine, gpus)
    return lambda gpus: summary.summary(machine, gpus)


def run_whole(machine: Machine, arguments: Sequence[str]) -> Reply:
    """Answer whatever is about whole GPUs; only a change takes the lock."""
    options = parse(arguments)
    change = _change(options)
    if change is None:
        gpus = selected(machine.gpus(), options.get("-i"))
        return _show(machine, options)(gpus) if gpus else refuse(NOT_FOUND, NO_DEVICES)
    with machine.changing() as present:
        gpus = selected(present, options.get("-i"))
        return change(gpus) if gpus else refuse(NOT_FOUND, NO_DEVICES)


def run(machine: Machine, arguments: Sequence[str]) -> Reply:
    """Answer one command line."""
    try:
        if arguments[:1] == ["mig"]:
            return run_mig(machine, arguments[1:])
        return run_whole(machine, arguments)
    except Misused as error:
        return refuse(INVALID_ARGUMENT, str(error))
    except NoDriver:
        return Reply(NO_DRIVER, NO_DRIVER_TEXT)
    except PermissionError:
        return refuse(NO_PERMISSION, "Insufficient Permissions")


def main() -> int:
    """Run as a program."""
    reply = run(Machine(root=Path("/")), sys.argv[1:])
    sys.stdout.write(reply.text)
    return reply.code
