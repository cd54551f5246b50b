"""Two plans side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from clusterwright.design.difference.cable import CableMove, compare_cables, under_new_names
from clusterwright.design.difference.device import (
    Device,
    DeviceMove,
    find_renamed,
    list_devices,
)
from clusterwright.design.difference.fact import Setting, compare_settings
from clusterwright.design.difference.order import Devices, order_steps
from clusterwright.design.difference.piece import Piece
from clusterwright.design.difference.purchase import Purchase, compare_bills
from clusterwright.design.difference.step import Step
from clusterwright.design.plan import SitePlan

KEEP = 0.75
"""The part of its links upwards that every switch keeps, where nobody asks for another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What makes a site of the old plan one of the new plan. Names are those of the new one."""

    old: str
    new: str
    bill: tuple[Purchase, ...]
    add: tuple[Device, ...]
    remove: tuple[Device, ...]
    move: tuple[DeviceMove, ...]
    pull: tuple[Piece, ...]
    unplug: tuple[Piece, ...]
    replug: tuple[CableMove, ...]
    settings: tuple[Setting, ...]
    steps: tuple[Step, ...]
    advice: tuple[str, ...] = ()
    """What moves though it need not, and what to write instead."""


def compare(old: SitePlan, new: SitePlan, keep: float = KEEP) -> Difference:
    """Return the difference; its steps keep the part `keep` of every switch's links upwards."""
    before, after = list_devices(old), list_devices(new)
    renamed = find_renamed(before, after)
    before = tuple(replace(one, name=renamed.get(one.name, one.name)) for one in before)
    devices = _devices(before, after)
    links = under_new_names(old.links, renamed)
    cables = compare_cables(links, new.links)
    return Difference(
        old=old.site,
        new=new.site,
        bill=compare_bills(old.bill, new.bill),
        add=_without(after, before),
        remove=_without(before, after),
        move=_moves(before, after),
        pull=cables.pull,
        unplug=cables.remove,
        replug=cables.move,
        settings=compare_settings(old, new, renamed),
        steps=order_steps(links, new.links, devices, keep),
    )


def _without(these: Sequence[Device], those: Sequence[Device]) -> tuple[Device, ...]:
    """Return what is not among the others; another model of one name is another device."""
    known = {(one.name, one.model) for one in those}
    return tuple(one for one in these if (one.name, one.model) not in known)


def _moves(old: Sequence[Device], new: Sequence[Device]) -> tuple[DeviceMove, ...]:
    places = {(one.name, one.model): one.place for one in old}
    return tuple(
        DeviceMove(device=one, was=places[one.name, one.model])
        for one in new
        if places.get((one.name, one.model), one.place) != one.place
    )


def _devices(old: Sequence[Device], new: Sequence[Device]) -> Devices:
    """Return what is mounted and unmounted on the way; racks are there before all else."""
    moved = [move.device for move in _moves(old, new) if move.device.mount]
    exchanged = {one.name for one in _without(new, old)} & {one.name for one in _without(old, new)}
    names = frozenset(one.name for one in moved) | exchanged
    coming = [*_without(new, old), *moved]
    down = dict.fromkeys((*(one.name for one in _without(old, new)), *(m.name for m in moved)))
    return Devices(
        put_up=tuple(one.name for one in coming),
        take_down=tuple(down),
        moved=names,
        behind=_behind(old, coming, down),
    )


def _behind(
    old: Sequence[Device], coming: Sequence[Device], down: Mapping[str, None]
) -> Mapping[str, frozenset[str]]:
    """Return which old devices have to make way for each new one; itself, where it moves."""
    taken = {unit: one.name for one in old if one.name in down for unit in one.units}
    waits = {
        one.name: {taken[unit] for unit in one.units if unit in taken}
        | ({one.name} if one.name in down else set())
        for one in coming
    }
    return {name: frozenset(behind) for name, behind in waits.items() if behind}
