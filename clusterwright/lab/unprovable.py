"""What a lab cannot show, and why. Not proven for one of these reasons is no surprise there."""

import json
from collections.abc import Container, Iterator, Mapping
from typing import Any

NOT_PROVEN = "not proven"
_NO_SOURCE = "nobody has read a label, and no device tells"
_NO_CONFIGURATION = "clusterwright does not configure switches yet"
_CONFIGURED = "the switch holds its planned configuration"
_NO_SWITCH = "the lab has no InfiniBand"

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
    ("oob-switch", "its controllers hang on an out-of-band switch"): "its definition has none",
    ("oob-switch", _CONFIGURED): _NO_CONFIGURATION,
    ("switches", _CONFIGURED): _NO_CONFIGURATION,
    ("switches", "its ports to hosts and devices lead to their planned neighbours"): (
        "nobody there speaks LLDP"
    ),
}
"""By step and sentence, as reports of `rack` name them."""

ABSENT: Mapping[tuple[str, str], str] = {
    ("switches", "the switch answers at its address"): _NO_SWITCH,
    ("switches", "every port of the switch leads to its planned neighbour"): _NO_SWITCH,
}
"""The same, of switches that the lab does not have."""


def surprises(report: str, switches: Container[str] = ()) -> tuple[str, ...]:
    """Return what a report could not prove and a lab should show.

    It is the JSON of `verify --json`, or that of `rack --json`. `switches` are those of the lab.
    """
    document = json.loads(report)
    found = _of_racks(document, switches) if "racks" in document else _of_verify(document)
    return tuple(found)


def _of_verify(document: Mapping[str, list[dict[str, str]]]) -> Iterator[str]:
    for one in document["unproven"]:
        if (one["layer"], one["check"]) not in REASONS:
            yield f"{one['subject']}: {one['check']}: {one['reason']}"


def _of_racks(document: Mapping[str, Any], switches: Container[str]) -> Iterator[str]:
    for rack in document["racks"]:
        for step in rack["steps"]:
            for one in step["checks"]:
                key, subject = (step["name"], one["sentence"]), one["subject"]
                known = key in GATES or (key in ABSENT and subject not in switches)
                if one["verdict"] == NOT_PROVEN and not known:
                    yield f"{subject}: {one['sentence']}: {one['found']}"
