"""An answer of DSP0266: its headers, and its body as JSON or XML."""

import json
from hashlib import blake2b

from aiohttp import web

from clusterwright.lab.facility.tree import Body, Reply, Resource


def etag_of(text: str) -> str:
    """Return what stands for a resource as it is now."""
    return f'"{blake2b(text.encode(), digest_size=8).hexdigest()}"'


def allowed(resource: Resource) -> dict[str, str]:
    """Return the header that says what may be done to a resource."""
    return {"Allow": ", ".join(resource.methods)}


def described_by(body: Body) -> str:
    """Return the header that says where a resource's schema is."""
    schema = body["@odata.type"].removeprefix("#").rpartition(".")[0]
    return f"<https://redfish.dmtf.org/schemas/v1/{schema}.json>; rel=describedby"


def response_of(reply: Reply) -> web.Response:
    """Return a reply as bytes with its headers."""
    headers = {"OData-Version": "4.0", "Cache-Control": "no-cache", **reply.headers}
    if reply.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="Redfish"'
    if not (reply.body or reply.text):
        return web.Response(status=reply.status, headers=headers)
    xml = reply.body.get("xml")
    headers["Content-Type"] = "application/xml" if xml else "application/json;charset=utf-8"
    return web.Response(
        status=reply.status, headers=headers, text=reply.text or xml or json.dumps(reply.body)
    )
