"""What a task's result says of before and after."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clusterwright.access.ansible.results import TaskChange

SHOWN_LINES = 8
PRESENT = "present"
Result = Mapping[str, Any]
Attributes = Mapping[str, Any]


def changes_of(host: str, task: str, role: str, result: Result) -> tuple[TaskChange, ...]:
    """Return what a changed result changed: one entry for each thing that it names."""
    found = tuple(_from_diff(result)) or (_from_service(result),)
    return tuple(
        TaskChange(host=host, task=task, role=role, item=item, before=before, after=after)
        for item, before, after in found
    )


def pending_of(host: str, task: str, role: str, result: Result) -> tuple[TaskChange, ...]:
    """Return what a result says may not be changed now, under its key `pending`."""
    message = result.get("msg")
    source = message if isinstance(message, Mapping) else result
    return tuple(
        TaskChange(
            host=host,
            task=task,
            role=role,
            item=entry["subject"],
            before=entry["before"],
            after=entry["after"],
        )
        for entry in source.get("pending") or ()
    )


def _from_diff(result: Result) -> Iterator[tuple[str, str, str]]:
    diff = result.get("diff") or ()
    for part in [diff] if isinstance(diff, Mapping) else diff:
        item = str(result.get("dest") or part.get("before_header") or "")
        before, after = part.get("before"), part.get("after")
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            before, after = _attributes(before, after)
        elif item.startswith("/") and not before:
            after = PRESENT
        else:
            before, after = differing_lines(before or "", after or "")
        if before != after:
            yield item, before or "", after


def _attributes(before: Attributes, after: Attributes) -> tuple[str, str]:
    """Return the attributes of a file that differ; where it should come or go, only that."""
    if "absent" in (before.get("state"), after.get("state")):
        return _presence(before), _presence(after)
    keys = [key for key in after if before.get(key) != after[key]]
    return _listed(before, keys), _listed(after, keys)


def _presence(attributes: Attributes) -> str:
    return "" if attributes.get("state") == "absent" else PRESENT


def _listed(attributes: Attributes, keys: Iterable[str]) -> str:
    return "\n".join(f"{key} {attributes.get(key)}" for key in keys)


def _from_service(result: Result) -> tuple[str, str, str]:
    """Return a unit's states; for any other module only that the task would do something."""
    status = result.get("status")
    if not isinstance(status, Mapping):
        return "", "not done", "done"
    before = [status.get("ActiveState", ""), status.get("UnitFileState", "")]
    active = {"started": "active", "stopped": "inactive"}.get(str(result.get("state")))
    enabled = {"True": "enabled", "False": "disabled"}.get(str(result.get("enabled")))
    after = [active or before[0], enabled or before[1]]
    return str(result.get("name", "")), " ".join(before).strip(), " ".join(after).strip()


def differing_lines(before: str, after: str) -> tuple[str, str]:
    """Return the first lines of each text that the other one does not have there."""
    old, new = before.splitlines(), after.splitlines()
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return "\n".join(old[:SHOWN_LINES]), "\n".join(new[:SHOWN_LINES])
