"""`clusterwright sign-off`."""

from typing import Annotated

import typer

from clusterwright.cli.arguments import Site
from clusterwright.cli.live_site import open_live
from clusterwright.load import load_site
from clusterwright.operate.sign_off import sign_off, utc_now

app = typer.Typer()


@app.command()
def sign(
    site: Site,
    rack: Annotated[str, typer.Argument(metavar="RACK", help="The rack.")],
    gate: Annotated[
        str,
        typer.Argument(
            metavar="GATE",
            help="flushed, filled, bled, filter-clean (yes); pressure-held (kPa), conductivity "
            "(µS/cm), ph, glycol (%).",
        ),
    ],
    by: Annotated[str, typer.Option(help="Who vouches for it.")],
    value: Annotated[str, typer.Option(help="What was measured, or yes.")],
) -> None:
    """Write down what a person has measured or seen at a rack."""
    folder = open_live(site).folder
    signed = sign_off(
        folder.record,
        load_site(folder),
        rack=rack,
        gate=gate,
        by=by,
        value=value,
        clock=utc_now,
    )
    typer.echo(
        f"rack {rack}: {gate} {signed.sign_off.value}, signed off by {signed.sign_off.by} at "
        f"{signed.sign_off.at}: {signed.verdict.outcome}: {signed.verdict.reason}"
    )
