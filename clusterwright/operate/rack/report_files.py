"""Where a rack's report lies: for people only. No run reads it, so it may be lost or edited."""

import json
from pathlib import Path

from clusterwright.design.plan import SitePlan
from clusterwright.operate.rack.outcome import RackOutcome
from clusterwright.operate.rack.report import to_document, view_of
from clusterwright.render.rack_report import render_html, render_markdown
from clusterwright.whole_file import replace_file

PERMISSIONS = 0o644


def write_report(folder: Path, plan: SitePlan, outcome: RackOutcome) -> None:
    """Write a rack's report as JSON, Markdown and HTML; each appears whole."""
    view = view_of(plan, outcome, {one.name: one.serial for one in plan.hardware})
    document = json.dumps(to_document(plan.site, [outcome]), indent=2, ensure_ascii=False) + "\n"
    texts = {"json": document, "md": render_markdown(view), "html": render_html(view)}
    for ending, text in texts.items():
        replace_file(folder / f"{outcome.rack}.{ending}", text.encode(), mode=PERMISSIONS)
