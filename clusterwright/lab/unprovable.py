"""What a lab cannot show, and why. Not proven for one of these reasons is no surprise there."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

NOT_PROVEN = "not proven"
_NO_SWITCH = "the lab has no such switch"
_NO_SOURCE = "nobody has read a label, and no device tells"

REASONS: Mapping[tuple[str, str], str] = {
    ("hosts", "the kernel logged no Xid"): (
        "emulated hosts share this machine's kernel, whose log is not theirs to read"
    ),
}
"""By layer and check, as reports of `verify` name them."""

GATES: Mapping[tuple[str, str], str] = {
    **REASONS,
    ("coolant", "the coolant's conductivity is within its limit"): "no public source gives one",
    ("cords", "the PDU hangs on its planned feed"): _NO_SOURCE,
    ("oob-switch", "its controllers hang on an out-of-band switch"): _NO_SWITCH,
    ("switches", "the switch answers at its address"): _NO_SWITCH,
    ("switches", "the switch holds its planned configuration"): _NO_SWITCH,
    ("switches", "every port of the switch leads to its planned neighbour"): _NO_SWITCH,
}
"""By step and sentence, as reports of `rack` name them."""


def surprises(report: str) -> tuple[str, ...]:
    """Return what a report could not prove and a lab should show.

    It is the JSON of `verify --json`, or that of `rack --json`.
    """
    document = json.loads(report)
    found = _of_racks(document) if "racks" in document else _of_verify(document)
    return tuple(found)


def _of_verify(document: Mapping[str, list[dict[str, str]]]) -> Iterator[str]:
    for one in document["unproven"]:
        if (one["layer"], one["check"]) not in REASONS:
            yield f"{one['subject']}: {one['check']}: {one['reason']}"


def _of_racks(document: Mapping[str, Any]) -> Iterator[str]:
    for rack in document["racks"]:
        for step in rack["steps"]:
            for one in step["checks"]:
                known = (step["name"], one["sentence"]) in GATES
                if one["verdict"] == NOT_PROVEN and not known:
                    yield f"{one['subject']}: {one['sentence']}: {one['found']}"
