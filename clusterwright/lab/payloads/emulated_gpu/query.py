"""nvidia-smi --query-gpu=FIELDS and --query-compute-apps=FIELDS, as comma-separated values."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from .gpu import Client, Gpu
from .machine import Machine
from .reply import INVALID_ARGUMENT, Reply, refuse

Value = str | int | float
ABSENT = "[N/A]"


def temperature_c(gpu: Gpu) -> int:
    """An idle GPU's temperature; neighbours in the air stream differ a little."""
    return 28 + gpu.index % 4


def power_watts(gpu: Gpu) -> float:
    return gpu.model.idle_watts + 1.37 * (gpu.index % 5)


def memory_used_mib(gpu: Gpu) -> int:
    return 13 * len(gpu.devices)


def _switch(on: bool, /) -> str:  # noqa: FBT001 - a word for a fact, not a mode of this function
    return "Enabled" if on else "Disabled"


def _mig(gpu: Gpu, on: bool, /) -> str:  # noqa: FBT001 - as above
    return _switch(on) if gpu.model.profiles else ABSENT


def _fabric(machine: Machine, running: str, stopped: str) -> str:
    if not machine.nvswitch():
        return "N/A"
    return running if machine.fabric_manager_runs() else stopped


FIELDS: dict[str, tuple[str, Callable[[Machine, Gpu], Value]]] = {
    "timestamp": ("", lambda _, __: f"{datetime.now():%Y/%m/%d %H:%M:%S.%f}"[:-3]),
    "driver_version": ("", lambda machine, _: machine.driver_version()),
    "count": ("", lambda machine, _: machine.hardware()["count"]),
    "index": ("", lambda _, gpu: gpu.index),
    "name": ("", lambda _, gpu: gpu.model.name),
    "uuid": ("", lambda _, gpu: gpu.uuid),
    "serial": ("", lambda _, gpu: gpu.serial),
    "pci.bus_id": ("", lambda _, gpu: gpu.bus_id),
    "pci.device_id": ("", lambda _, gpu: gpu.model.device_id),
    "pcie.link.gen.current": ("", lambda _, gpu: gpu.model.pcie_generation),
    "pcie.link.gen.max": ("", lambda _, gpu: gpu.model.pcie_generation),
    "pcie.link.width.current": ("", lambda machine, _: machine.hardware().get("pcie_width", 16)),
    "pcie.link.width.max": ("", lambda _, __: 16),
    "persistence_mode": ("", lambda _, gpu: _switch(gpu.persistence)),
    "compute_mode": ("", lambda _, __: "Default"),
    "pstate": ("", lambda _, __: "P0"),
    "mig.mode.current": ("", lambda _, gpu: _mig(gpu, gpu.mig)),
    "mig.mode.pending": ("", lambda _, gpu: _mig(gpu, gpu.mig_pending)),
    "memory.total": ("MiB", lambda _, gpu: gpu.memory_mib),
    "memory.used": ("MiB", lambda _, gpu: memory_used_mib(gpu)),
    "memory.free": ("MiB", lambda _, gpu: gpu.memory_mib - memory_used_mib(gpu)),
    "utilization.gpu": ("%", lambda _, gpu: ABSENT if gpu.mig else 0),
    "utilization.memory": ("%", lambda _, gpu: ABSENT if gpu.mig else 0),
    "temperature.gpu": ("", lambda _, gpu: temperature_c(gpu)),
    "temperature.gpu.tlimit": ("", lambda _, gpu: gpu.model.slowdown_c - 2 - temperature_c(gpu)),
    "power.draw": ("W", lambda _, gpu: power_watts(gpu)),
    "power.draw.instant": ("W", lambda _, gpu: power_watts(gpu)),
    "power.limit": ("W", lambda _, gpu: float(gpu.model.power_limit_watts)),
    "power.default_limit": ("W", lambda _, gpu: float(gpu.model.power_limit_watts)),
    "power.max_limit": ("W", lambda _, gpu: float(gpu.model.power_limit_watts)),
    "ecc.mode.current": ("", lambda _, __: "Enabled"),
    "ecc.mode.pending": ("", lambda _, __: "Enabled"),
    "ecc.errors.corrected.volatile.total": ("", lambda _, __: 0),
    "ecc.errors.corrected.aggregate.total": ("", lambda _, __: 0),
    "ecc.errors.uncorrected.volatile.total": ("", lambda _, __: 0),
    "ecc.errors.uncorrected.aggregate.total": ("", lambda _, __: 0),
    "remapped_rows.pending": ("", lambda _, __: "No"),
    "remapped_rows.failure": ("", lambda _, __: "No"),
    "fabric.state": ("", lambda machine, _: _fabric(machine, "Completed", "Not Started")),
    "fabric.status": ("", lambda machine, _: _fabric(machine, "Success", "N/A")),
}
ALIASES = {
    "gpu_name": "name",
    "gpu_uuid": "uuid",
    "gpu_serial": "serial",
    "gpu_bus_id": "pci.bus_id",
}


def _text(value: Value, unit: str) -> str:
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    return text if not unit or text == ABSENT else f"{text} {unit}"


APP_FIELDS: dict[str, tuple[str, Callable[[Gpu, Client], Value]]] = {
    "pid": ("", lambda _, client: client.pid),
    "process_name": ("", lambda _, client: client.name),
    "used_gpu_memory": ("MiB", lambda _, client: client.memory_mib),
    "gpu_uuid": ("", lambda gpu, _: gpu.uuid),
    "gpu_name": ("", lambda gpu, _: gpu.model.name),
    "gpu_bus_id": ("", lambda gpu, _: gpu.bus_id),
    "gpu_serial": ("", lambda gpu, _: gpu.serial),
}
APP_ALIASES = {"name": "process_name", "used_memory": "used_gpu_memory"}


def query(machine: Machine, gpus: Sequence[Gpu], fields: str, style: str) -> Reply:
    """Answer one line per GPU."""

    def row(gpu: Gpu) -> Callable[[str], Value]:
        return lambda name: FIELDS[name][1](machine, gpu)

    units = {name: unit for name, (unit, _) in FIELDS.items()}
    return _csv(fields, style, units, ALIASES, [row(gpu) for gpu in gpus])


def query_apps(gpus: Sequence[Gpu], fields: str, style: str) -> Reply:
    """Answer one line per process on a GPU (--query-compute-apps)."""

    def row(gpu: Gpu, client: Client) -> Callable[[str], Value]:
        return lambda name: APP_FIELDS[name][1](gpu, client)

    units = {name: unit for name, (unit, _) in APP_FIELDS.items()}
    rows = [row(gpu, client) for gpu in gpus for client in gpu.clients]
    return _csv(fields, style, units, APP_ALIASES, rows)


def _csv(
    fields: str,
    style: str,
    units: Mapping[str, str],
    aliases: Mapping[str, str],
    rows: Sequence[Callable[[str], Value]],
) -> Reply:
    styles = style.split(",")
    if styles[0] != "csv":
        return refuse(
            INVALID_ARGUMENT,
            "Please use --format=csv switch to select output format.",
        )
    asked = [field.strip() for field in fields.split(",")]
    names = [aliases.get(field, field) for field in asked]
    for field, name in zip(asked, names, strict=True):
        if name not in units:
            return refuse(INVALID_ARGUMENT, f'Field "{field}" is not a valid field to query.', "")
    heading = [
        f"{field} [{units[name]}]" if units[name] else field
        for field, name in zip(asked, names, strict=True)
    ]
    lines = [] if "noheader" in styles else [heading]
    lines += [
        [_text(row(name), "" if "nounits" in styles else units[name]) for name in names]
        for row in rows
    ]
    return Reply(0, "".join(", ".join(line) + "\n" for line in lines))
