"""Which nodes NVLink joins: the trays of a rack that is bought whole, or a node by itself."""

from collections.abc import Iterator, Sequence

from clusterwright.catalogue.entry import RackSystem
from clusterwright.design.plan import NvlinkDomain
from clusterwright.design.seats import Seat
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite


def plan_domains(loaded: LoadedSite, seats: Sequence[Seat]) -> tuple[NvlinkDomain, ...]:
    """Return every domain in the order of its first node; nodes without NVSwitch are in none."""
    trays = _trays(loaded)
    inside: dict[str, list[Seat]] = {}
    for seat in seats:
        if seat.server.gpus and seat.server.gpus.nvswitch:
            inside.setdefault(seat.rack if seat.model in trays else seat.name, []).append(seat)
    return tuple(
        NvlinkDomain(
            name=name, nodes=tuple(seat.name for seat in nodes), gpus=sum(map(_gpus, nodes))
        )
        for name, nodes in inside.items()
    )


def find_domain_problems(loaded: LoadedSite, seats: Sequence[Seat]) -> Iterator[Problem]:
    """Yield racks with more trays than their NVLink switches join."""
    trays = _trays(loaded)
    inside: dict[str, list[Seat]] = {}
    for seat in seats:
        if seat.model in trays:
            inside.setdefault(seat.rack, []).append(seat)
    for rack, nodes in inside.items():
        most = trays[nodes[-1].model].compute_trays.count
        if len(nodes) > most:
            yield Problem(
                path=(*nodes[-1].group_path, "racks"),
                value=rack,
                rule=f"{len(nodes)} × {nodes[-1].model} in rack {rack}, but its NVLink switches "
                f"join {trays[nodes[-1].model].nvlink_gpus} GPUs: at most {most} to a rack, use "
                "more racks",
            )


def _trays(loaded: LoadedSite) -> dict[str, RackSystem]:
    return {one.compute_trays.model: one for one in loaded.catalogue.rack_systems.values()}


def _gpus(seat: Seat) -> int:
    return seat.server.gpus.count if seat.server.gpus else 0
