"""One host's GPUs: what is built in, what is installed, and the state that they are in."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .gpu import Client, Gpu, keep, restore
from .models import load_model


class NoDriver(Exception):
    """There is no GPU, or no driver package is installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The files that emulated GPUs consist of; `root` is other than / in tests only."""

    root: Path

    @property
    def hardware_file(self) -> Path:
        return self.root / "etc/emulated-hardware.json"

    @property
    def state_file(self) -> Path:
        """Below /run, so that a reboot forgets it, as Hopper's driver forgets MIG."""
        return self.root / "run/emulated-gpus.json"

    @property
    def clients_file(self) -> Path:
        """Processes on GPUs: [{"gpu": 0, "pid": 4711}]; whoever wants a busy GPU writes it."""
        return self.root / "run/emulated-gpu-clients.json"

    @property
    def driver_file(self) -> Path:
        return self.root / "usr/lib/emulated-gpu/driver-version"

    @property
    def fabric_manager_version_file(self) -> Path:
        return self.root / "usr/lib/emulated-gpu/fabric-manager-version"

    @property
    def persistenced_pid_file(self) -> Path:
        return self.root / "run/nvidia-persistenced/nvidia-persistenced.pid"

    @property
    def fabric_manager_pid_file(self) -> Path:
        return self.root / "run/nvidia-fabricmanager/nv-fabricmanager.pid"

    def hardware(self) -> dict[str, Any]:
        """Return what the host is built of, or raise NoDriver where it has no GPU."""
        try:
            described = json.loads(self.hardware_file.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise NoDriver(str(self.hardware_file)) from error
        gpus: dict[str, Any] = described.get("gpus") or {}
        if not gpus.get("count"):
            raise NoDriver(f"{self.hardware_file}: no GPU")
        return gpus

    def driver_version(self) -> str:
        try:
            return self.driver_file.read_text(encoding="utf-8").strip()
        except FileNotFoundError as error:
            raise NoDriver(str(self.driver_file)) from error

    def nvswitch(self) -> bool:
        return bool(self.hardware().get("nvswitch", True))

    def fabric_manager_runs(self) -> bool:
        try:
            pid = int(self.fabric_manager_pid_file.read_text(encoding="utf-8"))
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return False
        except PermissionError:
            return True
        return True

    def gpus(self) -> list[Gpu]:
        """Return all GPUs in their present state."""
        self.driver_version()
        hardware = self.hardware()
        model = load_model(hardware["model"])
        gpus = [
            restore(index, model, hardware, kept)
            for index, kept in enumerate(self._kept(int(hardware["count"])))
        ]
        for client in self._clients():
            gpu = gpus[client.pop("gpu")]
            gpu.clients = (*gpu.clients, Client(**client))
        return gpus

    def _clients(self) -> list[dict[str, Any]]:
        try:
            return list(json.loads(self.clients_file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return []

    def _kept(self, count: int) -> list[dict[str, Any]]:
        try:
            kept = list(json.loads(self.state_file.read_text(encoding="utf-8"))["gpus"])
        except (FileNotFoundError, ValueError, KeyError):
            kept = []
        return (kept + [{}] * count)[:count]

    @contextmanager
    def changing(self) -> Iterator[list[Gpu]]:
        """Lend out the GPUs under a lock, and keep what was changed, also after an error."""
        self.state_file.parent.mkdir(parents=True, exist_ok=True)
        with (self.state_file.parent / "emulated-gpus.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            gpus = self.gpus()
            try:
                yield gpus
            finally:
                draft = self.state_file.with_suffix(".new")
                draft.write_text(json.dumps({"gpus": [keep(gpu) for gpu in gpus]}, indent=1))
                draft.replace(self.state_file)
