"""The cut sheet: every piece of cable, both ends."""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.plan import SitePlan
from clusterwright.render.csv_text import Cell, csv_text, number
from clusterwright.render.piece import APART, Piece, Plug, label, list_pieces

COLUMNS = (
    "cable_id",
    "fabric",
    "tier",
    "a_device",
    "a_port",
    "a_rack",
    "a_unit",
    "b_device",
    "b_port",
    "b_rack",
    "b_unit",
    "links",
    "speed_gbps",
    "medium",
    "cable",
    "part_number",
    "length_m",
    "a_transceiver",
    "a_transceiver_part",
    "b_transceiver",
    "b_transceiver_part",
    "a_label",
    "b_label",
)


def render_cables(plan: SitePlan) -> str:
    """Render cables.csv: a row per piece of cable."""
    return csv_text(COLUMNS, cable_rows(plan))


def cable_rows(plan: SitePlan) -> Iterator[tuple[Cell, ...]]:
    """Yield a row of COLUMNS for every piece of cable."""
    parts = {(line.model, line.length_m): line.part_number for line in plan.bill.lines}
    return (_row(piece, parts) for piece in list_pieces(plan))


def _row(piece: Piece, parts: Mapping[tuple[str, float | None], str]) -> tuple[Cell, ...]:
    link = piece.links[0]
    return (
        piece.name,
        link.fabric,
        link.tier,
        *_side(piece.a),
        *_side(piece.b),
        len(piece.links),
        link.speed_gbps,
        link.medium,
        link.cable,
        parts.get((link.cable, link.length_m), ""),
        number(link.length_m),
        link.optic_a,
        parts.get((link.optic_a, None), ""),
        link.optic_b,
        parts.get((link.optic_b, None), ""),
        APART.join(label(plug, piece.b) for plug in piece.a),
        APART.join(label(plug, piece.a) for plug in piece.b),
    )


def _side(plugs: Sequence[Plug]) -> tuple[str, str, str, str]:
    if len(plugs) == 1:
        plug = plugs[0]
        return plug.device, plug.port, plug.mount.rack, plug.unit
    return (
        APART.join(plug.device for plug in plugs),
        APART.join(plug.port for plug in plugs),
        APART.join(plug.mount.rack for plug in plugs),
        APART.join(plug.unit for plug in plugs),
    )
