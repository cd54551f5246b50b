"""What is known of each GPU model: its MIG profiles and electrical figures (models.json)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MODELS = Path(__file__).parent / "models.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A MIG GPU instance profile; `starts` and `size` count memory slices."""

    name: str
    id: int
    compute_profile_id: int
    instances: int
    compute_slices: int
    size: int
    starts: tuple[int, ...]
    memory_gib: float
    multiprocessors: int
    copy_engines: int
    decoders: int
    jpeg: int
    optical_flow: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One GPU model; `reset_for_mig` says that a mode change waits for a reset (Ampere)."""

    name: str
    reset_for_mig: bool
    power_limit_watts: int
    idle_watts: int
    pcie_generation: int
    device_id: str
    slowdown_c: int
    shutdown_c: int
    profiles: tuple[Profile, ...]


def _profile(data: dict[str, Any]) -> Profile:
    return Profile(**{**data, "starts": tuple(data["starts"])})


def load_model(name: str) -> Model:
    """Return the model of that product name; one that nobody described has no MIG."""
    known = json.loads(MODELS.read_text(encoding="utf-8"))
    plain = {
        "reset_for_mig": False,
        "power_limit_watts": 300,
        "idle_watts": 30,
        "pcie_generation": 4,
        "device_id": "0x000010DE",
        "slowdown_c": 90,
        "shutdown_c": 95,
        "profiles": [],
    }
    data = {key: value for key, value in known.get(name, plain).items() if key != "source"}
    profiles = tuple(_profile(profile) for profile in data.pop("profiles"))
    return Model(name=name, profiles=profiles, **data)
