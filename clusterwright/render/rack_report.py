"""The report of a rack's way into service, for the customer to sign: Markdown and HTML."""

from dataclasses import dataclass

from clusterwright.render.environment import render_template


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One sentence that holds, or does not, of all its `subjects` alike."""

    mark: str
    verdict: str
    subjects: str
    sentence: str
    found: str
    remedy: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateView:
    """One gate. `open` are the checks that are not passed, `passed` the others."""

    step: int
    title: str
    mark: str
    verdict: str
    slug: str
    duration: str
    open: tuple[CheckView, ...]
    passed: tuple[CheckView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerView:
    """A server as it was delivered and as it is reached."""

    name: str
    model: str
    serial: str
    unit: str
    controller: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RackReportView:
    """All that stands in the report. `slug` is the verdict as a class of the style sheet."""

    site: str
    rack: str
    mark: str
    verdict: str
    slug: str
    headline: str
    written: str
    version: str
    place: str
    servers: tuple[ServerView, ...]
    gates: tuple[GateView, ...]
    not_proven: tuple[CheckView, ...]
    """Of all gates, so that whoever signs knows what is not vouched for."""


def render_markdown(report: RackReportView) -> str:
    """Render the report for a review, or for a ticket."""
    return render_template("rack/report.md.j2", report=report)


def render_html(report: RackReportView) -> str:
    """Render the report for a printer, and for a signature."""
    return render_template("rack/report.html.j2", report=report)
