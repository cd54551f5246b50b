"""What runs on a host's GPUs, as far as the host itself can tell."""

from dataclasses import dataclass

from clusterwright.access.ssh import run_on
from clusterwright.site_folder import SiteFolder

_ASK = "nvidia-smi --query-compute-apps=pid,process_name --format=csv,noheader"
_LISTED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """`unknown` says why nothing is known; it is empty where `processes` are all there are."""

    processes: tuple[str, ...] = ()
    unknown: str = ""

    def __str__(self) -> str:
        if self.unknown:
            return f"what runs there is not known ({self.unknown})"
        count = len(self.processes)
        if not count:
            return "nothing runs on its GPUs"
        listed = ", ".join(self.processes[:_LISTED]) + (", …" if count > _LISTED else "")
        return f"{count} {'process runs' if count == 1 else 'processes run'} on its GPUs ({listed})"


async def look(folder: SiteFolder, address: str, user: str) -> Occupancy:
    """Ask a host over SSH for the processes on its GPUs."""
    said = await run_on(folder, address, user, _ASK)
    if not said.known:
        lines = said.text.splitlines()
        return Occupancy(unknown=f"no SSH: {lines[-1] if lines else 'no answer'}")
    if said.status != 0:
        return Occupancy(unknown=f"nvidia-smi ended with {said.status}")
    found = (line.replace(",", "").strip() for line in said.text.splitlines())
    return Occupancy(processes=tuple(line for line in found if line))
