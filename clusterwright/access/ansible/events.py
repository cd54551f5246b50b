"""ansible-runner's events, gathered into a result."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from clusterwright.access.ansible.changes import changes_of, pending_of
from clusterwright.access.ansible.results import PlayResult, TaskChange, TaskFailure

Event = Mapping[str, Any]
ITEM_EVENTS = {"runner_item_on_ok": "ok", "runner_item_on_failed": "failed"}
HOST_EVENTS = {
    "runner_on_ok": "ok",
    "runner_on_failed": "failed",
    "runner_on_unreachable": "unreachable",
}
KEPT_LINES = 20
DESTINATION = re.compile(r"\b(?:dest|path)=(/[^\s,{]*)(?:,|$)")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Events:
    """What has been heard of a play so far."""

    def __init__(self) -> None:
        self.changes: list[TaskChange] = []
        self.pending: list[TaskChange] = []
        self.failures: list[TaskFailure] = []
        self.unreachable: list[str] = []
        self.last_lines: list[str] = []
        self._through: set[str] = set()
        self._handlers: set[str] = set()
        self._tasks_by_item: set[tuple[str, str]] = set()

    def hear(self, event: Event) -> str | None:
        """Take an event in; return a line for people where a host has ended a task."""
        kind, data = event["event"], event.get("event_data") or {}
        self.last_lines = [*self.last_lines, *_lines(event)][-KEPT_LINES:]
        if kind == "playbook_on_task_start" and data.get("is_conditional"):
            # So ansible-runner marks a handler. What it does follows from a change listed already.
            self._handlers.add(data["uuid"])
        elif kind == "playbook_on_stats":
            # Ansible's last word: it comes neither where it died, nor for hosts of plays that it
            # left out because all hosts of an earlier one had failed.
            self._through.update(data.get("processed") or {})
        elif kind in ITEM_EVENTS:
            self._tasks_by_item.add((data["host"], data["task_uuid"]))
            self._take(ITEM_EVENTS[kind], data)
        elif kind in HOST_EVENTS:
            if (data["host"], data["task_uuid"]) not in self._tasks_by_item:
                self._take(HOST_EVENTS[kind], data)
            return progress(HOST_EVENTS[kind], data)
        return None

    def _take(self, outcome: str, data: Mapping[str, Any]) -> None:
        host, result = data["host"], data.get("res") or {}
        where = (host, data["task"], data.get("role", ""))
        if outcome == "unreachable":
            self.unreachable.append(host)
        elif outcome == "failed" and not data.get("ignore_errors"):
            self.failures.append(TaskFailure(host=host, task=data["task"], message=message(result)))
        elif outcome == "ok":
            self.pending += pending_of(*where, result)
            if result.get("changed") and data["task_uuid"] not in self._handlers:
                self.changes += changes_of(*where, {**result, "dest": destination(data)})

    def result(self, unreachable: tuple[str, ...], played: Iterable[str] = ()) -> PlayResult:
        """Return what was heard of the `played` hosts; on those `unreachable` it did not start."""
        lost = tuple(dict.fromkeys((*unreachable, *self.unreachable)))
        unfinished = self._unfinished(played)
        return PlayResult(
            ok=not lost and not self.failures and not unfinished,
            changed=len(self.changes),
            changes=tuple(self.changes),
            unreachable=lost,
            failures=tuple(self.failures),
            pending=tuple(self.pending),
            unfinished=unfinished,
        )

    def _unfinished(self, played: Iterable[str]) -> tuple[str, ...]:
        """Where nothing failed, Ansible's exit status has already said that all is through."""
        named = {*self.unreachable, *(one.host for one in self.failures)}
        ended = self._through | named
        return tuple(host for host in played if host not in ended) if named else ()


def progress(outcome: str, data: Mapping[str, Any]) -> str:
    """Say in one line how a task ended on a host."""
    result = data.get("res") or {}
    ended = "changed" if outcome == "ok" and result.get("changed") else outcome
    if outcome == "failed":
        ended = f"failed: {message(result)}"
    task = f"{data['role']} : {data['task']}" if data.get("role") else data["task"]
    return f"{data['host']}: {task}: {ended}"


def destination(data: Mapping[str, Any]) -> str:
    """Return the path that a task writes to; of a file that is not there only the task tells it."""
    result = data.get("res") or {}
    written = DESTINATION.search(data.get("task_args") or "")
    known = (result.get("dest"), result.get("path"), written and written[1])
    return str(next(filter(None, (*known, result.get("_ansible_item_label"))), ""))


def message(result: Mapping[str, Any]) -> str:
    """Return a failed module's own words, in one line."""
    said = str(result.get("msg") or "").strip()
    errors = str(result.get("stderr") or result.get("module_stderr") or "").strip()
    words = f"{said}: {errors}" if errors and errors not in said else said
    return " ".join(words.split()) or "the module said nothing"


def _lines(event: Event) -> list[str]:
    text = COLOUR.sub("", event.get("stdout") or "")
    return [line for line in text.splitlines() if line.strip()]
