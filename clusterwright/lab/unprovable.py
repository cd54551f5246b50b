"""What a lab cannot show, and why. Not proven for one of these reasons is no surprise there."""

import json
from collections.abc import Mapping

REASONS: Mapping[tuple[str, str], str] = {
    ("hosts", "the kernel logged no Xid"): (
        "emulated hosts share this machine's kernel, whose log is not theirs to read"
    ),
}
"""By layer and check, as reports name them."""


def surprises(report: str) -> tuple[str, ...]:
    """Return what a report (the JSON of `verify --json`) could not prove and a lab should show."""
    unproven = json.loads(report)["unproven"]
    return tuple(
        f"{one['subject']}: {one['check']}: {one['reason']}"
        for one in unproven
        if (one["layer"], one["check"]) not in REASONS
    )
