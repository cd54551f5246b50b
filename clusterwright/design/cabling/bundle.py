"""Which cables are pulled together."""

from collections import Counter
from collections.abc import Iterable, Iterator

from clusterwright.design.cabling.route import Routes
from clusterwright.design.plan import Bundle, Link


def bundle_up(links: Iterable[Link], routes: Routes) -> Iterator[Bundle]:
    """Yield bundles between each two racks, none larger than the trays' rule; cords stay apart."""
    racks: dict[str, tuple[str, str]] = {}
    for link in links:
        if link.piece not in racks:
            racks[link.piece] = _racks(link, routes)
    for (a, b), pieces in Counter(racks.values()).items():
        if a == b:
            continue
        most = routes.trays.bundle_max
        for number, first in enumerate(range(0, pieces, most), start=1):
            yield Bundle(
                name=f"{a}/{b}/{number}",
                a_rack=a,
                b_rack=b,
                cross_tray_m=routes.cross_tray_m(a, b),
                trays_m=round(routes.between_m(a, b), 3),
                pieces=min(most, pieces - first),
            )


def _racks(link: Link, routes: Routes) -> tuple[str, str]:
    """Return both racks, in an order that does not depend on which end is the lower tier."""
    a, b = routes.rack_of(link.a.device), routes.rack_of(link.b.device)
    return (a, b) if a <= b else (b, a)
