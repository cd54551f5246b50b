"""Whether a cable joins two cages, with which transceivers, and how far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clusterwright.catalogue import Catalogue
from clusterwright.catalogue.entry import Cable, CableEnd, Transceiver
from clusterwright.design.cabling.run import Run
from clusterwright.design.cabling.socket import Socket

QSFP = frozenset({"qsfp28", "qsfp56", "qsfp112", "qsfp-dd"})
"""One form: a plug of any of these goes into a cage of any of them, at the lower speed."""
LANE_GBPS = {"qsfp28": 25, "qsfp56": 50, "qsfp-dd": 50, "qsfp112": 100}
"""The fastest lane that a cage of each form has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Optic:
    """A transceiver that may stand at an end, with its reach over this kind of fibre."""

    name: str
    reach_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """A cable between two kinds of cage; `Fits` makes one for all that are alike.

    `optics_a` and `optics_b` are the transceivers that fit, nearest reach first; cables with plugs
    have none. `misfit` says what does not go together; `unknown` what the catalogue does not say.
    """

    reach_m: float
    """The longest on sale that medium and transceivers carry, as far as is known."""
    optics_a: tuple[Optic, ...] = ()
    optics_b: tuple[Optic, ...] = ()
    misfit: Socket | None = None
    unknown: Socket | None = None

    @property
    def choice(self) -> bool:
        """Whether an end has more than one transceiver that fits."""
        return len(self.optics_a) > 1 or len(self.optics_b) > 1

    @property
    def reach_unknown(self) -> tuple[str, ...]:
        """Transceivers whose reach the catalogue does not give."""
        return tuple(one.name for one in (*self.optics_a, *self.optics_b) if one.reach_m is None)


def _farthest(optics: tuple[Optic, ...]) -> float | None:
    """Return how far the best of them reaches; None where that is not known of one."""
    reaches = [one.reach_m for one in optics if one.reach_m is not None]
    return max(reaches) if len(reaches) == len(optics) else None


NO_CABLE = Fit(reach_m=float("inf"))
"""Where the catalogue has none of the speed that is asked for."""


@dataclass(frozen=True, slots=True)
class Fits:
    """Works out each combination of a cable and two kinds of cage once."""

    catalogue: Catalogue
    _known: dict[tuple[str, Socket, Socket, int], Fit] = field(default_factory=dict)

    def of(self, cable: str, a: Socket, b: Socket, speed_gbps: int = 0) -> Fit:
        """Return how `cable` fits between `a` and `b` where ports run at so many Gb/s."""
        key = (cable, a, b, speed_gbps)
        fit = self._known.get(key)
        if fit is None:
            one = self.catalogue.cables.get(cable)
            fit = _fit(self.catalogue, one, a, b, speed_gbps) if one else NO_CABLE
            self._known[key] = fit
        return fit

    def of_all(self, runs: Sequence[Run], cables: Sequence[str]) -> list[Fit]:
        """Return how the cable of each run fits; one Fit for all that are alike."""
        return [
            self.of(cable, run.a.socket, run.b.socket, run.joint.speed_gbps)
            for run, cable in zip(runs, cables, strict=True)
        ]


def _fit(catalogue: Catalogue, cable: Cable, a: Socket, b: Socket, speed_gbps: int) -> Fit:
    limit_m = cable.reach_max_m or max(cable.lengths_m)
    unknown = next((socket for socket in (a, b) if socket.connector is None), None)
    if not cable.transceivers:
        return Fit(
            reach_m=_longest_m(cable, [limit_m]), misfit=_wrong_plug(cable, a, b), unknown=unknown
        )
    speed = speed_gbps or cable.speed_gbps
    optics = [_optics(catalogue.transceivers, cable, socket, speed) for socket in (a, b)]
    lacking = [s for s, known in zip((a, b), optics, strict=True) if s.connector and not known]
    farthest = (_farthest(known) for known in optics if known)
    return Fit(
        reach_m=_longest_m(cable, [limit_m, *(reach for reach in farthest if reach is not None)]),
        optics_a=optics[0],
        optics_b=optics[1],
        misfit=lacking[0] if lacking else None,
        unknown=unknown,
    )


def _longest_m(cable: Cable, limits_m: Sequence[float]) -> float:
    """Return the longest that is sold within all limits: what is cut longer than needed counts."""
    return max((m for m in cable.lengths_m if m <= min(limits_m)), default=0)


def is_splitter(cable: Cable) -> bool:
    """Whether one plug of it serves several at its other side."""
    return bool(cable.b and cable.b.count > 1)


def _optics(
    transceivers: Mapping[str, Transceiver], cable: Cable, socket: Socket, speed_gbps: int
) -> tuple[Optic, ...]:
    """Return the transceivers of a fibre that go into a cage, the one of least reach first."""
    fitting = {
        name: one
        for name, one in ((name, transceivers[name]) for name in cable.transceivers)
        if one.cage == socket.connector
        and socket.side in one.fits
        and speed_gbps in (one.speed_gbps, *one.lower_gbps, one.joined_gbps)
    }
    reaches = {
        name: one.splitter_reach_m if is_splitter(cable) else one.reach_m
        for name, one in fitting.items()
    }
    order = sorted(fitting, key=lambda name: (reaches[name] or float("inf"), name))
    return tuple(Optic(name=name, reach_m=reaches[name]) for name in order)


def _wrong_plug(cable: Cable, a: Socket, b: Socket) -> Socket | None:
    """Return a cage that no plug of the cable goes into, None where both ends find one."""
    if cable.a is None or cable.b is None:
        return None
    plugs = (cable.a, cable.b)
    for one, other in (plugs, plugs[::-1]):
        if _goes_in(one, a) and _goes_in(other, b):
            return None
    return next((s for s in (b, a) if not any(_goes_in(plug, s) for plug in plugs)), a)


def _goes_in(plug: CableEnd, socket: Socket) -> bool:
    cage = socket.connector
    if cage in (None, plug.connector):
        return True
    lane_gbps = plug.lane_gbps or 0
    return {plug.connector, cage} <= QSFP and lane_gbps <= LANE_GBPS.get(cage or "", lane_gbps)
