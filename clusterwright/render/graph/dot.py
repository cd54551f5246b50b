"""The picture of a fabric for Graphviz: `dot -Tsvg`."""

from collections.abc import Iterator, Sequence

from clusterwright.render.devices import network_of
from clusterwright.render.drawing.palette import INK, QUIET, colour_uses
from clusterwright.render.graph.view import BEYOND, HOSTS, Box, View

_ORIGIN = "clusterwright.render.graph.dot.draw_dot"
_LINE = "#8a929b"


def draw_dot(view: View) -> str:
    """Write a graph with the top tier above, and one line between boxes for all their cables."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: View) -> Iterator[str]:
    yield f"// Generated from {_ORIGIN}. Do not edit."
    yield f"graph {_quote(view.fabric)} {{"
    yield f"  label={_quote(_caption(view))};"
    # A straight line does not go by its label; a bent one does.
    bent = any(levels not in view.captions() for levels in view.between())
    yield (
        f'  graph [labelloc=t, fontname="Helvetica", fontcolor="{INK}", ranksep=1.1, '
        f"nodesep=0.25, splines={'true' if bent else 'line'}];"
    )
    yield '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11];'
    yield f'  edge [color="{_LINE}", fontname="Helvetica", fontsize=9, fontcolor="{QUIET}"];'
    for level in view.levels:
        yield "  {"
        yield "    rank=same;"
        yield from (f"    {_box(view, box)}" for box in view.on(level))
        # An unseen chain keeps the boxes of a level in the order of their names.
        yield f"    {_chain(view.on(level))};"
        yield "  }"
    said = view.captions()
    for levels, trunks in view.between().items():
        for trunk in trunks:
            shown = "" if levels in said else f"label={_quote(trunk.words)}, "
            # The upper end first: dot ranks from the top down.
            ends = f"{_quote(trunk.b)} -- {_quote(trunk.a)}"
            yield f"  {ends} [{shown}edgetooltip={_quote(trunk.words)}];"
    yield "}"


def _chain(boxes: Sequence[Box]) -> str:
    names = " -- ".join(_quote(box.name) for box in boxes)
    return f"{names} [style=invis]" if len(boxes) > 1 else names


def _box(view: View, box: Box) -> str:
    use = "training" if box.level in (HOSTS, BEYOND) else f"{network_of(view.fabric)} network"
    colour = next(iter(colour_uses([use]).values()))
    label = "\\n".join((box.name, *_words(box)))
    return (
        f"{_quote(box.name)} [label={_quote(label)}, "
        f'fillcolor="{colour.pale}", color="{colour.strong}"];'
    )


def _words(box: Box) -> tuple[str, ...]:
    if box.count > 1:
        return (f"{box.count} × {box.model}",)
    return (box.model,) if box.model else ()


def _caption(view: View) -> str:
    said = [f"{lower}–{upper}: {words} a line" for (lower, upper), words in view.captions().items()]
    return "\\n".join((f"{view.site} · {view.fabric}", *said))


def _quote(words: str) -> str:
    escaped = words.replace('"', '\\"')
    return f'"{escaped}"'
