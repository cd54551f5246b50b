"""HTTP as DSP0266 wants it: one request to one controller's tree, one answer."""

import hashlib
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from clusterwright.lab.facility import writing
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.metadata import METADATA, ODATA, metadata, service_document
from clusterwright.lab.facility.sessions import SESSIONS, Sessions
from clusterwright.lab.facility.tree import ROOT, Body, RefusalError, Reply, Resource, Tree

LOG = logging.getLogger(__name__)
PUBLIC = {"/redfish", ROOT, METADATA, ODATA}
Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def handler(tree: Tree, sessions: Sessions) -> Handler:
    """Return the request handler of one controller."""

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        try:
            reply = await _answer(tree, sessions, request)
        except RefusalError as refusal:
            reply = refusal.reply
        except Exception:
            LOG.exception("%s %s", request.method, request.path)
            reply = RefusalError(500, message("InternalError")).reply
        return _response(reply)

    return handle


async def _answer(tree: Tree, sessions: Sessions, request: web.BaseRequest) -> Reply:
    path = request.path.rstrip("/") or "/"
    if request.method == "POST":
        # DSP0266: a collection's Members property stands for the collection.
        path = path.removesuffix("/Members")
    _check_headers(request)
    logs_in = path == SESSIONS and request.method == "POST"
    public = path in PUBLIC and request.method in ("GET", "HEAD")
    if not (public or logs_in or sessions.admits(request.headers)):
        raise RefusalError(401, message("NoValidSession"))
    if path == METADATA:
        return Reply(status=200, body={"xml": metadata(tree)})
    if path == ODATA:
        return Reply(status=200, body=service_document(tree))
    if path == "/redfish":
        return Reply(status=200, body={"v1": f"{ROOT}/"})
    if path in tree.actions:
        return await _invoke(tree, path, request)
    if path not in tree.resources:
        raise RefusalError(404, message("ResourceMissingAtURI", request.path))
    return await _use(path, tree.resources[path], request)


def _check_headers(request: web.BaseRequest) -> None:
    version = request.headers.get("OData-Version", "4.0")
    if version != "4.0":
        raise RefusalError(412, message("HeaderInvalid", f"OData-Version: {version}"))
    if any(name.startswith("$") for name in request.query):
        raise RefusalError(501, message("QueryNotSupported"))


async def _use(path: str, resource: Resource, request: web.BaseRequest) -> Reply:
    if request.method not in resource.methods:
        refusal = RefusalError(405, message("OperationNotAllowed")).reply
        return Reply(status=405, body=refusal.body, headers=_allow(resource))
    if request.method == "POST" and resource.create:
        return await resource.create(await _json(request))
    if request.method == "DELETE" and resource.delete:
        resource.delete()
        return Reply()
    notes: list[Body] = []
    if request.method == "PATCH":
        _check_unchanged(path, resource, request)
        notes = writing.patch(resource, await _json(request))
    return _shown(path, resource, request, notes)


def _shown(path: str, resource: Resource, request: web.BaseRequest, notes: list[Body]) -> Reply:
    body = _with_id(path, resource)
    etag = _etag(body)
    headers = {"ETag": etag, **_allow(resource), "Link": _described_by(body)}
    if request.method != "PATCH" and request.headers.get("If-None-Match") == etag:
        return Reply(status=304, headers=headers)
    if notes:
        body = {**body, "@Message.ExtendedInfo": notes}
    return Reply(status=resource.status(), body=body, headers=headers)


async def _invoke(tree: Tree, path: str, request: web.BaseRequest) -> Reply:
    if request.method != "POST":
        refusal = RefusalError(405, message("OperationNotAllowed")).reply
        return Reply(status=405, body=refusal.body, headers={"Allow": "POST"})
    action, body = tree.actions[path], await _json(request)
    writing.check_parameters(action, body)
    return await action.run(body)


def _check_unchanged(path: str, resource: Resource, request: web.BaseRequest) -> None:
    wanted = request.headers.get("If-Match", "*")
    if wanted != "*" and wanted != _etag(_with_id(path, resource)):
        raise RefusalError(412, message("PreconditionFailed"))


async def _json(request: web.BaseRequest) -> Body:
    try:
        body: Any = json.loads(await request.text() or "{}")
    except ValueError as error:
        raise RefusalError(400, message("MalformedJSON")) from error
    if not isinstance(body, dict):
        raise RefusalError(400, message("UnrecognizedRequestBody"))
    return body


def _with_id(path: str, resource: Resource) -> Body:
    shown = f"{ROOT}/" if path == ROOT else path
    return {"@odata.id": shown, **resource.read()}


def _etag(body: Body) -> str:
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return f'"{digest[:16]}"'


def _allow(resource: Resource) -> dict[str, str]:
    return {"Allow": ", ".join(resource.methods)}


def _described_by(body: Body) -> str:
    schema = body["@odata.type"].removeprefix("#").rpartition(".")[0]
    return f"<https://redfish.dmtf.org/schemas/v1/{schema}.json>; rel=describedby"


def _response(reply: Reply) -> web.Response:
    headers = {"OData-Version": "4.0", "Cache-Control": "no-cache", **reply.headers}
    if reply.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="Redfish"'
    if not reply.body:
        return web.Response(status=reply.status, headers=headers)
    xml = reply.body.get("xml")
    headers["Content-Type"] = "application/xml" if xml else "application/json;charset=utf-8"
    text = xml or json.dumps(reply.body)
    return web.Response(status=reply.status, headers=headers, text=text)
