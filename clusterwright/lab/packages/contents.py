"""What a package of a given name installs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PAYLOADS = Path(__file__).parents[1] / "payloads"
DRIVER = re.compile(r"nvidia-open(-\d+)?|cuda-drivers(-\d+)?|nvidia-driver-\d+(-server)?(-open)?")
FABRIC_MANAGER = re.compile(r"nvidia-fabricmanager(-\d+)?")
TOOLKIT = re.compile(r"cuda-toolkit-(\d+)-(\d+)")
UNITS = "usr/lib/systemd/system"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledFile:
    """A regular file of root's."""

    data: bytes
    mode: int = 0o644


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The files of a package by path, and what runs after installing and before removing it."""

    files: Mapping[str, InstalledFile] = field(default_factory=dict)
    configuration: frozenset[str] = frozenset()
    """Paths that belong to the operator once they are installed (Debian's conffiles)."""
    after_install: str = ""
    before_remove: str = ""


def upstream(version: str) -> str:
    """Return the version that the software itself shows: no epoch, no package revision."""
    without_epoch = version.partition(":")[2] or version
    return without_epoch.rpartition("-")[0] or without_epoch


def _payload(path: str, mode: int = 0o644) -> InstalledFile:
    return InstalledFile(data=(PAYLOADS / path).read_bytes(), mode=mode)


def _program(name: str) -> InstalledFile:
    return _payload(f"programs/{name}", 0o755)


def _text(text: str) -> InstalledFile:
    return InstalledFile(data=text.encode())


def _emulated_gpu() -> dict[str, InstalledFile]:
    source = PAYLOADS / "emulated_gpu"
    files = sorted(path for path in source.iterdir() if path.suffix in (".py", ".json"))
    return {
        f"usr/lib/emulated-gpu/emulated_gpu/{path.name}": _payload(f"emulated_gpu/{path.name}")
        for path in files
    }


def _service_start(unit: str, command: str) -> str:
    return (
        "if [ -d /run/systemd/system ]; then\n"
        "  systemctl daemon-reload\n"
        f"  {command} {unit} || true\n"
        "fi\n"
    )


def _service_stop(unit: str) -> str:
    return f'if [ -d /run/systemd/system ] && [ "$1" = remove ]; then systemctl stop {unit}; fi\n'


def _forget_compiled(folder: str) -> str:
    """Remove what Python compiled: files of equal age would hide those of another version."""
    return f"rm -rf /{folder}/__pycache__\n"


def _driver(version: str) -> Contents:
    files = _emulated_gpu() | {
        "usr/bin/nvidia-smi": _program("nvidia-smi"),
        "usr/lib/emulated-gpu/driver-version": _text(f"{upstream(version)}\n"),
    }
    return Contents(
        files=files, before_remove=_forget_compiled("usr/lib/emulated-gpu/emulated_gpu")
    )


def _persistenced(_version: str) -> Contents:
    unit = "nvidia-persistenced.service"
    files = {
        "usr/bin/nvidia-persistenced": _program("nvidia-persistenced"),
        f"{UNITS}/{unit}": _payload(f"units/{unit}"),
        "usr/lib/udev/rules.d/71-nvidia.rules": _payload("units/71-nvidia.rules"),
    }
    user = (
        "getent passwd nvidia-persistenced >/dev/null || useradd --system --home-dir / "
        "--shell /usr/sbin/nologin --comment 'NVIDIA Persistence Daemon' nvidia-persistenced\n"
    )
    return Contents(
        files=files,
        after_install=user + _service_start(unit, "systemctl try-restart"),
        before_remove=_service_stop(unit),
    )


def _fabric_manager(version: str) -> Contents:
    unit = "nvidia-fabricmanager.service"
    files = {
        "usr/bin/nvidia-fabricmanager-start.sh": _program("nvidia-fabricmanager-start.sh"),
        f"{UNITS}/{unit}": _payload(f"units/{unit}"),
        "usr/share/nvidia/nvswitch/fabricmanager.cfg": _payload("units/fabricmanager.cfg"),
        "usr/lib/emulated-gpu/fabric-manager-version": _text(f"{upstream(version)}\n"),
    }
    return Contents(
        files=files,
        after_install=_service_start(unit, "systemctl try-restart"),
        before_remove=_service_stop(unit),
    )


def _toolkit(version: str) -> Contents:
    release = ".".join(upstream(version).split(".")[:2])
    answer = (
        "#!/bin/sh\n"
        "echo 'nvcc: NVIDIA (R) Cuda compiler driver'\n"
        f"echo 'Cuda compilation tools, release {release}, V{upstream(version)}'\n"
    )
    here = f"usr/local/cuda-{release}"
    files = {
        f"{here}/bin/nvcc": InstalledFile(data=answer.encode(), mode=0o755),
        f"{here}/version.json": _text(f'{{"cuda": {{"version": "{upstream(version)}"}}}}\n'),
    }
    return Contents(files=files)


def _chrony(_version: str) -> Contents:
    unit = "chrony.service"
    files = {
        "usr/lib/emulated-time/emulated_time.py": _payload("emulated_time.py"),
        "usr/sbin/chronyd": _program("chronyd"),
        "usr/bin/chronyc": _program("chronyc"),
        f"{UNITS}/{unit}": _payload(f"units/{unit}"),
        "etc/chrony/chrony.conf": _payload("units/chrony.conf"),
        "etc/chrony/conf.d/README": _text("Files that end in .conf are read.\n"),
        "etc/chrony/sources.d/README": _text("Files that end in .sources are read.\n"),
    }
    return Contents(
        files=files,
        configuration=frozenset({"/etc/chrony/chrony.conf"}),
        after_install=_service_start(unit, "systemctl enable --now"),
        before_remove=_service_stop(unit) + _forget_compiled("usr/lib/emulated-time"),
    )


FAMILIES: tuple[tuple[re.Pattern[str], Callable[[str], Contents]], ...] = (
    (DRIVER, _driver),
    (re.compile("nvidia-persistenced"), _persistenced),
    (FABRIC_MANAGER, _fabric_manager),
    (TOOLKIT, _toolkit),
    (re.compile("chrony"), _chrony),
)


def contents(name: str, version: str) -> Contents:
    """Return what the package installs; one that nothing is emulated for installs nothing."""
    for pattern, make in FAMILIES:
        if pattern.fullmatch(name):
            return make(version)
    return Contents()
