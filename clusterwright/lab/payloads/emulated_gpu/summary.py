"""What nvidia-smi shows of whole GPUs: the table without arguments, -L, and -q."""

from collections.abc import Sequence
from datetime import datetime

from .gpu import ComputeInstance, Gpu, GpuInstance
from .machine import Machine
from .query import FIELDS, memory_used_mib, power_watts, temperature_c
from .reply import Reply, refuse

CUDA_VERSION = "13.0"
TITLE = "| NVIDIA-SMI {0:<22} Driver Version: {0:<14} CUDA Version: {1:<8} |\n"
RULE = f"+{'-' * 89}+\n"
GPU_RULE = (
    "+-----------------------------------------+------------------------+----------------------+\n"
)
GPU_HEAD = """\
| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |
| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |
|                                         |                        |               MIG M. |
|=========================================+========================+======================|
"""
MIG_RULE = (
    "+------------------+----------------------------------+-----------+-----------------------+\n"
)
MIG_HEAD = """\
| GPU  GI  CI  MIG |                     Memory-Usage |        Vol|        Shared         |
|      ID  ID  Dev |                       BAR1-Usage | SM     Unc| CE ENC  DEC  OFA  JPG |
|                  |                                  |        ECC|                       |
|==================+==================================+===========+=======================|
"""
MIG_TITLE = "| MIG devices:".ljust(90) + "|\n"
NO_MIG = "|  No MIG devices found".ljust(90) + "|\n"
PROCESSES = """\
| Processes:                                                                              |
|  GPU   GI   CI              PID   Type   Process name                        GPU Memory |
|        ID   ID                                                               Usage      |
|=========================================================================================|
"""
NO_PROCESS = "|  No running processes found".ljust(90) + "|\n"


def list_gpus(gpus: Sequence[Gpu]) -> Reply:
    """Answer one line per GPU, and below it one per MIG device."""
    lines = []
    for gpu in gpus:
        lines.append(f"GPU {gpu.index}: {gpu.model.name} (UUID: {gpu.uuid})")
        for number, (instance, compute) in enumerate(gpu.devices):
            name = f"MIG {instance.profile.name}".ljust(15)
            lines.append(
                f"  {name} Device {number:2d}: (UUID: {gpu.device_uuid(instance, compute)})"
            )
    return refuse(0, *lines)


def _gpu_row(gpu: Gpu) -> str:
    mode = "Enabled" if gpu.mig else "Disabled"
    pending = "*" if gpu.mig != gpu.mig_pending else ""
    mig = mode + pending if gpu.model.profiles else "N/A"
    power = f"{power_watts(gpu):.0f}W / {gpu.model.power_limit_watts:4d}W"
    memory = f"{memory_used_mib(gpu)}MiB / {gpu.memory_mib:6d}MiB"
    ecc = "On" if gpu.mig else "0"
    persistence = "On " if gpu.persistence else "Off"
    return (
        f"| {gpu.index:3d}  {gpu.model.name:<28} {persistence:>5} |   {gpu.bus_id} Off "
        f"| {ecc:>20} |\n"
        f"| N/A  {temperature_c(gpu):3d}C    P0    {power:>20} | {memory:>22} "
        f"| {'N/A' if gpu.mig else '0%':>7}      Default |\n"
        f"|{'':41}|{'':24}| {mig:>20} |\n"
    )


def _device_row(gpu: Gpu, number: int, instance: GpuInstance, compute: ComputeInstance) -> str:
    one = instance.profile
    total_mib = int(one.memory_gib * 1024)
    bar1_mib = one.size * 16384 - 1
    return (
        f"| {gpu.index:2d}  {instance.id:3d}  {compute.id:2d}  {number:2d}  "
        f"| {13:15d}MiB / {total_mib:5d}MiB    "
        f"| {one.multiprocessors:<3d}     0 "
        f"| {one.copy_engines:2d}  0  {one.decoders:3d}  {one.optical_flow:3d}  {one.jpeg:3d}  |\n"
        f"|{'':18}| {0:15d}MiB / {bar1_mib:5d}MiB    |{'':11}|{'':23}|\n"
    )


def _devices(gpus: Sequence[Gpu]) -> str:
    if not any(gpu.mig for gpu in gpus):
        return ""
    rows = [
        _device_row(gpu, number, *device) + MIG_RULE
        for gpu in gpus
        for number, device in enumerate(gpu.devices)
    ]
    table = RULE + MIG_TITLE + MIG_RULE + MIG_HEAD
    return "\n" + table + ("".join(rows) if rows else NO_MIG + RULE)


def _processes(gpus: Sequence[Gpu]) -> str:
    rows = [
        f"| {gpu.index:4d}   {_id(client.instance)}  {_id(client.instance and 0)} "
        f"{client.pid:15d}      C   {client.name:<37}{client.memory_mib:6d}MiB |\n"
        for gpu in gpus
        for client in gpu.clients
    ]
    return RULE + PROCESSES + ("".join(rows) or NO_PROCESS) + RULE


def _id(number: int | None) -> str:
    return "N/A" if number is None else f"{number:3d}"


def summary(machine: Machine, gpus: Sequence[Gpu]) -> Reply:
    """Answer the table that nvidia-smi prints without arguments."""
    now = f"{datetime.now():%a %b %e %H:%M:%S %Y}       \n"
    title = TITLE.format(machine.driver_version(), CUDA_VERSION)
    rows = "".join(_gpu_row(gpu) + GPU_RULE for gpu in gpus)
    table = RULE + title + GPU_RULE + GPU_HEAD + rows
    return Reply(0, now + table + _devices(gpus) + "\n" + _processes(gpus))


QUERIED = (
    ("Product Name", "name"),
    ("Persistence Mode", "persistence_mode"),
    ("Serial Number", "serial"),
    ("GPU UUID", "uuid"),
    ("Compute Mode", "compute_mode"),
)


def _line(depth: int, name: str, value: object = None) -> str:
    text = "    " * depth + name
    return text if value is None else f"{text:<46}: {value}"


def details(machine: Machine, gpus: Sequence[Gpu]) -> Reply:
    """Answer the part of -q that people look for: identity, MIG mode, fabric."""
    lines = ["", "==============NVSMI LOG==============", ""]
    lines += [_line(0, "Driver Version", machine.driver_version())]
    lines += [_line(0, "CUDA Version", CUDA_VERSION), _line(0, "Attached GPUs", len(gpus))]
    for gpu in gpus:

        def value(field: str, gpu: Gpu = gpu) -> object:
            return FIELDS[field][1](machine, gpu)

        lines.append(_line(0, f"GPU {gpu.bus_id}"))
        lines += [_line(1, title, value(field)) for title, field in QUERIED]
        lines += [_line(1, "MIG Mode"), _line(2, "Current", value("mig.mode.current"))]
        lines += [_line(2, "Pending", value("mig.mode.pending"))]
        lines += [_line(1, "Fabric"), _line(2, "State", value("fabric.state"))]
        lines += [_line(2, "Status", value("fabric.status")), ""]
    return refuse(0, *lines)
