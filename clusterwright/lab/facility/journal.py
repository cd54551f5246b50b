"""What happened, as a controller writes it down: LogServices with their entries."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from clusterwright.lab.facility.clock import now
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.tree import Action, Body, Reply, Tree

KEPT = 256
"""How many entries a log has room for; the oldest go first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. `origin` is the path of the resource it happened to."""

    number: int
    created: str
    severity: str
    message_id: str
    text: str
    arguments: tuple[str, ...]
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalMemory:
    """An empty log."""

    entries: tuple[Entry, ...] = ()
    next_number: int = 1


class Journal:
    """The log of one controller; `listeners` hear of each entry when it is written."""

    def __init__(self, memory: Memory[JournalMemory]) -> None:
        memory.state = JournalMemory(
            entries=tuple(_typed(entry) for entry in memory.state.entries),
            next_number=memory.state.next_number,
        )
        self._memory = memory
        self.listeners: list[Callable[[Entry], None]] = []

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is written in it, the oldest first."""
        return self._memory.state.entries

    def write(self, severity: str, key: str, text: str, *arguments: str, origin: str) -> None:
        """Write an entry: OK, Warning or Critical, with a message of the ResourceEvent registry."""
        state = self._memory.state
        entry = Entry(
            number=state.next_number,
            created=now(),
            severity=severity,
            message_id=f"ResourceEvent.1.4.{key}",
            text=text,
            arguments=arguments,
            origin=origin,
        )
        entries = (*state.entries, entry)[-KEPT:]
        self._memory.update(entries=entries, next_number=entry.number + 1)
        for listener in self.listeners:
            listener(entry)

    def clear(self) -> None:
        """Empty it."""
        self._memory.update(entries=())

    def place(self, tree: Tree, path: str, name: str) -> Body:
        """Place the collection LogServices at `path` with this log in it; return the link to it."""
        service, entries = f"{path}/{name}", f"{path}/{name}/Entries"

        async def clear(_: Body) -> Reply:
            self.clear()
            return Reply()

        actions = tree.add_action(service, Action(name="LogService.ClearLog", run=clear))
        tree.add_collection(path, "LogService", "Log Services")
        tree.add(service, lambda: _service(name, entries, actions))
        tree.add(entries, lambda: self._collection(entries))
        tree.add_family(entries, lambda number: self._found(entries, number))
        return link(path)

    def _collection(self, path: str) -> Body:
        members = [_entry(path, entry) for entry in self.entries]
        return {
            "@odata.type": "#LogEntryCollection.LogEntryCollection",
            "Name": "Log Entries",
            "Members": members,
            "Members@odata.count": len(members),
        }

    def _found(self, path: str, number: str) -> Body | None:
        found = (entry for entry in self.entries if str(entry.number) == number)
        entry = next(found, None)
        return _entry(path, entry) if entry else None


def _typed(entry: Entry | dict[str, object]) -> Entry:
    values = entry if isinstance(entry, dict) else asdict(entry)
    return Entry(**{**values, "arguments": tuple(values["arguments"])})  # type: ignore[arg-type]


def _service(name: str, entries: str, actions: Body) -> Body:
    return {
        "@odata.type": "#LogService.v1_9_0.LogService",
        "Id": name,
        "Name": "System Event Log" if name == "SEL" else "Event Log",
        "LogEntryType": "Event",
        "OverWritePolicy": "WrapsWhenFull",
        "MaxNumberOfRecords": KEPT,
        "ServiceEnabled": True,
        "DateTime": now(),
        "DateTimeLocalOffset": "+00:00",
        "Status": healthy(),
        "Entries": link(entries),
        "Actions": actions,
    }


def _entry(path: str, entry: Entry) -> Body:
    return {
        "@odata.id": f"{path}/{entry.number}",
        "@odata.type": "#LogEntry.v1_21_0.LogEntry",
        "Id": str(entry.number),
        "Name": "Log Entry",
        "EntryType": "Event",
        "Severity": entry.severity,
        "Created": entry.created,
        "Message": entry.text,
        "MessageId": entry.message_id,
        "MessageArgs": list(entry.arguments),
        "Links": {"OriginOfCondition": link(entry.origin)},
    }
