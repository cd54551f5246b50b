"""What nvidia-smi changes on whole GPUs: MIG mode, persistence mode, reset."""

from collections.abc import Sequence

from .gpu import Gpu
from .reply import IN_USE, SUCCESS, Reply, refuse

PERSISTENCE_WARNING = (
    "\nWarning: persistence mode is disabled on device {}. See the Known Issues section of the "
    "nvidia-smi(1) man page for more information. Run with [--help | -h] switch to get more "
    "information on how to enable persistence mode."
)
PENDING_WARNING = (
    "Warning: MIG mode is in pending {} state for GPU {}:In use by another client\n"
    "{} is currently being used by one or more other processes (e.g. CUDA application or a "
    "monitoring application such as another instance of nvidia-smi). Please first kill all "
    "processes using the device and retry the command or reboot the system to make MIG mode "
    "effective."
)


def set_mig(gpus: Sequence[Gpu], *, on: bool) -> Reply:
    """Switch MIG mode: pending where a reset must follow, refused where a GPU is in use."""
    lines: list[str] = []
    for gpu in gpus:
        verb = "enable" if on else "disable"
        if not gpu.model.profiles:
            lines += [
                f"Unable to {verb} MIG Mode for GPU {gpu.bus_id}: Not Supported",
                "Treating as warning and moving on.",
            ]
            continue
        if gpu.clients or (gpu.instances and not on):
            return refuse(
                IN_USE,
                *lines,
                f"Unable to {verb} MIG Mode for GPU {gpu.bus_id}: In use by another client",
                "Terminating early due to previous errors.",
            )
        lines.append(_switch_mig(gpu, on=on))
        if not gpu.persistence:
            lines.append(PERSISTENCE_WARNING.format(gpu.bus_id))
    return refuse(SUCCESS, *lines, "All done.")


def _switch_mig(gpu: Gpu, *, on: bool) -> str:
    gpu.mig_pending = on
    if gpu.model.reset_for_mig and gpu.mig != on:
        return PENDING_WARNING.format("enable" if on else "disable", gpu.bus_id, gpu.bus_id)
    gpu.mig = on
    return f"{'Enabled' if on else 'Disabled'} MIG Mode for GPU {gpu.bus_id}"


def set_persistence(gpus: Sequence[Gpu], *, on: bool) -> Reply:
    """Switch persistence mode by hand, as the legacy option does."""
    word = "Enabled" if on else "Disabled"
    lines = []
    for gpu in gpus:
        already = "is already " if gpu.persistence == on else ""
        lines.append(
            f"Persistence mode {already}{word} for GPU {gpu.bus_id}."
            if already
            else f"{word} persistence mode for GPU {gpu.bus_id}."
        )
        gpu.persistence = on
    return refuse(SUCCESS, *lines, "All done.")


def reset(gpus: Sequence[Gpu]) -> Reply:
    """Reset GPUs: pending modes take effect, instances are gone."""
    lines: list[str] = []
    for gpu in gpus:
        if gpu.clients:
            return refuse(
                IN_USE,
                *lines,
                f"GPU {gpu.bus_id} is currently in use by one or more other processes (e.g. "
                "Fabric Manager, CUDA application, graphics application such as an X server, or a "
                "monitoring application such as another instance of nvidia-smi).",
            )
        gpu.mig = gpu.mig_pending
        gpu.instances.clear()
        lines.append(f"GPU {gpu.bus_id} was successfully reset.")
    return refuse(SUCCESS, *lines, "All done.")
