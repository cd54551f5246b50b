"""A joint with the way that its cable takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clusterwright.design.cabling.joint import Joint
from clusterwright.design.cabling.route import Routes
from clusterwright.design.cabling.socket import Place, Sockets

OPEN_M = 50.0
"""As far as multimode fibre carries 400 Gb/s: enough for most of a hall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Two places to be joined, and the length that takes, service loops included."""

    joint: Joint
    a: Place
    b: Place
    wanted_m: float

    @property
    def needed_m(self) -> float:
        """How far its cable and transceivers should reach: whoever comes to its cage included."""
        return max(self.wanted_m, OPEN_M) if self.joint.open else self.wanted_m


def measure(joints: Iterable[Joint], sockets: Sockets, routes: Routes) -> Iterator[Run]:
    """Yield a run for every joint, in their order."""
    place, length_m = sockets.place, routes.length_m
    for joint in joints:
        yield Run(
            joint=joint,
            a=place(joint.a),
            b=place(joint.b),
            wanted_m=length_m(joint.a.device, joint.b.device),
        )
