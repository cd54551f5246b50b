"""Reading thousands of BMCs for drift through `access`, as `clusterwright drift` does.

The BMCs are emulated in a process of their own, all behind one socket on addresses of 127/8.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import bmcs
from benchmarks.line import peak_mib, show
from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish.remembering import remembering
from clusterwright.access.vault import Login
from clusterwright.garbage import collect_seldom

BMCS = 3000
AT_ONCE = 128
DEADLINE_S = 30.0


def measure() -> None:
    """Measure with $expand and without, and all that can be declared, in processes of their own."""
    for expands, parts in (("expand", "node"), ("no-expand", "node"), ("expand", "all")):
        with tempfile.TemporaryDirectory() as folder:
            arguments = (folder, str(BMCS), expands, parts)
            subprocess.run([sys.executable, "-m", "benchmarks.facility", *arguments], check=True)


def measure_one(folder: Path, count: int, expands: str, parts: str) -> None:
    """Serve, read all of them twice, and print both readings."""
    # As the command line does.
    collect_seldom()
    bmcs.raise_limit()
    plan = bmcs.furnish(folder, count)
    serving = [sys.executable, "-m", "benchmarks.bmcs", str(folder), str(count), expands]
    with subprocess.Popen(serving, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as bmc:
        assert bmc.stdin
        assert bmc.stdout
        try:
            port = json.loads(bmc.stdout.readline())["port"]
            (cold_s, _), (warm_s, warm_cpu_s) = (
                asyncio.run(read_all(plan, folder, port, parts)) for _ in range(2)
            )
            bmc.stdin.write("\n")
            bmc.stdin.flush()
            served = json.loads(bmc.stdout.readline())
        finally:
            bmc.stdin.close()
    show(
        "facility",
        f"drift of {count} BMCs, {expands}" + (", everything" if parts == "all" else ""),
        seconds=round(warm_s, 2),
        first_seconds=round(cold_s, 2),
        cpu_seconds=round(warm_cpu_s, 2),
        peak_mib=peak_mib(),
        requests_per_bmc=round(served["requests"] / 2 / count, 1),
        emulator_cpu_seconds=round(served["cpu_seconds"], 2),
        emulator_mib=served["mib"],
    )


async def read_all(plan, folder: Path, port: int, parts: str) -> tuple[float, float]:
    """Find no drift in servers as they left the factory; return the time, and that of the CPU."""
    places = asyncio.Semaphore(AT_ONCE)
    count = None if parts == "all" else 1

    async def one(planned) -> None:
        controller = planned.controller
        async with (
            places,
            Redfish(
                address=f"{controller.address}:{port}",
                login=Login(**bmcs.LOGIN),
                ca_file=folder / "ca/ca.pem",
                deadline_s=DEADLINE_S,
                name=controller.name,
            ) as client,
        ):
            once = remembering(client)
            for kind, desired in bmcs.declared(planned)[:count]:
                found = kind.differences(desired, await kind.read(once, desired))
                assert not found, (controller.name, found)

    started, started_cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*map(one, plan.nodes))
    return time.perf_counter() - started, time.process_time() - started_cpu


if __name__ == "__main__":
    measure_one(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
