"""A report for people."""

from collections import Counter
from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from clusterwright.verify.report import Finding, Report, Unproven

MARK_OF_KIND = {"Missing": "−", "Unexpected": "+", "Drift": "≠"}


def print_report(report: Report, console: Console) -> None:
    """Print verdicts by layer, then each finding, then what could not be proven and why."""
    console.print(_verdicts(report))
    _print_all("Findings", report.findings, console)
    _print_all("Not proven", report.unproven, console)
    console.print(_conclusion(report))


def _verdicts(report: Report) -> Table:
    failed = Counter(finding.layer for finding in report.findings)
    unproven = Counter(one.layer for one in report.unproven)
    table = Table(title=f"Site {report.site}", title_justify="left", title_style="bold")
    table.add_column("layer")
    for column, style in (("pass", "green"), ("fail", "red"), ("not proven", "yellow")):
        table.add_column(column, justify="right", style=style)
    for layer in dict.fromkeys((*report.passes, *failed, *unproven)):
        counts = (report.passes.get(layer, 0), failed[layer], unproven[layer])
        table.add_row(layer, *(_count(count) for count in counts))
    return table


def _count(count: int) -> Text:
    return Text(str(count)) if count else Text("·", style="dim")


def _print_all(title: str, verdicts: Iterable[Finding | Unproven], console: Console) -> None:
    verdicts = tuple(verdicts)
    if verdicts:
        console.print(Text(f"\n{title}", style="bold"))
    for verdict in verdicts:
        lines = _finding(verdict) if isinstance(verdict, Finding) else _unproven(verdict)
        console.print(lines[0], soft_wrap=False)
        for line in lines[1:]:
            console.print(Padding(line, (0, 0, 0, 4)))


def _finding(finding: Finding) -> tuple[Text, ...]:
    style = "yellow" if finding.pending else "red"
    head = Text.assemble(
        (f"  {MARK_OF_KIND[finding.kind]} ", f"bold {style}"),
        (finding.subject, "bold"),
        (f"  {finding.check}", ""),
        (f"  {finding.kind}{', pending' if finding.pending else ''}", f"dim {style}"),
    )
    return (
        head,
        Text.assemble(("expected  ", "dim"), (finding.expected, "green")),
        Text.assemble(("actual    ", "dim"), (finding.actual, style)),
        Text.assemble(("remedy    ", "dim"), finding.remedy),
    )


def _unproven(unproven: Unproven) -> tuple[Text, ...]:
    head = Text.assemble(("  ? ", "bold yellow"), (unproven.subject, "bold"), f"  {unproven.check}")
    return (head, Text.assemble(("because   ", "dim"), unproven.reason))


def _conclusion(report: Report) -> Text:
    if report.findings:
        return Text(f"\n{_sum(report)}", style="bold red")
    if report.unproven:
        return Text(f"\n{_sum(report)}", style="bold yellow")
    return Text(f"\n{_sum(report)}", style="bold green")


def _sum(report: Report) -> str:
    return (
        f"{report.checked} checked: {report.passed} pass, {len(report.findings)} fail, "
        f"{len(report.unproven)} not proven"
    )
