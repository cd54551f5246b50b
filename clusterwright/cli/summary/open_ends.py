"""What is nearly reached, and what is not proven."""

from collections.abc import Iterable, Sequence

from rich.console import Console

from clusterwright.design.plan import SitePlan, Unproven, Usage
from clusterwright.spans import spans


def print_open_ends(plan: SitePlan, console: Console) -> None:
    """Print warnings by limit, what is not proven by what it lacks, and the verdict."""
    console.print()
    for (limit, unit), usages in _by_limit(plan.warnings).items():
        console.print(
            f"[yellow]nearly reached:[/] {_nearly(limit, unit, usages)}",
            highlight=False,
            soft_wrap=True,
        )
    for reason, checks in _by_reason(plan.unproven).items():
        console.print(f"[yellow]not proven:[/] {reason}:", highlight=False, soft_wrap=True)
        for one in checks:
            console.print(f"  {one.subject}: {one.check}", highlight=False, soft_wrap=True)
    console.print(_verdict(plan), highlight=False, soft_wrap=True)


def _by_limit(usages: Iterable[Usage]) -> dict[tuple[str, str], list[Usage]]:
    found: dict[tuple[str, str], list[Usage]] = {}
    for usage in usages:
        found.setdefault((usage.limit, usage.unit), []).append(usage)
    return found


def _nearly(limit: str, unit: str, usages: Sequence[Usage]) -> str:
    """Say who comes near a limit, and how near the nearest does."""
    top = max(usages, key=lambda usage: usage.share)
    most = f"{top.used:g} of {top.allowed:g} {unit}, {100 * top.share:.0f} %"
    if len(usages) == 1:
        return f"{top.subject}: {limit}: {most}"
    kinds = {usage.subject.rpartition(" ")[0] for usage in usages}
    names = spans(usage.subject.rpartition(" ")[2] for usage in usages)
    kind = kinds.pop() if len(kinds) == 1 else "subject"
    return f"{len(usages)} {kind}s {names}: {limit}: up to {most}"


def _by_reason(unproven: Iterable[Unproven]) -> dict[str, list[Unproven]]:
    found: dict[str, list[Unproven]] = {}
    for one in unproven:
        found.setdefault(one.reason, []).append(one)
    return found


def _verdict(plan: SitePlan) -> str:
    if not plan.unproven:
        return "[green]the definition holds[/]"
    count = len(plan.unproven)
    limits = "1 limit is" if count == 1 else f"{count} limits are"
    return (
        f"[green]the definition holds[/], as far as is proven: {limits} not; write what the makers "
        "say into the site's own catalogue/"
    )
