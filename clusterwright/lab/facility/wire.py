"""HTTP as DSP0266 wants it: one request to one controller's tree, one answer."""

import json
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import web

from clusterwright.lab.facility import writing
from clusterwright.lab.facility.expand import expand
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.metadata import METADATA, ODATA, metadata, service_document
from clusterwright.lab.facility.privileges import require
from clusterwright.lab.facility.service import Answer, Hook, Service
from clusterwright.lab.facility.sessions import SESSIONS, Caller
from clusterwright.lab.facility.tree import ROOT, Action, Body, RefusalError, Reply, Resource
from clusterwright.lab.facility.wire_answer import allowed, described_by, etag_of, response_of

LOG = logging.getLogger(__name__)
READING = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC = {"/redfish", ROOT, METADATA, ODATA}
Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def handler(service: Service) -> Handler:
    """Return the request handler of one controller."""

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        answer: Answer = partial(_answer, service)
        for hook in service.hooks:
            answer = _behind(hook, answer)
        try:
            reply = await answer(request)
        except RefusalError as refusal:
            reply = refusal.reply
        except Exception:
            LOG.exception("%s %s", request.method, request.path)
            reply = RefusalError(500, message("InternalError")).reply
        _note_change(service.name, request, reply.status)
        return reply if isinstance(reply, web.StreamResponse) else response_of(reply)

    return handle


def _note_change(name: str, request: web.BaseRequest, status: int) -> None:
    """Write down who is told to change, and never what to: a body may hold a password."""
    if request.method not in READING and not request.path.startswith(SESSIONS):
        LOG.info("%s: %s %s: %d", name, request.method, request.path, status)


def _behind(hook: Hook, answer: Answer) -> Answer:
    return lambda request: hook(request, answer)


async def _answer(service: Service, request: web.BaseRequest) -> Reply | web.StreamResponse:
    tree, method = service.tree, request.method
    path = request.path.rstrip("/") or "/"
    if method == "POST":
        # DSP0266: a collection's Members property stands for the collection.
        path = path.removesuffix("/Members")
    query = _checked_query(service, request)
    if fixed := _fixed(service, path):
        return fixed
    resource = tree.find(path)
    open_to_all = path in PUBLIC and method in ("GET", "HEAD")
    caller = service.sessions.caller(request.headers)
    if caller is None and not open_to_all and not (path == SESSIONS and method == "POST"):
        raise RefusalError(401, message("NoValidSession"))
    if raw := tree.raw(method, path):
        _admit(caller, method, path)
        return await raw(request)
    if action := tree.action(path):
        return await _invoke(caller, action, path, request)
    if resource is None:
        raise RefusalError(404, message("ResourceMissingAtURI", request.path))
    return await _use(service, caller, path, resource, request, query)


def _checked_query(service: Service, request: web.BaseRequest) -> str:
    version = request.headers.get("OData-Version", "4.0")
    if version != "4.0":
        raise RefusalError(412, message("HeaderInvalid", f"OData-Version: {version}"))
    if not request.query_string:
        return ""
    known = {"$expand"} if service.expands and request.method in ("GET", "HEAD") else set()
    if any(name.startswith("$") and name not in known for name in request.query):
        raise RefusalError(501, message("QueryNotSupported"))
    return request.query.get("$expand", "")


def _fixed(service: Service, path: str) -> Reply | None:
    if path == METADATA:
        return Reply(status=200, body={"xml": metadata(service.tree)})
    if path == ODATA:
        return Reply(status=200, body=service_document(service.tree))
    return Reply(status=200, body={"v1": f"{ROOT}/"}) if path == "/redfish" else None


def _admit(caller: Caller | None, method: str, path: str, changes: Body | None = None) -> None:
    if caller:
        require(caller.account, method, path, own=caller.own, changes=changes or ())


async def _use(  # noqa: PLR0913, PLR0917 - what a request is made of
    service: Service,
    caller: Caller | None,
    path: str,
    resource: Resource,
    request: web.BaseRequest,
    query: str,
) -> Reply:
    method = request.method
    if method not in resource.methods:
        refusal = RefusalError(405, message("OperationNotAllowed")).reply
        return Reply(status=405, body=refusal.body, headers=allowed(resource))
    body = await _json(request) if method in ("PATCH", "POST") else {}
    # A session is opened by whoever knows a password, whatever else the request says.
    if path != SESSIONS or method != "POST":
        _admit(caller, method, path, body)
    if method == "POST" and resource.create:
        return await resource.create(body)
    if method == "DELETE" and resource.delete:
        resource.delete()
        return Reply()
    notes: list[Body] = []
    if method == "PATCH":
        _check_unchanged(service, path, request)
        notes = writing.patch(resource, body, service.tree.deaf)
    return _shown(service, path, resource, request, notes=notes, query=query)


def _shown(  # noqa: PLR0913
    service: Service,
    path: str,
    resource: Resource,
    request: web.BaseRequest,
    *,
    notes: list[Body],
    query: str,
) -> Reply:
    body = service.tree.read(path)
    text = json.dumps(body)
    headers = {"ETag": etag_of(text), **allowed(resource), "Link": described_by(body)}
    if request.method != "PATCH" and request.headers.get("If-None-Match") == headers["ETag"]:
        return Reply(status=304, headers=headers)
    if notes:
        text = json.dumps({**body, "@Message.ExtendedInfo": notes})
    if query:
        text = json.dumps(expand(service.tree, body, query))
    return Reply(status=resource.status(), text=text, headers=headers)


async def _invoke(
    caller: Caller | None, action: Action, path: str, request: web.BaseRequest
) -> Reply:
    if request.method != "POST":
        refusal = RefusalError(405, message("OperationNotAllowed")).reply
        return Reply(status=405, body=refusal.body, headers={"Allow": "POST"})
    _admit(caller, "POST", path)
    body = await _json(request)
    writing.check_parameters(action, body)
    return await action.run(body)


def _check_unchanged(service: Service, path: str, request: web.BaseRequest) -> None:
    wanted = request.headers.get("If-Match", "*")
    if wanted != "*" and wanted != etag_of(json.dumps(service.tree.read(path))):
        raise RefusalError(412, message("PreconditionFailed"))


async def _json(request: web.BaseRequest) -> Body:
    try:
        body: Any = json.loads(await request.text() or "{}")
    except ValueError as error:
        raise RefusalError(400, message("MalformedJSON")) from error
    if not isinstance(body, dict):
        raise RefusalError(400, message("UnrecognizedRequestBody"))
    return body
