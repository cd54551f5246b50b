"""The order in which cables are moved, so that everybody reaches everybody meanwhile.

A cable can be plugged in once both of its ports are free. So each step unplugs, of every switch,
no more cables than it can spare, those first whose new port is free, and plugs in what fits then.
Where two cables wait for each other's port, both are unplugged in one step.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.difference.reach import find_cut_off
from clusterwright.design.difference.step import Step
from clusterwright.design.difference.wires import Wires, hang_up
from clusterwright.design.plan import Link

LONGEST_CHAIN = 64
"""Cables that wait for each other and are unplugged in one step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """What is put up and what is taken down; a device that moves is both.

    `behind` has, for each new device, the old ones in whose rack units it goes.
    """

    put_up: tuple[str, ...]
    take_down: tuple[str, ...]
    moved: frozenset[str]
    behind: Mapping[str, frozenset[str]]


def order_steps(
    old: Sequence[Link], new: Sequence[Link], devices: Devices, keep: float
) -> tuple[Step, ...]:
    """Return the steps from `old`, under new names, to `new`.

    Each leaves every switch at least `keep` of its links upwards, as far as that can be.
    """
    return tuple(_steps(hang_up(old, new, devices.moved), devices, keep))


def _steps(wires: Wires, devices: Devices, keep: float) -> Iterator[Step]:
    standing = set(devices.take_down)
    wires.absent.update(devices.put_up)
    first = _put_up(wires, devices, standing)
    if first:
        yield Step(action="mount", put_up=first)
    pulled = wires.plug_what_fits()
    if pulled:
        yield Step(action="pull", plug=pulled)
    while wires.going or wires.absent:
        yield _step(wires, devices, standing, keep)
    if standing:
        down = tuple(name for name in devices.take_down if name in standing)
        yield Step(action="unmount", take_down=down)


def _put_up(wires: Wires, devices: Devices, standing: set[str]) -> tuple[str, ...]:
    """Mount what has its place free now."""
    ready = tuple(
        name
        for name in devices.put_up
        if name in wires.absent and not devices.behind.get(name, frozenset()) & standing
    )
    wires.absent.difference_update(ready)
    return ready


def _step(wires: Wires, devices: Devices, standing: set[str], keep: float) -> Step:
    batch, cut_off = _spared(wires, _choose(wires, devices, standing, keep))
    share = wires.share(batch)
    wires.unplug(batch)
    down = _take_down(wires, devices, standing)
    return Step(
        action="re-cable",
        unplug=batch,
        take_down=down,
        put_up=_put_up(wires, devices, standing),
        plug=wires.plug_what_fits(),
        share=share,
        cut_off=cut_off,
    )


def _take_down(wires: Wires, devices: Devices, standing: set[str]) -> tuple[str, ...]:
    """Take down what makes room for something else and has no cable any more."""
    makes_room = {name for behind in devices.behind.values() for name in behind} & standing
    if not makes_room:
        return ()
    cabled = {link.a.device for link in wires.going} | {link.b.device for link in wires.going}
    down = tuple(name for name in devices.take_down if name in makes_room - cabled)
    standing.difference_update(down)
    return down


def _spared(wires: Wires, batch: tuple[Link, ...]) -> tuple[tuple[Link, ...], tuple[str, ...]]:
    """Shorten a batch until all hosts but those of its own cables still reach each other.

    Hosts that do not yet, whatever is unplugged, are no reason to unplug less.
    """
    cut_off = _cut_off(wires, batch)
    anyway = frozenset(_cut_off(wires, ()) if cut_off else ())
    while len(batch) > 1 and not anyway.issuperset(cut_off):
        batch = batch[: len(batch) // 2]
        cut_off = _cut_off(wires, batch)
    own = (link.a.device for link in batch if link.a.device not in wires.switches)
    stay = (name for name in (*own, *cut_off) if name in wires.base)
    return batch, tuple(dict.fromkeys(stay))


def _cut_off(wires: Wires, batch: tuple[Link, ...]) -> tuple[str, ...]:
    """Return who is cut off without these, of the hosts that are there before and after."""
    out = set(batch)
    links = (one for one in wires.links() if one not in out)
    stay = (one for one in links if one.a.device in wires.switches or one.a.device in wires.base)
    return find_cut_off(stay, wires.switches)


def _choose(wires: Wires, devices: Devices, standing: set[str], keep: float) -> tuple[Link, ...]:
    room = _room(wires, keep)
    for longest in (1, LONGEST_CHAIN):
        chosen = _chains(wires, room, longest)
        if chosen:
            return chosen
    return _of_one_device(wires, devices, standing) or _as_many_as(wires, room)


def _room(wires: Wires, keep: float) -> Counter[str]:
    """Return how many links upwards each device can spare now; one, where nothing is spared."""
    room = Counter[str]()
    for name, base in wires.base.items():
        room[name] = max(1, int(base * (1 - keep) + 1e-9)) - max(0, base - wires.up[name])
    return room


def _chains(wires: Wires, room: Counter[str], longest: int) -> tuple[Link, ...]:
    """Choose cables whose way is free, or of which each makes way for the next."""
    left, chosen = room.copy(), dict[Link, None]()
    for link in wires.going:
        if link in chosen or wires.successor(link) is None:
            continue
        chain = _chain(wires, link, longest)
        needed = Counter(one.a.device for one in chain if one not in chosen)
        if chain and all(_spares(wires, left, name, n) for name, n in needed.items()):
            left.subtract(needed)
            chosen.update(dict.fromkeys(chain))
    return tuple(chosen)


def _spares(wires: Wires, left: Counter[str], name: str, count: int) -> bool:
    return name not in wires.base or left[name] >= count


def _chain(wires: Wires, first: Link, longest: int) -> tuple[Link, ...]:
    """Return the cables that must be out together for `first` to move; none where too many."""
    chain, next_ones = {first: None}, [first]
    while next_ones:
        coming = wires.successor(next_ones.pop())
        if coming is None:
            continue
        if {coming.a.device, coming.b.device} & wires.absent:
            return ()
        for blocker in wires.blockers(coming):
            if blocker not in chain:
                chain[blocker] = None
                next_ones.append(blocker)
        if len(chain) > longest:
            return ()
    return tuple(chain)


def _of_one_device(wires: Wires, devices: Devices, standing: set[str]) -> tuple[Link, ...]:
    """Choose all cables of a device in whose place another goes."""
    for name in devices.take_down:
        if name in standing and any(name in behind for behind in devices.behind.values()):
            cables = tuple(link for link in wires.going if name in (link.a.device, link.b.device))
            if cables:
                return cables
    return ()


def _as_many_as(wires: Wires, room: Counter[str]) -> tuple[Link, ...]:
    """Choose cables that only go, or that have to wait outside for their new port."""
    left, chosen = room.copy(), dict[Link, None]()
    for link in wires.going:
        if _spares(wires, left, link.a.device, 1) or not chosen:
            left[link.a.device] -= 1
            chosen[link] = None
    return tuple(chosen)
