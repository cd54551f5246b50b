"""GPUs and how MIG divides them."""

from typing import Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from clusterwright.catalogue.entries.base import Entry, Figures


class MigProfile(Figures):
    """A GPU-instance profile: its id, and where in the memory slices it may start."""

    name: str
    id: int = Field(ge=0)
    size_slices: PositiveInt
    starts: tuple[int, ...]
    max_instances: PositiveInt | None = None
    """How many fit on one GPU; media extensions are on one instance only."""
    multiprocessors: PositiveInt | None = None
    memory_gib: PositiveFloat | None = None
    """Usable by programs."""


class Gpu(Entry):
    """A GPU model. `product` is what nvidia-smi calls it, `memory_mib` what it says it has."""

    product: str
    memory_gb: PositiveInt
    """As sold."""
    memory_mib: PositiveInt | None = None
    memory_tbytes_per_s: PositiveFloat | None = None
    nvlink_gbytes_per_s: PositiveInt | None = None
    """Both directions together."""
    power_max_watts: PositiveInt | None = None
    bf16_dense_tflops: PositiveFloat | None = None
    fp8_dense_tflops: PositiveFloat | None = None
    fp4_dense_tflops: PositiveFloat | None = None
    operating_max_c: PositiveInt | None = None
    slowdown_c: PositiveInt | None = None
    shutdown_c: PositiveInt | None = None
    pci_devices: tuple[str, ...] = ()
    memory_slices: PositiveInt = 1
    """Units in which MIG places instances."""
    compute_slices: PositiveInt = 1
    """The most instances at a time."""
    mig_driver_min: str | None = None
    mig_profiles: tuple[MigProfile, ...] = ()
    """None on a GPU that cannot be divided."""

    @model_validator(mode="after")
    def _profiles_fit(self) -> Self:
        for profile in self.mig_profiles:
            if max(profile.starts) + profile.size_slices > self.memory_slices:
                raise ValueError(
                    f"MIG profile {profile.name} ends beyond the {self.memory_slices} memory slices"
                )
        return self
