"""Subscriptions to a controller's events: who is told, and how they are told."""

import contextlib

import aiohttp

from clusterwright.lab.facility.checks import one_of, text
from clusterwright.lab.facility.controller_memory import ControllerMemory, Subscription
from clusterwright.lab.facility.fragments import healthy
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.tree import Body, RefusalError, Reply, Tree

PUSH_DEADLINE_S = 5.0
_FIELDS = {
    "Destination": text(r"https?://.+"),
    "Context": text(),
    "Protocol": one_of("Redfish"),
    "SubscriptionType": one_of("RedfishEvent"),
    "EventFormatType": one_of("Event"),
}


class Subscriptions:
    """The subscriptions of one controller, in the collection at `path`."""

    def __init__(self, memory: Memory[ControllerMemory], path: str) -> None:
        self._memory, self._path = memory, path

    @property
    def all(self) -> tuple[Subscription, ...]:
        """Everybody who is told."""
        return tuple(self._memory.state.subscriptions.values())

    def place(self, tree: Tree) -> None:
        """Place the collection and what is in it."""
        tree.add_collection(
            self._path,
            "EventDestination",
            "Event Subscriptions",
            create=lambda body: self._subscribe(tree, body),
        )
        for number in self._memory.state.subscriptions:
            self._place_one(tree, number)

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
        path = f"{self._path}/{number}"

        def delete() -> None:
            kept = self._memory.state.subscriptions
            self._memory.update(subscriptions={n: s for n, s in kept.items() if n != number})
            tree.remove(path)

        shown = self._memory.state.subscriptions[number]
        return tree.add(path, lambda: _subscription(shown), delete=delete)


async def push(subscription: Subscription, event: Body) -> None:
    """Tell one subscriber, who may be gone."""
    timeout = aiohttp.ClientTimeout(total=PUSH_DEADLINE_S)
    body = {**event, "Context": subscription.context}
    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            # A controller does not know who signs for a subscriber.
            http.post(subscription.destination, json=body, ssl=False),
        ):
            pass


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
