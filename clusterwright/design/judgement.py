"""What is wrong with a draft, all of it at once, and the cables that it needs."""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from clusterwright.design import addresses, cabling, holes, mig, networks, pins, power, space
from clusterwright.design.devices import beside_racks
from clusterwright.design.draft import Draft
from clusterwright.design.equals import list_equals
from clusterwright.design.seats import find_problems as find_seat_problems
from clusterwright.errors import DefinitionError, Problem


def judge(draft: Draft) -> cabling.Cabling:
    """Return the cables of a site that keeps every limit.

    Raises:
        DefinitionError: it does not; with every mistake.
    """
    loaded = draft.loaded
    seating = tuple(find_seat_problems(loaded))
    wrong = networks.problems_by_network(loaded, draft.networks, draft.nodes, draft.stores)
    room = power.rooms_of(draft.circuits, draft.inside, space.bearing(loaded, draft.racks))
    cables = _cables(draft, room, without=_unsound(seating, wrong))
    problems = chain(
        seating,
        space.find_problems(loaded, draft.racks, room, draft.elevation),
        power.find_problems(loaded, draft.circuits, draft.balances),
        draft.cooled.find_problems(),
        *wrong.values(),
        addresses.find_problems(loaded, draft.addresses),
        pins.find_problems(loaded, draft.addresses),
        mig.find_problems(loaded),
        cables.problems,
    )
    possible = holes.without_those_beyond(loaded, problems)
    if mistakes := tuple(loaded.source.mistake(problem) for problem in possible):
        raise DefinitionError(mistakes, list_equals(draft))
    return cables


def _unsound(seating: Sequence[Problem], wrong: Mapping[str, Sequence[Problem]]) -> Collection[str]:
    """Name the networks of whose ports nothing can be said: nodes or switches have no place."""
    unsound = {name for name, found in wrong.items() if found or seating}
    # Storage joins the nodes that the compute fabric has room for.
    return unsound | {"storage"} if "compute" in unsound else unsound


def _cables(draft: Draft, room: power.Room, without: Collection[str]) -> cabling.Cabling:
    loaded, facility = draft.loaded, draft.loaded.site.facility
    upright = tuple(power.name_pdus(draft.circuits))
    whole = (loaded, draft.networks, draft.seats)
    return cabling.lay_cables(
        loaded.catalogue,
        facility.trays,
        joints=networks.list_all_joints(*whole, without=without),
        to_come=networks.list_joints_to_come(*whole, without=without),
        racks=draft.racks,
        mounts={**beside_racks(loaded, upright, draft.racks), **draft.mounts},
        models={
            **{one.name: one.model for one in draft.occupants},
            **{pdu.name: pdu.model for pdu in upright},
            **{cdu.name: cdu.model for loop in facility.cooling.loops for cdu in loop.cdus},
        },
        means=_means(draft, room),
    )


def _means(draft: Draft, room: power.Room) -> cabling.Means:
    site = draft.loaded.site
    return cabling.Means(
        room=room,
        occupants={one.name: one for one in draft.occupants},
        servers={host.name: ("management", i, "server") for i, host in enumerate(site.management)},
        floor=site.facility.floor,
        rows=tuple(dict.fromkeys(rack.row for rack in draft.racks.values())),
    )
