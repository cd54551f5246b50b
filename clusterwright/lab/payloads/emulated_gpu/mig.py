"""nvidia-smi mig: create and destroy instances."""

from collections.abc import Sequence
from dataclasses import dataclass

from .gpu import ComputeInstance, Gpu, GpuInstance
from .models import Profile
from .placement import Placed, choose, placements
from .reply import (
    IN_USE,
    INSUFFICIENT_RESOURCES,
    INVALID_ARGUMENT,
    NOT_FOUND,
    Reply,
    refuse,
)

NAMES = {IN_USE: "In use by another client", INSUFFICIENT_RESOURCES: "Insufficient Resources"}
NAMES |= {INVALID_ARGUMENT: "Invalid Argument", NOT_FOUND: "Not Found"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which instances a command is about; empty means all of them."""

    instances: frozenset[int] = frozenset()
    compute: frozenset[int] = frozenset()

    def of(self, gpu: Gpu) -> list[GpuInstance]:
        ordered = sorted(gpu.instances, key=lambda instance: instance.id)
        return [one for one in ordered if not self.instances or one.id in self.instances]

    def compute_of(self, instance: GpuInstance) -> list[ComputeInstance]:
        return [one for one in instance.compute if not self.compute or one.id in self.compute]


def instance_id(placed: Placed) -> int:
    """Number an instance by its place in the tree of halves: 0; 1, 2; 3 to 6; 7 to 13."""
    first = {8: 0, 4: 1, 2: 3, 1: 7}[placed.profile.size]
    return first + placed.start // placed.profile.size


def _profile(gpu: Gpu, wanted: str) -> Profile | None:
    name = wanted.removeprefix("MIG ")
    return next((p for p in gpu.model.profiles if name in (str(p.id), p.name)), None)


def _place(gpu: Gpu, wanted: str) -> Placed | int:
    """Find a place for `PROFILE` or `PROFILE:START`, or say with which code it fails."""
    name, _, start = wanted.partition(":")
    profile = _profile(gpu, name)
    if profile is None or (start and not (start.isdigit() and int(start) in profile.starts)):
        return INVALID_ARGUMENT
    existing = [instance.placed for instance in gpu.instances]
    if not start:
        return choose(profile, existing) or INSUFFICIENT_RESOURCES
    free = [new for new in placements(profile, existing) if new.start == int(start)]
    return free[0] if free else INSUFFICIENT_RESOURCES


def create_gpu_instances(gpus: Sequence[Gpu], wanted: Sequence[str], *, compute: bool) -> Reply:
    """Create instances in the order given, on each GPU; what came before a failure stays."""
    lines: list[str] = []
    for gpu in gpus:
        for one in wanted:
            place = _place(gpu, one)
            if isinstance(place, int):
                name = one.partition(":")[0]
                on = f"on GPU {gpu.index:2d} using profile {name}"
                return refuse(
                    place,
                    *lines,
                    f"Unable to create a GPU instance {on}: {NAMES[place]}",
                    f"Failed to create GPU instances: {NAMES[place]}",
                )
            instance = GpuInstance(id=instance_id(place), placed=place)
            gpu.instances.append(instance)
            profile = place.profile
            lines.append(
                f"Successfully created GPU instance ID {instance.id:2d} on GPU {gpu.index:2d} "
                f"using profile MIG {profile.name} (ID {profile.id:2d})"
            )
            if compute:
                lines.append(_create_compute(gpu, instance))
    return refuse(0, *lines)


def _create_compute(gpu: Gpu, instance: GpuInstance) -> str:
    instance.compute.append(ComputeInstance(id=0))
    profile = instance.profile
    return (
        f"Successfully created compute instance ID  0 on GPU {gpu.index:2d} "
        f"GPU instance ID {instance.id:2d} "
        f"using profile MIG {profile.name} (ID {profile.compute_profile_id:2d})"
    )


def create_compute_instances(gpus: Sequence[Gpu], selection: Selection) -> Reply:
    """Give each selected GPU instance one compute instance that takes all of it."""
    lines: list[str] = []
    for gpu in gpus:
        for instance in selection.of(gpu):
            if instance.compute:
                where = f"on GPU {gpu.index:2d} GPU instance ID {instance.id:2d}"
                profile = instance.profile.compute_profile_id
                name = NAMES[INSUFFICIENT_RESOURCES]
                return refuse(
                    INSUFFICIENT_RESOURCES,
                    *lines,
                    f"Unable to create a compute instance {where} using profile {profile}: {name}",
                    f"Failed to create compute instances: {name}",
                )
            lines.append(_create_compute(gpu, instance))
    return refuse(0, *lines) if lines else not_found("GPU instances")


def destroy_compute_instances(gpus: Sequence[Gpu], selection: Selection) -> Reply:
    lines: list[str] = []
    for gpu in gpus:
        for instance in selection.of(gpu):
            for compute in selection.compute_of(instance):
                where = f"from GPU {gpu.index:2d} GPU instance ID {instance.id:2d}"
                if gpu.in_use(instance):
                    return refuse(
                        IN_USE,
                        *lines,
                        f"Unable to destroy compute instance ID {compute.id:2d} {where}: "
                        f"{NAMES[IN_USE]}",
                        f"Failed to destroy compute instances: {NAMES[IN_USE]}",
                    )
                instance.compute.remove(compute)
                lines.append(f"Successfully destroyed compute instance ID {compute.id:2d} {where}")
    return refuse(0, *lines) if lines else not_found("compute instances")


def destroy_gpu_instances(gpus: Sequence[Gpu], selection: Selection) -> Reply:
    """Destroy instances; one with a compute instance left is in use."""
    lines: list[str] = []
    for gpu in gpus:
        for instance in selection.of(gpu):
            where = f"GPU instance ID {instance.id:2d} from GPU {gpu.index:2d}"
            if instance.compute:
                return refuse(
                    IN_USE,
                    *lines,
                    f"Unable to destroy {where}: {NAMES[IN_USE]}",
                    f"Failed to destroy GPU instances: {NAMES[IN_USE]}",
                )
            gpu.instances.remove(instance)
            lines.append(f"Successfully destroyed {where}")
    return refuse(0, *lines) if lines else not_found("GPU instances")


def not_found(what: str) -> Reply:
    return refuse(NOT_FOUND, f"No {what} found: {NAMES[NOT_FOUND]}")
