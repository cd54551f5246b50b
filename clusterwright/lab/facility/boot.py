"""What a server boots from: override, order, options, and the CAs that HTTPS boot trusts."""

from collections.abc import Sequence
from dataclasses import dataclass

from clusterwright.catalogue.entry import Server as ServerModel
from clusterwright.lab.facility.certificates import certificate
from clusterwright.lab.facility.checks import Check, one_of, text
from clusterwright.lab.facility.controller_memory import ControllerMemory
from clusterwright.lab.facility.fragments import link
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.node_memory import NodeMemory
from clusterwright.lab.facility.tree import Body, RefusalError, Reply, Tree, Writable
from clusterwright.lab.medium import Medium

TARGETS = ("None", "Pxe", "Hdd", "Cd", "Usb", "UefiHttp", "BiosSetup")
MODES = ("UEFI", "Legacy")
ENABLED = ("Disabled", "Once", "Continuous")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An entry of the boot menu."""

    reference: str
    name: str
    device: str


def options_of(model: ServerModel) -> tuple[Option, ...]:
    """Return what a server can boot from: its disks, then its in-band ports by PXE and HTTP."""
    ports = [port.name for port in model.ports if port.role in ("in-band", "any")][:2] or ["eno1"]
    entries = [("Operating system", "HD(1,GPT)"), ("Virtual CD", "UsbClass(0x8,0x2)")]
    for port in ports:
        entries += [
            (f"PXE on {port}", f"MAC({port})/IPv4"),
            (f"HTTP on {port}", f"MAC({port})/Uri"),
        ]
    return tuple(
        Option(reference=f"Boot{number:04X}", name=name, device=device)
        for number, (name, device) in enumerate(entries)
    )


def medium_of(state: NodeMemory, trusted: tuple[str, ...]) -> Medium | None:
    """Return what a server boots from now in place of its disk: a disc that is in, or a URI."""
    if state.boot_enabled == "Disabled":
        return None
    if state.boot_target == "Cd" and "CD1" in state.media:
        return Medium(url=state.media["CD1"])
    if state.boot_target == "UefiHttp" and state.http_boot_uri:
        return Medium(url=state.http_boot_uri, authorities=trusted)
    return None


class Boot:
    """The property Boot of one system, and what lies below it."""

    def __init__(
        self,
        system: str,
        model: ServerModel,
        memory: Memory[NodeMemory],
        controller: Memory[ControllerMemory],
    ) -> None:
        self._system, self._memory, self._controller = system, memory, controller
        self._options = options_of(model)

    def shown(self) -> Body:
        """Return the property Boot."""
        state = self._memory.state
        order = list(state.boot_order) or [option.reference for option in self._options]
        return {
            "BootSourceOverrideTarget": state.boot_target,
            "BootSourceOverrideTarget@Redfish.AllowableValues": list(TARGETS),
            "BootSourceOverrideEnabled": state.boot_enabled,
            "BootSourceOverrideEnabled@Redfish.AllowableValues": list(ENABLED),
            "BootSourceOverrideMode": state.boot_mode,
            "BootSourceOverrideMode@Redfish.AllowableValues": list(MODES),
            "HttpBootUri": state.http_boot_uri or None,
            "BootOrder": order,
            "BootOptions": link(f"{self._system}/BootOptions"),
            "Certificates": link(f"{self._system}/Boot/Certificates"),
        }

    def writable(self) -> dict[str, Writable]:
        """Return what PATCH may change of it."""

        def field(name: str, check: Check) -> Writable:
            return Writable(check=check, write=lambda value: self._memory.update(**{name: value}))

        return {
            "Boot/BootSourceOverrideTarget": field("boot_target", one_of(*TARGETS)),
            "Boot/BootSourceOverrideEnabled": field("boot_enabled", one_of(*ENABLED)),
            "Boot/BootSourceOverrideMode": field("boot_mode", one_of(*MODES)),
            "Boot/HttpBootUri": field("http_boot_uri", text(r"(https?://.+)?")),
            "Boot/BootOrder": Writable(
                check=_order([option.reference for option in self._options]),
                write=lambda order: self._memory.update(boot_order=tuple(order)),
            ),
        }

    def place(self, tree: Tree) -> None:
        """Place boot options and certificates."""
        options, trusted = f"{self._system}/BootOptions", f"{self._system}/Boot/Certificates"
        tree.add_collection(options, "BootOption", "Boot Options")
        for option in self._options:
            tree.add(f"{options}/{option.reference}", _option(option))
        tree.add_collection(
            trusted,
            "Certificate",
            "Certificates of HTTPS boot",
            create=lambda body: self._trust(tree, trusted, body),
        )
        for number in self._controller.state.authorities:
            self._place_authority(tree, trusted, number)

    async def _trust(self, tree: Tree, collection: str, body: Body) -> Reply:
        check = text(r".*BEGIN CERTIFICATE.*")
        if "CertificateString" not in body:
            raise RefusalError(400, message("PropertyMissing", "CertificateString"))
        pem = body["CertificateString"]
        if wrong := check("CertificateString", pem):
            raise RefusalError(400, wrong)
        try:
            certificate("0", pem)
        except ValueError as error:
            raise RefusalError(
                400, message("PropertyValueFormatError", "(not PEM)", "CertificateString")
            ) from error
        known = self._controller.state.authorities
        number = str(max(map(int, known), default=0) + 1)
        self._controller.update(authorities={**known, number: pem})
        path = self._place_authority(tree, collection, number)
        return Reply(status=201, body=tree.read(path), headers={"Location": path})

    def _place_authority(self, tree: Tree, collection: str, number: str) -> str:
        path = f"{collection}/{number}"
        pem = self._controller.state.authorities[number]

        def delete() -> None:
            known = self._controller.state.authorities
            self._controller.update(authorities={n: p for n, p in known.items() if n != number})
            tree.remove(path)

        return tree.add(path, lambda: certificate(number, pem), delete=delete)


def _order(references: Sequence[str]) -> Check:
    def check(name: str, value: object) -> Body | None:
        if not isinstance(value, list) or sorted(map(str, value)) != sorted(references):
            return message("PropertyValueNotInList", str(value), name, about=f"#/{name}")
        return None

    return check


def _option(option: Option) -> Body:
    return {
        "@odata.type": "#BootOption.v1_0_6.BootOption",
        "Id": option.reference,
        "Name": option.name,
        "BootOptionReference": option.reference,
        "DisplayName": option.name,
        "UefiDevicePath": option.device,
        "BootOptionEnabled": True,
    }
