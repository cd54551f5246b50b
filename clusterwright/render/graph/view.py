"""What is one box of the picture of a fabric, and how many cables join two boxes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from clusterwright.design.plan import Link, SitePlan, Switch

AT_MOST_SWITCHES, AT_MOST_LINES = 64, 256
"""What is shown switch by switch; of a larger fabric, those of a tier and a unit are a box."""

AT_MOST_LABELS = 12
HOSTS, BEYOND = "hosts", "beyond"
_TIERS = ("core", "spine", "leaf")
Group = tuple[str, str]
"""The name of a box, and a model in it."""
_PLURAL = {"leaf": "leaves"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One device, or `count` equal ones of a unit. `level` is its tier, hosts lowest."""

    name: str
    level: str
    model: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """All cables between two boxes, the lower one first."""

    a: str
    b: str
    count: int
    speed_gbps: int

    @property
    def words(self) -> str:
        return f"{self.count} × {self.speed_gbps:g} Gb/s"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The picture of one fabric; `levels` are from the top down."""

    site: str
    fabric: str
    levels: Sequence[str]
    boxes: Sequence[Box]
    trunks: Sequence[Trunk]

    def on(self, level: str) -> list[Box]:
        return [box for box in self.boxes if box.level == level]

    def between(self) -> Mapping[tuple[str, str], list[Trunk]]:
        """Return the trunks by the levels of their ends."""
        level = {box.name: box.level for box in self.boxes}
        found: dict[tuple[str, str], list[Trunk]] = {}
        for trunk in self.trunks:
            found.setdefault((level[trunk.a], level[trunk.b]), []).append(trunk)
        return found

    def captions(self) -> Mapping[tuple[str, str], str]:
        """Say what a line between two levels is, where its own label would say no more, or none."""
        return {
            levels: _range(trunks)
            for levels, trunks in self.between().items()
            if len(trunks) > AT_MOST_LABELS or len({trunk.words for trunk in trunks}) == 1
        }


def _range(trunks: Sequence[Trunk]) -> str:
    counts = [trunk.count for trunk in trunks]
    speeds = sorted({trunk.speed_gbps for trunk in trunks})
    fewest, most = min(counts), max(counts)
    number = str(most) if fewest == most else f"{fewest} to {most}"
    return f"{number} × {', '.join(f'{speed:g}' for speed in speeds)} Gb/s"


def list_views(plan: SitePlan) -> Iterator[View]:
    """Yield a view of each fabric that has switches, in the order of the plan."""
    switches: dict[str, list[Switch]] = {}
    for switch in plan.switches:
        switches.setdefault(switch.fabric, []).append(switch)
    links: dict[str, list[Link]] = {}
    for link in plan.links:
        links.setdefault(link.fabric, []).append(link)
    groups = dict(_groups(plan))
    for fabric, members in switches.items():
        yield _view(plan.site, fabric, members, links.get(fabric, ()), groups)


def _view(
    site: str,
    fabric: str,
    members: Sequence[Switch],
    links: Sequence[Link],
    groups: Mapping[str, Group],
) -> View:
    draw = partial(_draw, site, fabric, links=links, groups=groups, members=members)
    view = draw(box_of=_one_by_one(members))
    if len(members) > AT_MOST_SWITCHES or len(view.trunks) > AT_MOST_LINES:
        return draw(box_of=_by_unit(members))
    return view


def _draw(  # noqa: PLR0913 - what a picture is made of
    site: str,
    fabric: str,
    *,
    links: Sequence[Link],
    groups: Mapping[str, Group],
    members: Sequence[Switch],
    box_of: dict[str, str],
) -> View:
    boxes = _switch_boxes(members, box_of)
    lower = sorted({link.a.device for link in links} - box_of.keys())
    upper = sorted({link.b.device for link in links} - box_of.keys() - set(lower))
    boxes += _boxes(HOSTS, (groups.get(name, (name, "")) for name in lower))
    boxes += _boxes(BEYOND, (groups.get(name, (name, "")) for name in upper))
    box_of = box_of | {name: groups.get(name, (name, ""))[0] for name in (*lower, *upper)}
    cables = Counter(
        (box_of[link.a.device], box_of[link.b.device], link.speed_gbps) for link in links
    )
    trunks = [Trunk(a=a, b=b, count=n, speed_gbps=speed) for (a, b, speed), n in cables.items()]
    shown = {box.level for box in boxes}
    levels = [level for level in (BEYOND, *_TIERS, HOSTS) if level in shown]
    return View(site=site, fabric=fabric, levels=levels, boxes=boxes, trunks=trunks)


def _one_by_one(members: Sequence[Switch]) -> dict[str, str]:
    return {switch.name: switch.name for switch in members}


def _by_unit(members: Sequence[Switch]) -> dict[str, str]:
    return {
        switch.name: f"{switch.unit} {_PLURAL.get(switch.tier, switch.tier + 's')}".strip()
        for switch in members
    }


def _switch_boxes(members: Sequence[Switch], box_of: Mapping[str, str]) -> list[Box]:
    groups = Counter((box_of[one.name], one.tier, one.model) for one in members)
    return [
        Box(name=name, level=tier, model=model, count=count)
        for (name, tier, model), count in groups.items()
    ]


def _boxes(level: str, found: Iterable[Group]) -> list[Box]:
    """Return a box for each group, whatever the models in it."""
    models: dict[str, dict[str, None]] = {}
    counts: Counter[str] = Counter()
    for group, model in found:
        models.setdefault(group, {})[model] = None
        counts[group] += 1
    return [
        Box(name=group, level=level, model=", ".join(models[group]), count=count)
        for group, count in counts.items()
    ]


def _groups(plan: SitePlan) -> Iterator[tuple[str, Group]]:
    """Yield in which box each device is that is no switch of the fabric itself."""
    for host in plan.management_hosts:
        yield host.name, ("management", host.server)
    for node in plan.nodes:
        yield node.name, (node.unit, node.server)
    for server in plan.storage_servers:
        yield server.name, (server.system, server.model)
    for switch in plan.switches:
        yield switch.name, (f"{switch.fabric} switches", switch.model)
    for pdu in plan.pdus:
        yield pdu.name, ("PDUs", pdu.model)
    for loop in plan.loops:
        yield loop.cdu, ("CDUs", loop.cdu_model)
    for shelf in plan.power_shelves:
        yield shelf.name, ("power shelves", shelf.model)
