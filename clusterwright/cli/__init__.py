"""The command line: parse, call one function, print. Each verb is a module of this package."""

from difflib import get_close_matches
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from clusterwright.errors import ClusterwrightError
from clusterwright.garbage import collect_seldom

VERBS = {
    "check": "clusterwright.cli.check",
    "plan": "clusterwright.cli.plan",
    "schema": "clusterwright.cli.schema",
    "diff": "clusterwright.cli.diff",
    "up": "clusterwright.cli.up",
    "verify": "clusterwright.cli.verify",
    "drift": "clusterwright.cli.drift",
    "intake": "clusterwright.cli.intake",
    "sign-off": "clusterwright.cli.sign_off",
    "rack": "clusterwright.cli.rack",
    "racks": "clusterwright.cli.racks",
    "drain": "clusterwright.cli.drain",
    "decommission": "clusterwright.cli.decommission",
    "env": "clusterwright.cli.env",
    "power-off": "clusterwright.cli.power_off",
    "lab": "clusterwright.cli.lab",
}
"""The module of each verb has an `app`. It is imported when its verb is used: `check` must answer
at once, and need not wait for Pulumi, Ansible and the lab."""


class Verbs(TyperGroup):
    """All commands: an error of ours is one message and an exit code, never a traceback."""

    def list_commands(self, _ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return list(VERBS)

    def get_command(self, _ctx: typer.Context, verb: str) -> Any:  # type: ignore[override]
        if verb not in VERBS:
            self._refuse(verb)
        command = get_command(import_module(VERBS[verb]).app)
        command.name = verb
        return command

    @staticmethod
    def _refuse(verb: str) -> NoReturn:
        near = get_close_matches(verb, VERBS, n=1)
        guess = f"did you mean {near[0]}?" if near else "clusterwright --help lists them"
        typer.echo(f"{verb}: there is no such command: {guess}", err=True)
        raise typer.Exit(2)

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # typer's own click
        try:
            return super().invoke(ctx)
        except ClusterwrightError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(error.exit_code) from error


app = typer.Typer(
    cls=Verbs, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


def _print_version(asked: bool) -> None:  # noqa: FBT001 - typer calls it
    if asked:
        from importlib.metadata import version  # noqa: PLC0415 - only who asks waits for it

        typer.echo(f"clusterwright {version('clusterwright')}")
        raise typer.Exit


@app.callback()
def clusterwright(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Say which one this is."
        ),
    ] = False,
) -> None:
    """Infrastructure-as-code for AI factories: one definition, from the rack to verified hosts."""


def main() -> None:
    """Run the command that the arguments ask for, and exit."""
    collect_seldom()
    app()
