"""The boot menu's first entry: which installer, and what it is told."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from clusterwright.errors import HostError

_DEBIAN = frozenset(
    {
        "auto",
        "priority",
        "preseed/url",
        "hostname",
        "domain",
        "netcfg/choose_interface",
        "netcfg/disable_autoconfig",
        "netcfg/get_ipaddress",
        "netcfg/get_netmask",
        "netcfg/get_gateway",
        "netcfg/get_nameservers",
        "netcfg/confirm_static",
    }
)
_UBUNTU = frozenset({"autoinstall", "ds", "ip"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelLine:
    """`answer_url` is where the answer file lies; `address` what the host calls itself."""

    installer: str
    answer_url: str
    address: str
    hostname: str


def read_menu(text: str) -> KernelLine:
    """Return what the only entry of a boot menu starts.

    Raises:
        HostError: there is no entry, or one that no installer understands.
    """
    found = re.search(r"^\s*linux\s+(\S+)\s+(.*?)(?:\s+---.*)?$", text, re.MULTILINE)
    if not found:
        raise HostError("boot menu: it starts no kernel, so the server stays in its firmware")
    kernel, arguments = found[1], _arguments(found[2])
    if kernel.startswith("/install.amd/"):
        return _debian(arguments)
    if kernel.startswith("/casper/"):
        return _ubuntu(arguments)
    raise HostError(f"boot menu: there is no kernel {kernel} on the medium")


def _arguments(text: str) -> Mapping[str, str]:
    words = (word.partition("=") for word in shlex.split(text))
    return {name: value for name, _, value in words}


def _debian(arguments: Mapping[str, str]) -> KernelLine:
    _know(arguments, _DEBIAN)
    return KernelLine(
        installer="debian",
        answer_url=_needed(arguments, "preseed/url"),
        address=_needed(arguments, "netcfg/get_ipaddress"),
        hostname=_needed(arguments, "hostname"),
    )


def _ubuntu(arguments: Mapping[str, str]) -> KernelLine:
    _know(arguments, _UBUNTU)
    source = _needed(arguments, "ds")
    kind, _, seed = source.partition(";s=")
    if "autoinstall" not in arguments or kind != "nocloud" or not seed:
        raise HostError(
            f"kernel argument ds={source}: the installer waits for somebody at its console; it "
            "starts by itself only with autoinstall and ds=nocloud;s=URL"
        )
    parts = _needed(arguments, "ip").split(":")
    return KernelLine(
        installer="ubuntu", answer_url=seed, address=parts[0], hostname=(*parts, *[""] * 5)[4]
    )


def _know(arguments: Mapping[str, str], known: frozenset[str]) -> None:
    if strange := sorted(set(arguments) - known):
        raise HostError(f"kernel argument {', '.join(strange)}: the installer knows none such")


def _needed(arguments: Mapping[str, str], name: str) -> str:
    value = arguments.get(name, "")
    if not value:
        raise HostError(f"kernel argument {name}: is missing, and the installer asks nobody")
    return value
