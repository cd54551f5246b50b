"""Who hears of what happens: EventService, with subscriptions that push and a stream (SSE)."""

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from clusterwright.lab.facility.checks import one_of, text
from clusterwright.lab.facility.clock import now
from clusterwright.lab.facility.controller_memory import ControllerMemory, Subscription
from clusterwright.lab.facility.journal import Entry
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.tree import (
    ROOT,
    Action,
    Body,
    RefusalError,
    Reply,
    Tree,
    healthy,
    link,
)

SERVICE = f"{ROOT}/EventService"
SUBSCRIPTIONS, STREAM = f"{SERVICE}/Subscriptions", f"{SERVICE}/SSE"
PUSH_DEADLINE_S = 5.0
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

_FIELDS = {
    "Destination": text(r"https?://.+"),
    "Context": text(),
    "Protocol": one_of("Redfish"),
    "SubscriptionType": one_of("RedfishEvent"),
    "EventFormatType": one_of("Event"),
}

if TYPE_CHECKING:
    Queue = asyncio.Queue[Body | None]


class Events:
    """The subscribers of one controller: open streams, and destinations that are pushed to."""

    def __init__(self, memory: Memory[ControllerMemory], *, pushes: bool) -> None:
        self._memory, self._pushing = memory, pushes
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
        for subscription in self._memory.state.subscriptions.values() if self._pushing else ():
            push = asyncio.get_running_loop().create_task(_push(subscription, event))
            self._pushes.add(push)
            push.add_done_callback(self._pushes.discard)

    async def close(self) -> None:
        """End the streams and what is still being pushed."""
        for stream in self._streams:
            stream.put_nowait(None)
        for push in list(self._pushes):
            push.cancel()
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
        tree.add_collection(
            SUBSCRIPTIONS,
            "EventDestination",
            "Event Subscriptions",
            create=lambda body: self._subscribe(tree, body),
        )
        for number in self._memory.state.subscriptions:
            self._place_one(tree, number)
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

    async def _subscribe(self, tree: Tree, body: Body) -> Reply:
        if "Destination" not in body:
            raise RefusalError(400, message("PropertyMissing", "Destination"))
        if wrong := [m for n, c in _FIELDS.items() if n in body and (m := c(n, body[n]))]:
            raise RefusalError(400, *wrong)
        kept = self._memory.state.subscriptions
        number = str(max(map(int, kept), default=0) + 1)
        one = Subscription(
            number=number, destination=body["Destination"], context=str(body.get("Context", ""))
        )
        self._memory.update(subscriptions={**kept, number: one})
        path = self._place_one(tree, number)
        return Reply(status=201, body=tree.read(path), headers={"Location": path})

    def _place_one(self, tree: Tree, number: str) -> str:
        path = f"{SUBSCRIPTIONS}/{number}"

        def delete() -> None:
            kept = self._memory.state.subscriptions
            self._memory.update(subscriptions={n: s for n, s in kept.items() if n != number})
            tree.remove(path)

        shown = self._memory.state.subscriptions[number]
        return tree.add(path, lambda: _subscription(shown), delete=delete)

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


async def _push(subscription: Subscription, event: Body) -> None:
    timeout = aiohttp.ClientTimeout(total=PUSH_DEADLINE_S)
    body = {**event, "Context": subscription.context}
    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            # A controller does not know who signs for a subscriber.
            http.post(subscription.destination, json=body, ssl=False),
        ):
            pass


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


def _subscription(one: Subscription) -> Body:
    return {
        "@odata.type": "#EventDestination.v1_16_0.EventDestination",
        "Id": one.number,
        "Name": "Event Subscription",
        "Destination": one.destination,
        "Context": one.context,
        "Protocol": "Redfish",
        "SubscriptionType": "RedfishEvent",
        "EventFormatType": one.event_format,
        "DeliveryRetryPolicy": "TerminateAfterRetries",
        "Status": healthy(),
    }
