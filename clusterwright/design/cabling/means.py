"""What of a definition can be changed so that cables reach: servers, racks, aisles."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor

from clusterwright.design.cabling.choose import candidates
from clusterwright.design.cabling.fit import Fit, Fits
from clusterwright.design.cabling.route import Routes
from clusterwright.design.cabling.run import Run
from clusterwright.design.cabling.socket import Socket, Sockets
from clusterwright.design.culprits import Remedy
from clusterwright.design.occupant import Occupant
from clusterwright.design.power import Room
from clusterwright.errors import DefinitionPath
from clusterwright.model.cabling import AUTO
from clusterwright.model.floor import Floor

NARROW_M = 1.2
"""No aisle is made narrower than what a rack needs to be rolled in."""
SPARE_M = 0.5
"""What a switch may sit lower in another rack."""

Way = tuple[str, Remedy]
"""What would help, in words, and the edit that does it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What may be changed; `servers` says where the model of a management host is written."""

    room: Room
    occupants: Mapping[str, Occupant]
    servers: Mapping[str, DefinitionPath]
    floor: Floor
    rows: Sequence[str]

    def other_server(self, run: Run, fits: Fits) -> Way | None:
        """Name a host's model with cages that some cable reaches from."""
        path = self.servers.get(run.joint.a.device)
        if path is None:
            return None
        wanted = candidates(AUTO, run, fits.catalogue)
        for name, server in sorted(fits.catalogue.servers.items()):
            known = any(port.cage == run.joint.a.port for port in server.ports)
            if server.gpus or not known or name == run.a.socket.model:
                continue
            sockets = Sockets(fits.catalogue, {run.joint.a.device: name})
            socket = sockets.place(run.joint.a).socket
            of_all = (fits.of(c, socket, run.b.socket, run.joint.speed_gbps) for c in wanted)
            if any(not fit.misfit and run.wanted_m <= fit.reach_m for fit in of_all):
                at = ".".join(map(str, path[:-1]))
                return f"write server: {name} for {run.joint.a.device} ({at})", ((path, name),)
        return None

    def other_racks(
        self, run: Run, runs: Sequence[Run], by_run: Sequence[Fit], routes: Routes
    ) -> Way | None:
        """Name racks for the switches at one end that are near enough to all at the other."""
        for device in (run.joint.b.device, run.joint.a.device):
            one = self.occupants.get(device)
            if one is None or one.kind != "switch":
                continue
            near_m = self._near_m(one, runs, by_run, routes)

            def may(rack: str, near_m: Mapping[str, float] = near_m) -> bool:
                return all(routes.between_m(at, rack) <= most for at, most in near_m.items())

            racks, remedy = self.room.elsewhere(one, may)
            if remedy:
                key, there = remedy[0][0][-1], ", ".join(racks)
                return f"write {key}: [{there}] for its switches", remedy
        return None

    def _near_m(
        self, one: Occupant, runs: Sequence[Run], by_run: Sequence[Fit], routes: Routes
    ) -> Mapping[str, float]:
        """Return how far such switches may be from each rack that they are joined with."""
        near_m: dict[str, float] = {}
        for run, fit in zip(runs, by_run, strict=True):
            for own, other in _both_ways(run):
                mine, its = self.occupants.get(own), self.occupants.get(other)
                if mine is None or mine.path != one.path or (its and its.path == one.path):
                    continue
                most = fit.reach_m - routes.up_m(own) - routes.up_m(other) - SPARE_M
                rack = routes.rack_of(other)
                near_m[rack] = min(most, near_m.get(rack, most))
        return near_m

    def other_switch(self, run: Run, fits: Fits) -> Way | None:
        """Name an in-band switch of the speed that the port is to run at, which a cable reaches."""
        *at, key = run.joint.path
        switches = fits.catalogue.switches
        if at != ["fabrics", "inband"] or key != "cable" or run.b.socket.model not in switches:
            return None
        for name in sorted(switches, key=lambda name: (switches[name].cages, name)):
            one = switches[name]
            if one.fabric_kind != "ethernet" or one.speed_gbps != run.joint.speed_gbps:
                continue
            socket = Socket(model=name, side="switch", connector=one.connector)
            wanted = candidates(AUTO, run, fits.catalogue)
            of_all = (fits.of(c, run.a.socket, socket, run.joint.speed_gbps) for c in wanted)
            if any(not fit.misfit and run.wanted_m <= fit.reach_m for fit in of_all):
                edits = ((*at, "switch"), name), ((*at, "breakout"), "1"), ((*at, "cable"), AUTO)
                return f"use a switch that longer ones go into, such as {name}", edits
        return None

    def narrower(self, run: Run, reach_m: float, routes: Routes) -> Way | None:
        """Say how wide aisles may be at most so that the cable reaches."""
        rows = [routes.racks[routes.rack_of(device)].row for device in _both_ways(run)[0]]
        first, last = sorted(self.rows.index(row) for row in rows)
        crossed = {
            "cold_aisle_m": sum(k % 2 == 0 for k in range(first, last)),
            "hot_aisle_m": sum(k % 2 == 1 for k in range(first, last)),
        }
        over_m, edits = run.wanted_m - reach_m, []
        for key in sorted(crossed, key=lambda key: -getattr(self.floor, key)):
            width_m, count = getattr(self.floor, key), crossed[key]
            if over_m <= 0 or not count or width_m <= NARROW_M:
                continue
            most_m = max(NARROW_M, floor((width_m - over_m / count) * 10) / 10)
            over_m -= (width_m - most_m) * count
            edits.append((("facility", "floor", key), f"{most_m:g}"))
        if over_m > 0:
            return None
        words = " and ".join(f"{path[-1]}: {value}" for path, value in edits)
        return f"bring the rows closer, {words}", tuple(edits)


def _both_ways(run: Run) -> tuple[tuple[str, str], tuple[str, str]]:
    a, b = run.joint.a.device, run.joint.b.device
    return (a, b), (b, a)


def ways(  # noqa: PLR0913, PLR0917 - all that a way depends on
    means: Means, run: Run, runs: Sequence[Run], by_run: Sequence[Fit], fits: Fits, routes: Routes
) -> Iterator[Way]:
    """Yield what would help where no other cable does, the least change first."""
    reach_m = _reach_m(run, runs, by_run)
    found = (
        means.other_server(run, fits),
        means.other_racks(run, runs, by_run, routes),
        means.narrower(run, reach_m, routes),
        means.other_switch(run, fits),
    )
    yield from (way for way in found if way)


def _reach_m(run: Run, runs: Sequence[Run], by_run: Sequence[Fit]) -> float:
    """Return how far the cable of one of the runs reaches."""
    return next(fit.reach_m for other, fit in zip(runs, by_run, strict=True) if other is run)
