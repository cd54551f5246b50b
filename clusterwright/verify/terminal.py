"""A report for people."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.box import ROUNDED
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from clusterwright.verify.report import Finding, Report, Unproven

LISTED_CHECKS = 4
MARK_OF_KIND = {"Missing": "−", "Unexpected": "+", "Drift": "≠"}


def print_report(report: Report, console: Console) -> None:
    """Print verdicts by layer, then each finding, then what could not be proven and why."""
    console.print(_verdicts(report))
    if report.findings:
        console.print("\nFindings", style="bold")
        _print_findings(report.findings, console)
    if report.unproven:
        console.print("\nNot proven", style="bold")
        _print_unproven(report.unproven, console)
    console.print(_conclusion(report))


def _verdicts(report: Report) -> Table:
    failed = Counter(finding.layer for finding in report.findings)
    unproven = Counter(one.layer for one in report.unproven)
    table = Table(
        box=ROUNDED, title=f"Site {report.site}", title_justify="left", title_style="bold"
    )
    table.add_column("layer")
    for column, style in (("pass", "green"), ("fail", "red"), ("not proven", "yellow")):
        table.add_column(column, justify="right", style=style)
    for layer in dict.fromkeys((*report.passes, *failed, *unproven)):
        counts = (report.passes.get(layer, 0), failed[layer], unproven[layer])
        table.add_row(layer, *(_count(count) for count in counts))
    return table


def _count(count: int) -> Text:
    return Text(str(count)) if count else Text("·", style="dim")


def _print_findings(findings: Iterable[Finding], console: Console) -> None:
    for finding in findings:
        style = "yellow" if finding.pending else "red"
        pending = ", pending" if finding.pending else ""
        head = Text.assemble(
            (f"  {MARK_OF_KIND[finding.kind]} ", f"bold {style}"),
            (finding.subject, "bold"),
            (f"  {finding.kind}{pending}", f"dim {style}"),
        )
        console.print(head)
        console.print(
            _lines(
                ("check", Text(finding.check)),
                ("expected", Text(finding.expected, style="green")),
                ("actual", Text(finding.actual, style=style)),
                ("remedy", Text(finding.remedy)),
            )
        )


def _print_unproven(unproven: Iterable[Unproven], console: Console) -> None:
    """Say once what one reason keeps from being looked at, on however many subjects."""
    checks: dict[tuple[str, str], list[str]] = {}
    for one in unproven:
        checks.setdefault((one.subject, one.reason), []).append(one.check)
    subjects: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (subject, reason), kept in checks.items():
        subjects.setdefault((reason, tuple(kept)), []).append(subject)
    for (reason, kept_checks), names in subjects.items():
        many = len(kept_checks) > 1
        count = f"{len(kept_checks)} checks" if many else kept_checks[0]
        head = (("  ? ", "bold yellow"), (", ".join(names), "bold"), f"  {count}")
        console.print(Text.assemble(*head))
        listed = [("checks", _listed(kept_checks))] if many else []
        console.print(_lines(("because", Text(reason, style="yellow")), *listed))


def _listed(checks: Sequence[str]) -> Text:
    more = len(checks) - LISTED_CHECKS
    ending = f"; and {more} more, which --json lists" if more > 0 else ""
    return Text("; ".join(checks[:LISTED_CHECKS]) + ending, style="dim")


def _lines(*lines: tuple[str, Text]) -> Padding:
    """Label and text side by side: a long text stays in its column."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, text in lines:
        grid.add_row(label, text)
    return Padding(grid, (0, 0, 0, 4), expand=False)


def _conclusion(report: Report) -> Text:
    style = "red" if report.findings else "yellow" if report.unproven else "green"
    return Text(
        f"\n{report.checked} checked: {report.passed} pass, {len(report.findings)} fail, "
        f"{len(report.unproven)} not proven",
        style=f"bold {style}",
    )
