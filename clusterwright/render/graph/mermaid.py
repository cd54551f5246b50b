"""The picture of a fabric for Mermaid, which code hosts draw in Markdown."""

from collections.abc import Iterator

from clusterwright.render.graph.view import Box, View

_ORIGIN = "clusterwright.render.graph.mermaid.draw_mermaid"


def draw_mermaid(view: View) -> str:
    """Write a flowchart with the top tier above."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: View) -> Iterator[str]:
    yield f"%% Generated from {_ORIGIN}. Do not edit."
    yield "flowchart TB"
    keys = {box.name: f"b{ordinal}" for ordinal, box in enumerate(view.boxes, start=1)}
    for level in view.levels:
        yield f'  subgraph {level}["{_heading(view, level)}"]'
        yield "    direction LR"
        yield from (f'    {keys[box.name]}["{_label(box)}"]' for box in view.on(level))
        yield "  end"
    said = view.captions()
    for levels, trunks in view.between().items():
        for trunk in trunks:
            words = "" if levels in said else f'|"{trunk.words}"|'
            yield f"  {keys[trunk.b]} ---{words} {keys[trunk.a]}"


def _heading(view: View, level: str) -> str:
    said = [
        f"{words} to each {upper}"
        for (lower, upper), words in view.captions().items()
        if lower == level
    ]
    return ": ".join((level, ", ".join(said))) if said else level


def _label(box: Box) -> str:
    if box.count > 1:
        return f"{box.name}<br/>{box.count} × {box.model}"
    return f"{box.name}<br/>{box.model}" if box.model else box.name
