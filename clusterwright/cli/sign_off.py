"""`clusterwright sign-off`."""

from typing import Annotated

import typer

from clusterwright.cli.arguments import Site
from clusterwright.cli.live_site import open_live
from clusterwright.operate.sign_off import sign_off, utc_now

app = typer.Typer(add_completion=False)


@app.command()
def sign(
    site: Site,
    rack: Annotated[str, typer.Argument(metavar="RACK", help="The rack.")],
    gate: Annotated[
        str,
        typer.Argument(
            metavar="GATE",
            help="flushed, filled, bled, pressure-held, filter-clean, leak-reaction (done); ph, "
            "conductivity (µS/cm), glycol (%).",
        ),
    ],
    by: Annotated[str, typer.Option(help="Who vouches for it.")],
    value: Annotated[str, typer.Option(help="What was measured, or done.")],
) -> None:
    """Write down what a person has measured or seen at a rack."""
    opened = open_live(site)
    signed = sign_off(
        opened.folder.record,
        opened.plan,
        rack=rack,
        gate=gate,
        by=by,
        value=value,
        clock=utc_now,
    )
    check = signed.check
    typer.echo(f"rack {rack}: {gate}: {check.verdict}: {check.sentence}: {check.found}")
