"""Pull sheets: what is pulled together, and what ends in each rack."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter

from clusterwright.design.plan import Bundle, SitePlan
from clusterwright.render.csv_text import Cell, csv_text, number
from clusterwright.render.piece import APART, Piece, Plug, label, list_pieces

BUNDLE_COLUMNS = (
    "bundle",
    "from_rack",
    "to_rack",
    "from_row",
    "to_row",
    "cross_tray_m",
    "trays_m",
    "cables",
)
RACK_COLUMNS = (
    "bundle",
    "cable_id",
    "unit",
    "device",
    "port",
    "to_rack",
    "to_unit",
    "to_device",
    "to_port",
    "cable",
    "length_m",
    "label",
)


def render_pull_sheets(plan: SitePlan) -> dict[str, str]:
    """Render pull/bundles.csv and, for each rack in which a cable ends, pull/racks/<rack>.csv."""
    sheets = {"pull/bundles.csv": csv_text(BUNDLE_COLUMNS, bundle_rows(plan))}
    return sheets | {
        f"pull/racks/{rack}.csv": csv_text(RACK_COLUMNS, rows)
        for rack, rows in rack_rows(plan).items()
    }


def bundle_rows(plan: SitePlan) -> Iterator[tuple[Cell, ...]]:
    """Yield a row of BUNDLE_COLUMNS for every bundle."""
    rows = {rack.name: rack.row for rack in plan.racks}
    for one in plan.bundles:
        yield (
            one.name,
            one.a_rack,
            one.b_rack,
            rows[one.a_rack],
            rows[one.b_rack],
            number(one.cross_tray_m),
            number(one.trays_m),
            one.pieces,
        )


def rack_rows(plan: SitePlan) -> Mapping[str, list[tuple[Cell, ...]]]:
    """Return rows of RACK_COLUMNS by rack: one for every plug, from the lowest rack unit up."""
    racks: dict[str, list[tuple[int, tuple[Cell, ...]]]] = {rack.name: [] for rack in plan.racks}
    for piece, bundle in _bundled(plan):
        for near, far in ((piece.a, piece.b), (piece.b, piece.a)):
            for plug in near:
                row = _row(piece, bundle, plug, far)
                racks[plug.mount.rack].append((plug.mount.lowest_unit, row))
    return {
        rack: [row for _, row in sorted(inside, key=itemgetter(0))]
        for rack, inside in racks.items()
        if inside
    }


def _bundled(plan: SitePlan) -> Iterator[tuple[Piece, str]]:
    """Yield each piece with its bundle; what stays in its rack has none."""
    waiting: dict[tuple[str, str], list[Bundle]] = {}
    for one in reversed(plan.bundles):
        waiting.setdefault((one.a_rack, one.b_rack), []).append(one)
    pulled: dict[str, int] = {}
    for piece in list_pieces(plan):
        bundles = waiting.get(piece.racks, [])
        while bundles and pulled.get(bundles[-1].name, 0) == bundles[-1].pieces:
            bundles.pop()
        name = bundles[-1].name if bundles else ""
        pulled[name] = pulled.get(name, 0) + 1
        yield piece, name


def _row(piece: Piece, bundle: str, near: Plug, far: Sequence[Plug]) -> tuple[Cell, ...]:
    link, there = piece.links[0], far[0]
    return (
        bundle,
        piece.name,
        near.mount.lowest_unit,
        near.device,
        near.port,
        there.mount.rack,
        there.mount.lowest_unit,
        APART.join(plug.device for plug in far),
        APART.join(plug.port for plug in far),
        link.cable,
        number(link.length_m),
        label(near, far),
    )
