"""Installing a lab host: a blank disk, an installer's environment, and what it leaves."""

import asyncio
import json
import shutil
from pathlib import Path

from clusterwright.errors import HostError
from clusterwright.lab import cgroup
from clusterwright.lab.host_boot import HostSpec, children, spawn
from clusterwright.lab.installer import install
from clusterwright.lab.installer.environment import Environment
from clusterwright.lab.medium import Medium

READY = "/run/installer-runs"
PROBES = 500
PROBE_PAUSE_S = 0.02


async def run_installer(spec: HostSpec, medium: Medium) -> None:
    """Erase the disk and install; a failure leaves it blank, and its sentence on the console.

    Raises:
        HostError: the installer has stopped, or the host is none that can be installed.
    """
    if spec.hardware is None:
        raise HostError(f"host {spec.name}: is not installed over the network in this lab")
    await asyncio.to_thread(erase, spec)
    process = await spawn(spec, "sh", "-c", f"touch {READY} && exec sleep infinity")
    try:
        pid = await _inside(process.pid)
        environment = Environment(process=pid, cgroup=spec.cgroup)
        disk = await install(spec.name, str(spec.address), medium, environment)
    except HostError as error:
        with (spec.folder / "console.log").open("a") as console:
            console.write(f"installer: {error}\n")
        raise
    finally:
        await asyncio.to_thread(cgroup.kill, spec.cgroup)
        await process.wait()
        await asyncio.to_thread(cgroup.remove, spec.cgroup)
    (spec.upper / "etc/emulated-hardware.json").write_text(spec.hardware)
    spec.disk.write_text(json.dumps(disk, indent=1))


async def _inside(parent: int) -> int:
    """Return the environment's process once its root is the host's: before, it is the machine's.

    Raises:
        HostError: it does not come to that.
    """
    for _ in range(PROBES):
        if found := [pid for pid in children(parent) if _is_ready(pid)]:
            return found[0]
        await asyncio.sleep(PROBE_PAUSE_S)
    raise HostError("the installer's environment does not start")


def _is_ready(pid: int) -> bool:
    return Path(f"/proc/{pid}/root{READY}").exists()


def erase(spec: HostSpec) -> None:
    """Leave nothing on the host's disk."""
    spec.disk.unlink(missing_ok=True)
    for folder in (spec.upper, spec.folder / "work"):
        shutil.rmtree(folder, ignore_errors=True)
