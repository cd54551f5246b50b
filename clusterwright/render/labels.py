"""Labels for a label printer: one for every plug."""

from collections.abc import Iterator

from clusterwright.design.plan import SitePlan
from clusterwright.render.csv_text import Cell, csv_text
from clusterwright.render.piece import label, list_pieces

COLUMNS = ("cable_id", "end", "text", "here", "there")


def render_labels(plan: SitePlan) -> str:
    """Render labels.csv: the text of each label, and rack and rack unit of both ends."""
    return csv_text(COLUMNS, label_rows(plan))


def label_rows(plan: SitePlan) -> Iterator[tuple[Cell, ...]]:
    """Yield a row of COLUMNS for every plug; `end` counts the plugs of a splitter."""
    for piece in list_pieces(plan):
        for side, near, far in (("a", piece.a, piece.b), ("b", piece.b, piece.a)):
            there = " + ".join(dict.fromkeys(plug.place for plug in far))
            for number, plug in enumerate(near, start=1):
                end = side if len(near) == 1 else f"{side}{number}"
                yield piece.name, end, label(plug, far), plug.place, there
