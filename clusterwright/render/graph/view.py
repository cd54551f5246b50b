"""What is one box of the picture of a fabric, and how many cables join two boxes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.plan import Link, SitePlan, Switch

AT_MOST = 64
"""Switches that are shown one by one; of a larger fabric, those of a tier and a unit are a box."""

HOSTS = "hosts"
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

    @property
    def uniform(self) -> Mapping[tuple[str, str], str]:
        """Words that hold for all trunks between two levels, so that one place says them."""
        level = {box.name: box.level for box in self.boxes}
        words: dict[tuple[str, str], set[str]] = {}
        for trunk in self.trunks:
            words.setdefault((level[trunk.a], level[trunk.b]), set()).add(trunk.words)
        return {pair: said.pop() for pair, said in words.items() if len(said) == 1}


def list_views(plan: SitePlan) -> Iterator[View]:
    """Yield a view of each fabric that has switches, in the order of the plan."""
    switches: dict[str, list[Switch]] = {}
    for switch in plan.switches:
        switches.setdefault(switch.fabric, []).append(switch)
    links: dict[str, list[Link]] = {}
    for link in plan.links:
        links.setdefault(link.fabric, []).append(link)
    for fabric, members in switches.items():
        yield _view(plan, fabric, members, links.get(fabric, ()))


def _view(plan: SitePlan, fabric: str, members: Sequence[Switch], links: Sequence[Link]) -> View:
    boxes, box_of = _switch_boxes(members)
    hosts = {node.name: (node.unit, node.server) for node in plan.nodes}
    attached = {link.a.device for link in links if link.a.device not in box_of}
    grouped = Counter(hosts.get(name, (name, "")) for name in sorted(attached))
    boxes += [
        Box(name=unit, level=HOSTS, model=model, count=count)
        for (unit, model), count in _by_unit(grouped).items()
    ]
    box_of |= {name: hosts.get(name, (name, ""))[0] for name in attached}
    cables = Counter(
        (box_of[link.a.device], box_of[link.b.device], link.speed_gbps) for link in links
    )
    trunks = [Trunk(a=a, b=b, count=n, speed_gbps=speed) for (a, b, speed), n in cables.items()]
    tiers = list(dict.fromkeys(switch.tier for switch in members))
    levels = [*reversed(tiers), *([HOSTS] if attached else [])]
    return View(site=plan.site, fabric=fabric, levels=levels, boxes=boxes, trunks=trunks)


def _by_unit(grouped: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """Join the models of a unit into one box."""
    models: dict[str, list[str]] = {}
    counts: Counter[str] = Counter()
    for (unit, model), count in grouped.items():
        models.setdefault(unit, []).append(model)
        counts[unit] += count
    return {(unit, ", ".join(models[unit])): counts[unit] for unit in models}


def _switch_boxes(members: Sequence[Switch]) -> tuple[list[Box], dict[str, str]]:
    if len(members) <= AT_MOST:
        boxes = [Box(name=s.name, level=s.tier, model=s.model, count=1) for s in members]
        return boxes, {s.name: s.name for s in members}
    names = {s.name: f"{s.unit} {_PLURAL.get(s.tier, s.tier + 's')}".strip() for s in members}
    groups = Counter((names[s.name], s.tier, s.model) for s in members)
    boxes = [
        Box(name=name, level=tier, model=model, count=count)
        for (name, tier, model), count in groups.items()
    ]
    return boxes, names
