"""A difference for people: what to buy, what changes, and the steps."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from clusterwright.design.difference import Difference, Piece, Step
from clusterwright.design.plan import Link, LinkEnd

LISTED = 20
"""Rows of each table; `--json` has them all."""

Rows = Sequence[tuple[str, ...]]


def print_difference(difference: Difference, console: Console) -> None:
    """Print each part that is not empty, or that there is nothing to do."""
    for sentence in difference.advice:
        console.print(f"[yellow]{escape(sentence)}[/]\n", highlight=False)
    parts: tuple[tuple[str, tuple[str, ...], Rows], ...] = (
        ("Bill", ("part", "model", "now", "then", "more", "cost"), _bill(difference)),
        ("Devices", ("", "name", "kind", "model", "place", "was at"), _devices(difference)),
        ("Cables", ("", "tier", "end", "end", "cable", "was at"), _cables(difference)),
        ("Settings", ("device", "what", "now", "then"), _settings(difference)),
    )
    for title, columns, rows in parts:
        if rows:
            _print_table(console, f"{title} ({len(rows)})", columns, rows)
    if difference.steps:
        console.print("Steps", style="bold")
        for number, step in enumerate(difference.steps, start=1):
            console.print(f"{number:3}. {_sentence(step)}", highlight=False)
    if not any(rows for _, _, rows in parts):
        console.print("nothing to do: both definitions give the same plan")


def _print_table(console: Console, title: str, columns: Iterable[str], rows: Rows) -> None:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        counted = all(row[len(table.columns)].lstrip("+-").isdigit() for row in rows)
        table.add_column(column, justify="right" if counted else "left")
    for row in rows[:LISTED]:
        table.add_row(*row)
    console.print(title, style="bold")
    console.print(table)
    if len(rows) > LISTED:
        console.print(f"and {len(rows) - LISTED} more, which --json lists", style="dim")
    console.print()


def _bill(difference: Difference) -> Rows:
    return [
        (
            one.kind,
            one.model,
            str(one.was),
            str(one.becomes),
            f"{one.count:+}",
            "" if one.cost is None else f"{one.cost:,.2f}",
        )
        for one in difference.bill
    ]


def _devices(difference: Difference) -> Rows:
    return [
        *(("+", one.name, one.kind, one.model, one.place, "") for one in difference.add),
        *(("−", one.name, one.kind, one.model, "", one.place) for one in difference.remove),
        *(
            (
                "→",
                move.device.name,
                move.device.kind,
                move.device.model,
                move.device.place,
                move.was,
            )
            for move in difference.move
        ),
    ]


def _cables(difference: Difference) -> Rows:
    return [
        *(
            (
                "→",
                move.becomes.tier,
                *_ends(move.becomes),
                _model(move.becomes),
                _left(move.was, move.becomes),
            )
            for move in difference.replug
        ),
        *(("+", one.tier, *_ends(one), _model(one), "") for one in difference.pull),
        *(("−", one.tier, *_ends(one), _model(one), "") for one in difference.unplug),
    ]


def _ends(piece: Piece) -> tuple[str, str]:
    """Return both ends, each plug of a splitter."""
    return _plugs(piece.lower), _plugs(piece.upper)


def _plugs(ends: Iterable[LinkEnd]) -> str:
    return " + ".join(dict.fromkeys(map(_end, ends)))


def _end(end: LinkEnd) -> str:
    return f"{end.device} {end.port}"


def _left(was: Piece, becomes: Piece) -> str:
    """Return the ports that a cable leaves; it stays in the others."""
    kept = {*becomes.lower, *becomes.upper}
    return _plugs(end for end in (*was.lower, *was.upper) if end not in kept)


def _model(piece: Piece) -> str:
    return f"{piece.cable}, {piece.length_m:g} m"


def _settings(difference: Difference) -> Rows:
    return [
        (one.subject, one.what, one.was or "–", one.becomes or "–") for one in difference.settings
    ]


def _sentence(step: Step) -> str:
    """Say a step as one would to who does it."""
    done = [
        (f"unplug {_cables_of(step.unplug)} cables", step.unplug),
        (f"take down {_names(step.take_down)}", step.take_down),
        (f"put up {_names(step.put_up)}", step.put_up),
        (f"plug in {_cables_of(step.plug)} cables", step.plug),
    ]
    text = ", ".join(words for words, things in done if things)
    if step.action == "re-cable":
        text += f": every switch keeps {step.share:.0%} of its links upwards"
    if step.cut_off:
        text += f"; [yellow]without some or all of their links meanwhile: {_names(step.cut_off)}[/]"
    return text


def _cables_of(legs: Iterable[Link]) -> int:
    """Count cables, of which a splitter has several legs."""
    return len({leg.piece for leg in legs})


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:4])
    return shown if len(names) <= 4 else f"{shown} and {len(names) - 4} more"
