"""The order in which cables are moved, so that everybody reaches everybody meanwhile.

A cable can be plugged in once all of its ports are free. So each step unplugs, of every switch,
no more cables than it can spare, those first whose new port is free, and plugs in what fits then.
Where two cables wait for each other's port, both are unplugged in one step, and where two devices
wait for each other's place, both are taken down.

A step looks only at what the one before has changed, so that all of them together take as long as
there are cables.
"""

from collections.abc import Iterable, Iterator, Sequence

from clusterwright.design.difference.choice import Choice
from clusterwright.design.difference.places import Devices, Places, survey
from clusterwright.design.difference.step import Step
from clusterwright.design.difference.wires import Legs, Wires, hang_up
from clusterwright.design.plan import Link

__all__ = ["Devices", "order_steps"]


def order_steps(
    old: Sequence[Link], new: Sequence[Link], devices: Devices, keep: float
) -> tuple[Step, ...]:
    """Return the steps from `old`, under new names, to `new`.

    Each leaves every switch at least `keep` of its links upwards, as far as that can be.
    """
    wires = hang_up(old, new, devices.moved)
    choice = Choice(wires=wires, keep=keep, ready=dict(wires.going))
    return tuple(_steps(wires, choice, survey(devices)))


def _steps(wires: Wires, choice: Choice, places: Places) -> Iterator[Step]:
    devices = places.devices
    wires.absent.update(devices.put_up)
    first = tuple(name for name in devices.put_up if not places.lacking[name])
    _put_up(wires, choice, first)
    if first:
        yield Step(action="mount", put_up=first)
    pulled = wires.plug_what_fits()
    if pulled:
        yield Step(action="pull", plug=pulled)
    bare = tuple(name for name in places.before if not wires.going_of.get(name))
    while wires.going or wires.absent:
        yield _step(wires, choice, places, bare)
        bare = ()
    if places.standing:
        down = tuple(name for name in devices.take_down if name in places.standing)
        yield Step(action="unmount", take_down=down)


def _put_up(wires: Wires, choice: Choice, names: Sequence[str]) -> None:
    wires.arrive(names)
    choice.arrive(names)


def _step(wires: Wires, choice: Choice, places: Places, bare: tuple[str, ...]) -> Step:
    """Do one step; `bare` devices have no cable and are taken down in it, too."""
    batch, cut_off = _spared(wires, choice.next_ones(places))
    share = wires.share(batch)
    wires.unplug(batch)
    touched = {end.device for legs in batch for end in legs.ends}
    down = _take_down(wires, places, touched | set(bare))
    up = places.take_down(down)
    _put_up(wires, choice, up)
    return Step(
        action="re-cable",
        unplug=_links(batch),
        take_down=down,
        put_up=up,
        plug=wires.plug_what_fits(),
        share=share,
        cut_off=cut_off,
    )


def _take_down(wires: Wires, places: Places, names: set[str]) -> tuple[str, ...]:
    """Return what makes room for something else and has no cable any more."""
    down = (
        name
        for name in names
        if name in places.standing and name in places.before and not wires.going_of.get(name)
    )
    return tuple(sorted(down, key=places.rank.__getitem__))


def _spared(wires: Wires, batch: tuple[Legs, ...]) -> tuple[tuple[Legs, ...], tuple[str, ...]]:
    """Shorten a batch until all hosts but those of its own cables still reach each other.

    Hosts that do not yet, whatever is unplugged, are no reason to unplug less. The batch is then
    taken out of the ground.
    """
    ground, stranded = wires.ground, set(wires.ground.stranded)
    anyway = frozenset(ground.cut_off())
    ground.take_out(_links(batch))
    while len(batch) > 1 and not anyway.issuperset(ground.cut_off()):
        ground.put_back(_links(batch), stranded)
        batch = batch[: len(batch) // 2]
        ground.take_out(_links(batch))
    own = (link.a.device for link in _links(batch) if link.a.device not in wires.switches)
    stay = (name for name in (*own, *ground.cut_off()) if name in wires.base)
    return batch, tuple(dict.fromkeys(stay))


def _links(batch: Iterable[Legs]) -> tuple[Link, ...]:
    return tuple(link for legs in batch for link in legs.links)
