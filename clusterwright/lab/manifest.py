"""The packing list of a lab: who its emulated devices are, as a vendor would send it."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from clusterwright.catalogue import Catalogue
from clusterwright.design.plan import Controller, Mount, Node, SitePlan, Switch
from clusterwright.lab.facility.identity import guid_of, mac_of, serial_of
from clusterwright.lab.facility.network_adapters import nics_of

COLUMNS = (
    "Serial Number",
    "Model",
    "Rack",
    "U",
    "Label",
    "BMC MAC",
    "MACs",
    "GUIDs",
    "BMC User",
    "BMC Password",
    "Certificate SHA256",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Device:
    """One device. What takes no rack unit is labelled, as technicians label it."""

    name: str
    serial: str
    model: str
    rack: str
    mount: Mount | None
    controller: Controller | None
    """None for a switch, which is asked over SSH: it has neither login nor certificate."""
    macs: Mapping[str, str]
    guids: Mapping[str, str]


def write_manifest(  # noqa: PLR0913 - which lab, and what of it
    plan: SitePlan,
    catalogue: Catalogue,
    credentials: Mapping[str, tuple[str, str]],
    certificates: Path,
    *,
    machines: Callable[[str], int] = lambda _: 1,
    only: str = "",
) -> str:
    """Return the packing list as CSV; its passwords are the ones that the devices came with.

    `machines` says which one stands at a place by now; `only` is a device that comes alone.
    Switches run when a lab comes up, so they are listed only where they come alone.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    alone = (_switch(one, machines(one.name)) for one in plan.switches if one.name == only)
    for device in (*_devices(plan, catalogue, machines), *alone):
        if only not in ("", device.name):
            continue
        username, password, shown = _login(device.controller, credentials, certificates)
        writer.writerow(
            (
                device.serial,
                device.model,
                device.rack,
                device.mount.lowest_unit if device.mount else "",
                "" if device.mount else device.name,
                mac_of(device.serial, 0),
                _pairs(device.macs),
                _pairs(device.guids),
                username,
                password,
                shown,
            )
        )
    return text.getvalue()


def _devices(
    plan: SitePlan, catalogue: Catalogue, machines: Callable[[str], int]
) -> Iterator[_Device]:
    yield from (_node(node, catalogue, machines(node.name)) for node in plan.nodes)
    mounts = {one.name: one.mount for one in plan.equipment}
    others = (
        *(
            (loop.cdu, loop.cdu_model, loop.racks[0], mounts.get(loop.cdu), loop.controller)
            for loop in plan.loops
        ),
        *((pdu.name, pdu.model, pdu.rack, None, pdu.controller) for pdu in plan.pdus),
        *((s.name, s.model, s.mount.rack, s.mount, s.controller) for s in plan.power_shelves),
    )
    for name, model, rack, mount, controller in others:
        yield _Device(
            name=name,
            serial=serial_of(name, machines(name)),
            model=model,
            rack=mount.rack if mount else rack,
            mount=mount,
            controller=controller,
            macs={},
            guids={},
        )


def _node(node: Node, catalogue: Catalogue, machine: int) -> _Device:
    nics, serial = nics_of(catalogue.servers[node.server]), serial_of(node.name, machine)
    return _Device(
        name=node.name,
        serial=serial,
        model=node.server,
        rack=node.mount.rack,
        mount=node.mount,
        controller=node.controller,
        macs={nic.name: mac_of(serial, nic.number) for nic in nics if not nic.infiniband},
        guids={nic.name: guid_of(serial, nic.number) for nic in nics if nic.infiniband},
    )


def _switch(switch: Switch, machine: int) -> _Device:
    return _Device(
        name=switch.name,
        serial=serial_of(switch.name, machine),
        model=switch.model,
        rack=switch.mount.rack,
        mount=switch.mount,
        controller=None,
        macs={},
        guids={},
    )


def _login(
    controller: Controller | None, credentials: Mapping[str, tuple[str, str]], certificates: Path
) -> tuple[str, str, str]:
    """Return user, password and the fingerprint of the certificate; a switch has none of them."""
    if controller is None:
        return "", "", ""
    username, password = credentials[controller.secret]
    return username, password, _fingerprint(certificates / f"{controller.name}.crt")


def _pairs(addresses: Mapping[str, str]) -> str:
    return " ".join(f"{port}={address}" for port, address in addresses.items())


def _fingerprint(file: Path) -> str:
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    return sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
