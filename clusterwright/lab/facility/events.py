"""Who hears of what happens: EventService, with subscriptions that push and a stream (SSE)."""

import asyncio
import json
from typing import TYPE_CHECKING

from aiohttp import web

from clusterwright.lab.facility.clock import now
from clusterwright.lab.facility.controller_memory import ControllerMemory
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.journal import Entry
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.subscriptions import Subscriptions, push
from clusterwright.lab.facility.tree import ROOT, Action, Body, Reply, Tree

SERVICE = f"{ROOT}/EventService"
SUBSCRIPTIONS, STREAM = f"{SERVICE}/Subscriptions", f"{SERVICE}/SSE"
_TEST = {
    "MessageId",
    "EventType",
    "EventId",
    "EventTimestamp",
    "Severity",
    "Message",
    "MessageArgs",
    "OriginOfCondition",
    "EventGroupId",
    "MessageSeverity",
}

if TYPE_CHECKING:
    Queue = asyncio.Queue[Body | None]


class Events:
    """The subscribers of one controller: open streams, and destinations that are pushed to."""

    def __init__(self, memory: Memory[ControllerMemory], *, pushes: bool) -> None:
        self._subscriptions, self._pushing = Subscriptions(memory, SUBSCRIPTIONS), pushes
        self._streams: set[Queue] = set()
        self._pushes: set[asyncio.Task[None]] = set()
        self._count = 0

    def hear(self, entry: Entry) -> None:
        """Tell everybody of a new entry in the log."""
        self._publish(
            {
                "EventType": "Alert",
                "EventTimestamp": entry.created,
                "MessageSeverity": entry.severity,
                "Message": entry.text,
                "MessageId": entry.message_id,
                "MessageArgs": list(entry.arguments),
                "OriginOfCondition": link(entry.origin),
            }
        )

    def _publish(self, record: Body) -> None:
        self._count += 1
        number = str(self._count)
        event = {
            "@odata.type": "#Event.v1_13_0.Event",
            "Id": number,
            "Name": "Event",
            "Events": [{"MemberId": "1", "EventId": number, **record}],
        }
        for stream in self._streams:
            stream.put_nowait(event)
        for subscription in self._subscriptions.all if self._pushing else ():
            pushing = asyncio.get_running_loop().create_task(push(subscription, event))
            self._pushes.add(pushing)
            pushing.add_done_callback(self._pushes.discard)

    async def close(self) -> None:
        """End the streams and what is still being pushed."""
        for stream in self._streams:
            stream.put_nowait(None)
        for pushing in list(self._pushes):
            pushing.cancel()
        await asyncio.gather(*self._pushes, return_exceptions=True)

    def place(self, tree: Tree) -> None:
        """Place EventService."""
        test = Action(
            name="EventService.SubmitTestEvent",
            run=self._submit,
            parameters={name: lambda _, __: None for name in sorted(_TEST)},
        )
        actions = tree.add_action(SERVICE, test)
        tree.add(SERVICE, {**_service(), "Actions": actions})
        self._subscriptions.place(tree)
        tree.add_raw("GET", STREAM, self._stream)

    async def _submit(self, body: Body) -> Reply:
        origin = body.get("OriginOfCondition", SERVICE)
        record = {
            "EventType": "Alert",
            "EventTimestamp": now(),
            "MessageId": body.get("MessageId", "ResourceEvent.1.4.TestMessage"),
            "Message": body.get("Message", "Test event"),
            "MessageArgs": body.get("MessageArgs", []),
            "MessageSeverity": body.get("MessageSeverity", "OK"),
            "OriginOfCondition": link(str(origin)),
        }
        self._publish(record)
        return Reply()

    async def _stream(self, request: web.BaseRequest) -> web.StreamResponse:
        headers = {"Content-Type": "text/event-stream", "OData-Version": "4.0"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(b": the stream is open\n\n")
        events: Queue = asyncio.Queue()
        self._streams.add(events)
        try:
            while event := await events.get():
                await response.write(f"id: {event['Id']}\ndata: {json.dumps(event)}\n\n".encode())
        except ConnectionError:
            pass
        finally:
            self._streams.discard(events)
        return response


def _service() -> Body:
    return {
        "@odata.type": "#EventService.v1_12_0.EventService",
        "Id": "EventService",
        "Name": "Event Service",
        "ServiceEnabled": True,
        "Status": healthy(),
        "DeliveryRetryAttempts": 1,
        "DeliveryRetryIntervalSeconds": 60,
        "EventFormatTypes": ["Event"],
        "RegistryPrefixes": ["Base", "ResourceEvent"],
        "ServerSentEventUri": STREAM,
        "Subscriptions": link(SUBSCRIPTIONS),
    }
