"""Which switches the cables that are plugged in join, kept up to date cable by cable.

Where most hosts of a fabric reach each other is its main part; leaves with hosts beside it are
stranded. Taking a few cables out asks only whether the switches at their ends still reach each
other: that is found nearby, however large the fabric is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from typing import Any

from clusterwright.design.plan import Link

Port = tuple[str, str]
"""A fabric and a switch of it."""


@dataclass(slots=True, kw_only=True)
class Ground:
    """The cables between switches, and which hosts that stay hang on each."""

    switches: Set[str]
    hosts: Set[str]
    """Those that are there before and after."""
    beside: dict[Port, Counter[Port]] = field(default_factory=lambda: defaultdict(Counter))
    bearing: dict[Port, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    stranded: set[Port] = field(default_factory=set)

    def begin(self, links: Iterable[Link]) -> None:
        """Take what is plugged in at first."""
        self._plug(links)
        self.survey()

    def add(self, links: Iterable[Link]) -> None:
        """Plug in; leaves that come to bear hosts are stranded until they reach the main part."""
        self.stranded |= self._plug(links)
        apart: set[Port] = set()
        for port in sorted(self.stranded):
            if port not in apart:
                beside_main = self._part_beside_main(port)
                apart |= beside_main
                if not beside_main:
                    self.stranded.discard(port)

    def _plug(self, links: Iterable[Link]) -> set[Port]:
        """Plug in; return the leaves that had no hosts before."""
        fresh: set[Port] = set()
        for link in links:
            lower, upper = (link.fabric, link.a.device), (link.fabric, link.b.device)
            if link.a.device in self.switches:
                self.beside[lower][upper] += 1
                self.beside[upper][lower] += 1
            elif link.a.device in self.hosts:
                if not self.bearing[upper]:
                    fresh.add(upper)
                self.bearing[upper][link.a.device] += 1
        return fresh

    def remove(self, links: Iterable[Link]) -> None:
        for link in links:
            lower, upper = (link.fabric, link.a.device), (link.fabric, link.b.device)
            if link.a.device in self.switches:
                _less(self.beside[lower], upper)
                _less(self.beside[upper], lower)
            elif link.a.device in self.hosts:
                _less(self.bearing[upper], link.a.device)
                if not self.bearing[upper]:
                    self.stranded.discard(upper)

    def cut_off(self) -> tuple[str, ...]:
        """Return the hosts with a link that does not lead to the main part of its fabric."""
        hosts = (host for port in sorted(self.stranded) for host in self.bearing[port])
        return tuple(dict.fromkeys(hosts))

    def take_out(self, links: Iterable[Link]) -> None:
        """Unplug, and find out who is stranded then."""
        out = list(links)
        self.remove(out)
        pairs = {
            ((link.fabric, link.a.device), (link.fabric, link.b.device))
            for link in out
            if link.a.device in self.switches
        }
        if not all(self._joined(ports) for ports in self._once_joined(pairs)):
            self.survey()

    def _once_joined(self, pairs: Set[tuple[Port, Port]]) -> Iterable[set[Port]]:
        """Return which switches must reach each other still, so that no part falls apart.

        A switch and those above it; those below one that no cable leads to any more.
        """
        around: dict[Port | str, set[Port]] = defaultdict(set)
        whole: set[str] = set()
        for lower, upper in pairs:
            around[lower] |= {lower, upper}
            if not self._in_use(upper):
                around[upper].add(lower)
            if not self._in_use(lower) and not self._in_use(upper):
                whole.add(lower[0])
        for fabric in whole:
            around[fabric] = {port for pair in pairs for port in pair if port[0] == fabric}
        return around.values()

    def _in_use(self, port: Port) -> bool:
        return bool(self.beside[port] or self.bearing[port])

    def put_back(self, links: Iterable[Link], stranded: set[Port]) -> None:
        """Undo it."""
        self._plug(links)
        self.stranded = set(stranded)

    def survey(self) -> None:
        """Find the main part of every fabric, and who is not on it."""
        parts: dict[str, list[set[Port]]] = defaultdict(list)
        seen: set[Port] = set()
        for port, hosts in list(self.bearing.items()):
            if hosts and port not in seen:
                part = set(self._walk(port))
                seen |= part
                parts[port[0]].append({one for one in part if self.bearing[one]})
        self.stranded = {port for fabric in parts.values() for port in self._beside_main(fabric)}

    def _beside_main(self, parts: list[set[Port]]) -> Iterator[Port]:
        """Yield all but the part with more than half of the links; all, where there is none."""
        links = [sum(self.bearing[port].total() for port in part) for part in parts]
        for part, count in zip(parts, links, strict=True):
            if 2 * count <= sum(links):
                yield from part

    def _joined(self, ports: set[Port]) -> bool:
        """Whether these reach each other, those left out that no cable leads to any more."""
        wanted = set(filter(self._in_use, ports)) - self.stranded
        if len(wanted) < 2:
            return True
        for one in self._walk(min(wanted)):
            wanted.discard(one)
            if not wanted:
                return True
        return False

    def _part_beside_main(self, port: Port) -> set[Port]:
        """Return all that a stranded leaf reaches; nothing where it reaches the main part."""
        part: set[Port] = set()
        for one in self._walk(port):
            if self.bearing[one] and one not in self.stranded:
                return set()
            part.add(one)
        return part

    def _walk(self, first: Port) -> Iterator[Port]:
        """Yield every switch that one reaches, the nearest ones first."""
        seen, level = {first}, [first]
        while level:
            yield from level
            further: list[Port] = []
            for one in level:
                further += (other for other in self.beside[one] if other not in seen)
                seen.update(further)
            level = list(dict.fromkeys(further))


def _less(counter: Counter[Any], key: object) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]
