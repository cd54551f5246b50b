"""What a machine must have before a lab can come up on it."""

import os
import platform
import shutil

from clusterwright.errors import OperationError, ToolError
from clusterwright.lab.instance import Lab

# Program, and the Debian package that has it.
PROGRAMS = (
    ("gpg", "gpg"),
    ("ip", "iproute2"),
    ("mmdebstrap", "mmdebstrap"),
    ("nsenter", "util-linux"),
    ("setpriv", "util-linux"),
    ("ssh", "openssh-client"),
    ("ssh-keygen", "openssh-client"),
    ("unshare", "util-linux"),
    ("xorriso", "xorriso"),
)

# Beyond these where the plan has out-of-band switches.
NETWORK_PROGRAMS = (("kea-dhcp4", "kea-dhcp4-server"), ("udhcpc", "udhcpc"))


def require_linux_root(action: str) -> None:
    """Refuse to go on where the lab's namespaces cannot be made or entered."""
    if platform.system() != "Linux":
        raise OperationError(
            f"{action}: this is {platform.system()}, and the lab is made of Linux namespaces; "
            "run it on a Linux machine"
        )
    if os.geteuid() != 0:
        raise OperationError(
            f"{action}: this is user {os.geteuid()}, and only root may use the lab's namespaces; "
            "run it as root, for example with sudo"
        )


def require_programs(*, switches: bool = False) -> None:
    """Refuse to go on without the programs that the lab is made with, naming all that miss."""
    wanted = (*PROGRAMS, *(NETWORK_PROGRAMS if switches else ()))
    missing = [(name, package) for name, package in wanted if shutil.which(name) is None]
    if missing:
        names = ", ".join(name for name, _ in missing)
        packages = " ".join(sorted({package for _, package in missing}))
        raise ToolError(
            f"lab: {names}: not found, and the lab is made with them; "
            f"install with: apt-get install {packages}"
        )


def require_nothing_there(lab: Lab) -> None:
    """Refuse to come up twice, or on top of what an interrupted lab has left."""
    remedy = f"clusterwright lab down --site {lab.site}"
    if lab.is_up():
        raise OperationError(
            f"lab {lab.site}: is up already; use it, or take it down first: {remedy}"
        )
    if leftovers := lab.leftovers():
        raise OperationError(
            f"lab {lab.site}: is not up, but it has left {', '.join(leftovers)}; "
            f"remove what is left: {remedy}"
        )
