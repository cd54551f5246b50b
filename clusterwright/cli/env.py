"""`clusterwright env`."""

import shlex

import typer

from clusterwright.cli.arguments import Site
from clusterwright.cli.live_site import enter_site
from clusterwright.operate.environment import environment

app = typer.Typer(add_completion=False)


@app.command()
def env(site: Site) -> None:
    """Print the environment in which plain pulumi and ansible-playbook do the same."""
    opened = enter_site(site)
    for name, value in sorted(environment(opened.folder, opened.plan).items()):
        typer.echo(f"export {name}={shlex.quote(value)}")
