"""One GPU and the MIG instances on it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from .models import Model, Profile
from .placement import Placed

BUS_IDS = ("1B", "43", "52", "61", "9D", "C3", "D1", "DF")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A process that works on a GPU, on the MIG GPU instance of that id where one is given."""

    pid: int
    name: str = "python3"
    memory_mib: int = 0
    instance: int | None = None


@dataclass(slots=True, kw_only=True)
class ComputeInstance:
    """A share of a GPU instance's multiprocessors; ours always take the whole of it."""

    id: int


@dataclass(slots=True, kw_only=True)
class GpuInstance:
    """A MIG GPU instance where it sits, with its compute instances."""

    id: int
    placed: Placed
    compute: list[ComputeInstance] = field(default_factory=list)

    @property
    def profile(self) -> Profile:
        return self.placed.profile


@dataclass(slots=True, kw_only=True)
class Gpu:
    """One GPU with its state; `mig_pending` differs from `mig` until a reset (Ampere only)."""

    index: int
    model: Model
    serial: str
    memory_mib: int
    mig: bool = False
    mig_pending: bool = False
    persistence: bool = False
    instances: list[GpuInstance] = field(default_factory=list)
    clients: tuple[Client, ...] = ()

    def in_use(self, instance: GpuInstance) -> bool:
        return any(client.instance == instance.id for client in self.clients)

    @property
    def bus_id(self) -> str:
        bus = BUS_IDS[self.index] if self.index < len(BUS_IDS) else f"{self.index:02X}"
        return f"00000000:{bus}:00.0"

    @property
    def uuid(self) -> str:
        return f"GPU-{uuid5(NAMESPACE_OID, self.serial)}"

    def device_uuid(self, instance: GpuInstance, compute: ComputeInstance) -> str:
        """Return the UUID of a MIG device: the same again for the same place."""
        return f"MIG-{uuid5(NAMESPACE_OID, f'{self.serial}/{instance.id}/{compute.id}')}"

    @property
    def devices(self) -> list[tuple[GpuInstance, ComputeInstance]]:
        """MIG devices in the order in which the driver numbers them."""
        ordered = sorted(self.instances, key=lambda instance: instance.id)
        return [(instance, compute) for instance in ordered for compute in instance.compute]


def restore(index: int, model: Model, hardware: dict[str, Any], kept: dict[str, Any]) -> Gpu:
    """Make a GPU of what is built in and of the state that was kept."""
    serials = hardware.get("serials") or []
    profiles = {profile.id: profile for profile in model.profiles}
    return Gpu(
        index=index,
        model=model,
        serial=str(serials[index]) if index < len(serials) else f"{1650000000000 + index}",
        memory_mib=int(hardware["memory_mib"]),
        mig=kept.get("mig", False),
        mig_pending=kept.get("mig_pending", False),
        persistence=kept.get("persistence", False),
        instances=[
            GpuInstance(
                id=instance["id"],
                placed=Placed(start=instance["start"], profile=profiles[instance["profile"]]),
                compute=[ComputeInstance(id=compute) for compute in instance["compute"]],
            )
            for instance in kept.get("instances", [])
        ],
    )


def keep(gpu: Gpu) -> dict[str, Any]:
    """Return the part of a GPU that outlives the command."""
    return {
        "mig": gpu.mig,
        "mig_pending": gpu.mig_pending,
        "persistence": gpu.persistence,
        "instances": [
            {
                "id": instance.id,
                "profile": instance.profile.id,
                "start": instance.placed.start,
                "compute": [compute.id for compute in instance.compute],
            }
            for instance in gpu.instances
        ],
    }
