"""Joints become links, each with its piece of cable."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.catalogue import Catalogue
from clusterwright.design.cabling.bundle import bundle_up
from clusterwright.design.cabling.cage import Cages
from clusterwright.design.cabling.choose import choose_cables
from clusterwright.design.cabling.fit import Fit, Fits
from clusterwright.design.cabling.joint import Joint
from clusterwright.design.cabling.means import Means
from clusterwright.design.cabling.piece import name_pieces
from clusterwright.design.cabling.problems import find_problems
from clusterwright.design.cabling.proof import find_unproven
from clusterwright.design.cabling.route import route_over
from clusterwright.design.cabling.run import Run, measure
from clusterwright.design.cabling.socket import Sockets
from clusterwright.design.plan import Bundle, Link, Mount, Unproven
from clusterwright.design.racks import RackPlace
from clusterwright.errors import Problem
from clusterwright.model.cabling import Trays


@dataclass(frozen=True, slots=True, kw_only=True)
class Cabling:
    """Every link of the site; none where there are problems.

    `transceivers` counts them by fabric, model of the device they are in, and their own model.
    """

    links: tuple[Link, ...]
    transceivers: Mapping[tuple[str, str, str], int]
    bundles: tuple[Bundle, ...] = ()
    problems: tuple[Problem, ...] = ()
    unproven: tuple[Unproven, ...] = ()


def lay_cables(  # noqa: PLR0913 - what cables depend on: parts, way, ends
    catalogue: Catalogue,
    trays: Trays,
    *,
    joints: Iterable[Joint],
    to_come: Iterable[Joint] = (),
    racks: Mapping[str, RackPlace],
    mounts: Mapping[str, Mount],
    models: Mapping[str, str],
    means: Means | None = None,
) -> Cabling:
    """Return a link for each joint, in their order; `models` says what each device is.

    Where racks are too full, devices have no place: their joints are left out. What is `to_come`
    has a say in which cables there are, and how long splitters. `means` are what remedies may
    change.
    """
    fits, routes = Fits(catalogue), route_over(trays, racks, mounts)
    sockets = Sockets(catalogue, models)
    runs, later = (
        tuple(measure(_placed(of_all, mounts), sockets, routes)) for of_all in (joints, to_come)
    )
    cables_of_all = choose_cables((*runs, *later), fits)
    cables, of_later = cables_of_all[: len(runs)], cables_of_all[len(runs) :]
    by_run = fits.of_all(runs, cables)
    problems = tuple(find_problems(runs, cables, by_run, fits, routes, means))
    if problems:
        return Cabling(links=(), transceivers={}, problems=problems)

    cages = Cages()
    fits_of_all = (*by_run, *fits.of_all(later, of_later))
    for run, fit in zip((*runs, *later), fits_of_all, strict=True):
        if fit.choice:
            cages.reserve(run, fit)
    longest_m = _longest_m(catalogue, (*runs, *later), cables_of_all)
    links = tuple(_links(catalogue, list(zip(runs, cables, by_run, strict=True)), cages, longest_m))
    return Cabling(
        links=links,
        transceivers=cages.count(),
        bundles=tuple(bundle_up(links, routes)),
        unproven=tuple(find_unproven(runs, cables, by_run, catalogue)),
    )


def _placed(joints: Iterable[Joint], mounts: Mapping[str, Mount]) -> Iterator[Joint]:
    return (one for one in joints if one.a.device in mounts and one.b.device in mounts)


def _longest_m(
    catalogue: Catalogue, runs: Sequence[Run], cables: Sequence[str]
) -> Mapping[str, float]:
    """Return the longest leg of each piece, as far as its cable is sold."""
    longest_m: dict[str, float] = {}
    for run, cable, piece in zip(runs, cables, _pieces(catalogue, runs, cables), strict=True):
        reach = max(catalogue.cables[cable].lengths_m) if cable else 0
        longest_m[piece] = max(min(run.wanted_m, reach), longest_m.get(piece, 0))
    return longest_m


def _links(
    catalogue: Catalogue,
    laid: Sequence[tuple[Run, str, Fit]],
    cages: Cages,
    longest_m: Mapping[str, float],
) -> Iterator[Link]:
    cables = [cable for _, cable, _ in laid]
    pieces = _pieces(catalogue, [run for run, _, _ in laid], cables)
    lengths = {name: sorted(catalogue.cables[name].lengths_m) for name in set(cables)}
    for (run, cable, fit), piece in zip(laid, pieces, strict=True):
        joint, on_sale = run.joint, lengths[cable]
        optic_a, optic_b = cages.optics(run, fit)
        yield Link(
            fabric=joint.fabric,
            tier=joint.tier,
            a=joint.a,
            b=joint.b,
            piece=piece,
            cable=cable,
            speed_gbps=joint.speed_gbps or catalogue.cables[cable].speed_gbps,
            medium=catalogue.cables[cable].medium,
            length_m=on_sale[bisect_left(on_sale, longest_m[piece])],
            optic_a=optic_a,
            optic_b=optic_b,
        )


def _pieces(catalogue: Catalogue, runs: Sequence[Run], cables: Sequence[str]) -> list[str]:
    names = [""] * len(runs)
    for cable, indices in by_cable(cables).items():
        named = name_pieces(catalogue.cables[cable], [runs[i] for i in indices])
        for i, name in zip(indices, named or (), strict=True):
            names[i] = name
    return names


def by_cable(cables: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """Return which runs each cable serves."""
    indices: dict[str, list[int]] = {}
    for i, cable in enumerate(cables):
        indices.setdefault(cable, []).append(i)
    return indices
