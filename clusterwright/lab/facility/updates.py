"""UpdateService: images come by push or from where they lie, and are staged by a task.

An image for emulated devices is a JSON document, {"model": ..., "components": {"BIOS": "1.1.0"}}:
a real one's bytes mean nothing to anybody but its device.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiohttp import BodyPartReader, web

from clusterwright.lab.facility.checks import of_type, one_of, text
from clusterwright.lab.facility.firmware import INVENTORY, Firmware
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.tasks import Report, Tasks
from clusterwright.lab.facility.tree import ROOT, Action, Body, RefusalError, Reply, Tree

SERVICE = f"{ROOT}/UpdateService"
MULTIPART = f"{SERVICE}/multipart"
MAX_IMAGE_BYTES = 1 << 30
FETCH_S = 60.0
STEPS = 10
PROTOCOLS = ("HTTP", "HTTPS")


class Updates:
    """The update service of one device of this `model`; a transfer takes `transfer_s`."""

    def __init__(self, firmware: Firmware, tasks: Tasks, *, model: str, transfer_s: float) -> None:
        self._firmware, self._tasks = firmware, tasks
        self._model, self._transfer_s = model, transfer_s

    def place(self, tree: Tree) -> None:
        """Place UpdateService and its inventory."""
        simple = Action(
            name="UpdateService.SimpleUpdate",
            run=self._simple,
            parameters={
                "ImageURI": text(r"(https?://)?.+"),
                "TransferProtocol": one_of(*PROTOCOLS),
                "Targets": of_type(list),
                "Username": of_type(str),
                "Password": text(secret=True),
                "ForceUpdate": of_type(bool),
                "@Redfish.OperationApplyTime": of_type(str),
            },
            required=frozenset({"ImageURI"}),
        )
        actions = tree.add_action(SERVICE, simple)
        entry = actions["#UpdateService.SimpleUpdate"]
        entry["TransferProtocol@Redfish.AllowableValues"] = list(PROTOCOLS)
        tree.add(SERVICE, {**_service(), "Actions": actions})
        tree.add_raw("POST", MULTIPART, self._pushed_in_parts)
        self._firmware.place(tree)

    async def _simple(self, body: Body) -> Reply:
        uri, protocol = body["ImageURI"], body.get("TransferProtocol", "HTTP")
        if "://" not in uri:
            uri = f"{protocol.lower()}://{uri}"
        login = (
            aiohttp.BasicAuth(body["Username"], body["Password"]) if "Username" in body else None
        )

        async def work(report: Report) -> None:
            timeout = aiohttp.ClientTimeout(total=FETCH_S)
            async with (
                aiohttp.ClientSession(timeout=timeout) as http,
                # VerifyRemoteServerCertificate is false, as it is on most controllers.
                http.get(uri, auth=login, ssl=False) as answer,
            ):
                if answer.status != 200:
                    raise OSError(f"{uri} answers with status {answer.status}")
                components = self._components(await answer.read(), body.get("Targets", []))
            await self._stage(components, report)

        return self._tasks.start(f"Update from {uri}", work, lasts_s=self._transfer_s)

    async def _pushed_in_parts(self, request: web.BaseRequest) -> Reply:
        parts: dict[str, bytes] = {}
        try:
            async for part in await request.multipart():
                if isinstance(part, BodyPartReader) and part.name:
                    parts[part.name] = bytes(await part.read())
            parameters = json.loads(parts["UpdateParameters"])
            image = parts["UpdateFile"]
        except KeyError as missing:
            raise RefusalError(400, message("PropertyMissing", str(missing.args[0]))) from missing
        except (ValueError, AssertionError) as error:
            raise RefusalError(400, message("UnrecognizedRequestBody")) from error
        return self._take(image, parameters.get("Targets", []))

    def _take(self, image: bytes, targets: list[str]) -> Reply:
        try:
            components = self._components(image, targets)
        except ValueError as error:
            raise RefusalError(400, message("GeneralError", resolution=f"{error}.")) from error
        return self._tasks.start(
            f"Update of {', '.join(components)}",
            lambda report: self._stage(components, report),
            lasts_s=self._transfer_s,
        )

    def _components(self, image: bytes, targets: list[str]) -> Mapping[str, str]:
        document: Any = json.loads(image)
        if not isinstance(document, dict) or document.get("model") != self._model:
            raise ValueError(f"this image is not for {self._model}")
        wanted = {target.rpartition("/")[2] for target in targets}
        found = {
            str(name): str(version)
            for name, version in dict(document.get("components", {})).items()
            if not wanted or name in wanted
        }
        if unknown := sorted(found.keys() - self._firmware.components.keys()):
            raise ValueError(f"there is no component {', '.join(unknown)}")
        if not found:
            raise ValueError("the image has nothing for these targets")
        return found

    async def _stage(self, components: Mapping[str, str], report: Report) -> None:
        for step in range(STEPS):
            report(100 * step // STEPS)
            await asyncio.sleep(self._transfer_s / STEPS)
        for name, version in components.items():
            self._firmware.stage(name, version)


def _service() -> Body:
    return {
        "@odata.type": "#UpdateService.v1_17_0.UpdateService",
        "Id": "UpdateService",
        "Name": "Update Service",
        "ServiceEnabled": True,
        "Status": healthy(),
        "MultipartHttpPushUri": MULTIPART,
        "MaxImageSizeBytes": MAX_IMAGE_BYTES,
        "FirmwareInventory": link(INVENTORY),
    }
