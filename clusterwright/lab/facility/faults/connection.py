"""Faults of the way to a controller: nobody there, slow, broken off, not trusted."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from clusterwright.lab.authority import issue, make_ca
from clusterwright.lab.facility.faults.fault import CONTROLLERS, Fault, Undo, at_once
from clusterwright.lab.facility.service import Answer
from clusterwright.lab.facility.tree import Reply

if TYPE_CHECKING:
    from clusterwright.lab.facility.serve import Facility

EVERY = 3
PROTOCOL_VERSION = bytes((0x15, 3, 1, 0, 2, 2, 70))
"""The fatal alert with which a server that knows TLS 1.1 at most answers a modern client."""


async def _unreachable(facility: "Facility", subject: str) -> Undo:
    endpoint = facility.endpoints[subject]
    await facility.board.close(endpoint.listener)

    async def undo() -> None:
        await facility.open(endpoint)

    return undo


def _slow(facility: "Facility", subject: str) -> Callable[[], None]:
    async def wait(request: web.BaseRequest, answer: Answer) -> Reply | web.StreamResponse:
        await asyncio.sleep(facility.slow_s)
        return await answer(request)

    hooks = facility.endpoints[subject].device.service.hooks
    hooks.append(wait)
    return lambda: hooks.remove(wait)


def _drops(facility: "Facility", subject: str) -> Callable[[], None]:
    listener = facility.endpoints[subject].listener
    listener.drops_every = EVERY

    def undo() -> None:
        listener.drops_every = 0

    return undo


async def _foreign(facility: "Facility", subject: str) -> Undo:
    endpoint = facility.endpoints[subject]
    folder = facility.settings.certificates / "another-site"

    def foreign() -> tuple[Path, Path]:
        make_ca(folder, name="CA of another site")
        return issue(folder, endpoint.controller.name, endpoint.controller.address)

    await facility.board.close(endpoint.listener)
    await facility.open(endpoint, foreign)

    async def undo() -> None:
        await facility.board.close(endpoint.listener)
        await facility.open(endpoint)

    return undo


def _old_tls(facility: "Facility", subject: str) -> Callable[[], None]:
    listener = facility.endpoints[subject].listener
    listener.alert = PROTOCOL_VERSION

    def undo() -> None:
        listener.alert = b""

    return undo


FAULTS = (
    Fault(
        name="bmc-unreachable",
        about="Nobody answers at the controller's address.",
        kinds=CONTROLLERS,
        inject=_unreachable,
    ),
    Fault(
        name="bmc-slow",
        about="The controller takes half a minute for every answer.",
        kinds=CONTROLLERS,
        inject=at_once(_slow),
    ),
    Fault(
        name="connection-dropped",
        about="Every third connection to the controller is broken off.",
        kinds=CONTROLLERS,
        inject=at_once(_drops),
    ),
    Fault(
        name="foreign-certificate",
        about="The controller shows a certificate that another site's CA has signed.",
        kinds=CONTROLLERS,
        inject=_foreign,
    ),
    Fault(
        name="tls-too-old",
        about="The controller speaks TLS 1.1 at most.",
        kinds=CONTROLLERS,
        inject=at_once(_old_tls),
    ),
)
