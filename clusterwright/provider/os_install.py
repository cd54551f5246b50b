"""OsInstall: the operating system of one host, installed once; its Read asks the host."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from clusterwright.access import os_install as access
from clusterwright.access.guard import RESET, Difference
from clusterwright.access.os_install import InstallState, Order
from clusterwright.access.os_install.state import Presence
from clusterwright.errors import HostError, UsageError
from clusterwright.provider.coolant import CoolantInputs, coolant_of
from clusterwright.provider.disruption import guard_of, told
from clusterwright.provider.inputs import DeviceInputs, one_of
from clusterwright.provider.kind import Kind, Live
from clusterwright.provider.progress import Progress
from clusterwright.provider.site import Site

NOTHING = "(nothing of ours)"


class OsInstallInputs(DeviceInputs):
    """What a host is installed with, through its BMC and the boot service."""

    host: str = Field(min_length=1)
    host_address: str = Field(min_length=1)
    user: str = Field(min_length=1)
    """Who logs in to see that it is done."""

    method: Annotated[str, one_of("virtual-media", "https-boot")]
    image: str = Field(min_length=1)
    """Path of the ISO: absolute, or from the site's folder."""

    sha256: str = ""
    answer_name: Annotated[str, one_of("preseed.cfg", "user-data")]
    answer: str = Field(min_length=1)
    """With gaps for what is secret, which are filled when it is served."""

    boot_menu: str = Field(min_length=1)
    digest: str = Field(min_length=1)
    """Covers image, answer and boot menu."""

    again: str = ""
    """Another word installs once more."""

    coolant: dict[str, CoolantInputs] = Field(default_factory=dict)
    """What cools it, by loop: where none of these flows, it is not switched on."""

    serve_address: str = Field(min_length=1)
    """Of the machine that runs this, as hosts and controllers reach it."""

    serve_port: int = Field(ge=1, le=65535)


async def _apply(site: Site, inputs: OsInstallInputs, progress: Progress) -> tuple[Difference, ...]:
    disruptive = inputs.in_service and bool(inputs.allow)
    async with (
        site.maintenance(disruptive=disruptive),
        site.device(inputs.address, inputs.secret) as client,
        site.boots.lend(
            inputs.serve_address, inputs.serve_port, tell=progress.tick, say=progress.info
        ) as means,
        progress.ticking(f"installing {inputs.host}"),
    ):
        cooled = replace(means, coolant=coolant_of(site, inputs.coolant))
        outcome = await access.apply(client, _order(site, inputs), cooled, guard_of(inputs))
    progress.tick(f"{len(outcome.pending)} pending" if outcome.pending else "installed")
    return outcome.pending


async def _read(
    site: Site, identifier: str, inputs: OsInstallInputs | None, _progress: Progress
) -> Live[OsInstallInputs]:
    if inputs is None:
        raise UsageError(
            f"id {identifier}: an installed system cannot be imported; declare it, and up adopts "
            "a host that was installed with the same answer file"
        )
    order = _order(site, inputs)
    state = await access.read(site.folder, order)
    if state.presence is Presence.SILENT:
        raise HostError(
            f"{inputs.host}: does not let {inputs.user} in at {inputs.host_address} ({state.words})"
        )
    found = access.differences(order.digest, order.again, state)
    seen = inputs.model_copy(update=_seen(inputs, state))
    return Live(inputs=seen, open_paths=frozenset(one.path for one in found))


def _seen(inputs: OsInstallInputs, state: InstallState) -> dict[str, str]:
    """What the host has; a word that is no longer asked for is no difference."""
    again = {"again": state.again} if inputs.again else {}
    return {"digest": state.digest or NOTHING, **again}


def _order(site: Site, inputs: OsInstallInputs) -> Order:
    return Order(
        host=inputs.host,
        address=inputs.host_address,
        user=inputs.user,
        method=inputs.method,
        image=site.folder.path / inputs.image,
        sha256=inputs.sha256,
        answer_name=inputs.answer_name,
        answer=inputs.answer,
        boot_menu=inputs.boot_menu,
        digest=inputs.digest,
        again=inputs.again,
    )


def _consequence(inputs: OsInstallInputs, changed: frozenset[str]) -> str:
    if "again" in changed and inputs.again:
        return told(
            inputs,
            RESET,
            f"{inputs.host} is installed once more, and loses all that its disk holds",
        )
    if "digest" in changed:
        return (
            f"{inputs.host} is not installed as declared: stays pending until another word for it "
            "stands in installation.again"
        )
    return ""


OS_INSTALL = Kind(
    type_name="clusterwright:hosts:OsInstall",
    model=OsInstallInputs,
    identity=("host", "address", "secret"),
    identify=lambda inputs: f"{inputs.host}@{inputs.address}",
    consequence=_consequence,
    apply=_apply,
    read=_read,
)
