"""The network namespace in which a whole lab lives. It has no route out."""

import contextlib
import ctypes
import os
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from clusterwright.design.plan import Network, SitePlan
from clusterwright.errors import OperationError, ToolError
from clusterwright.lab.out_of_band.wiring import OOB_BRIDGE, wiring_of
from clusterwright.lab.programs import run

NAMED = Path("/run/netns")
BRIDGE = "inband"
CLONE_NEWNET = 0x40000000


def namespace_name(site: str) -> str:
    return f"cw-{site}"


def exists(name: str) -> bool:
    return (NAMED / name).exists()


def make(name: str, plan: SitePlan) -> None:
    """Make the namespace; the in-band addresses are bridged in it.

    So are the out-of-band ones where their switches are planned; else all are answered in it.
    """
    run("ip", "netns", "add", name)
    run("ip", "-n", name, "link", "set", "lo", "up")
    _bridge(name, BRIDGE, plan.inband)
    if wiring_of(plan).switches:
        _bridge(name, OOB_BRIDGE, plan.oob)
    else:
        run("ip", "-n", name, "route", "add", "local", str(plan.oob.prefix), "dev", "lo")


def _bridge(name: str, bridge: str, network: Network) -> None:
    """Make a bridge that is the gateway of a network."""
    run("ip", "-n", name, "link", "add", bridge, "type", "bridge")
    gateway = f"{network.gateway}/{network.prefix.prefixlen}"
    run("ip", "-n", name, "address", "add", gateway, "dev", bridge)
    run("ip", "-n", name, "link", "set", bridge, "up")
    # Who is off is found out in one second, not in ten: nothing here is far away.
    quick = ("delay_probe", "300", "retrans", "200")
    run("ip", "-n", name, "ntable", "change", "name", "arp_cache", "dev", bridge, *quick)


def plug(port: str, pid: int, address: IPv4Address, prefix: IPv4Network) -> None:
    """Join the namespace of process `pid` to the bridge of the one we are in: `eth0` is its end."""
    mac = "02:00:" + ":".join(f"{octet:02x}" for octet in address.packed)
    peer = ("peer", "name", "eth0", "address", mac, "netns", str(pid))
    # A host that has just ended takes its link with it only when the kernel gets round to it.
    with contextlib.suppress(ToolError):
        run("ip", "link", "delete", port)
    run("ip", "link", "add", port, "type", "veth", *peer)
    run("ip", "link", "set", port, "master", BRIDGE, "up")
    inside = ("nsenter", "--net", "--target", str(pid), "ip")
    run(*inside, "address", "add", f"{address}/{prefix.prefixlen}", "dev", "eth0")
    run(*inside, "link", "set", "lo", "up")
    run(*inside, "link", "set", "eth0", "up")


def enter(name: str) -> None:
    """Move this process, and whatever it starts from now on, into the namespace.

    Only the calling thread moves: call it before any other thread is started.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        handle = os.open(NAMED / name, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise OperationError(
            f"network namespace {name}: cannot be opened ({error.strerror}); is the lab up?"
        ) from error
    try:
        if libc.setns(handle, CLONE_NEWNET) != 0:
            reason = os.strerror(ctypes.get_errno())
            raise OperationError(
                f"network namespace {name}: cannot be entered ({reason}); run as root"
            )
    finally:
        os.close(handle)


def inside(name: str) -> bool:
    """Whether this process is in the namespace."""
    return exists(name) and _same(Path("/proc/self/ns/net"), NAMED / name)


def members(name: str) -> tuple[int, ...]:
    """Return the processes that are in the namespace."""
    if not exists(name):
        return ()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if _same(process / "ns/net", NAMED / name):
                found.append(int(process.name))
    return tuple(found)


def remove(name: str) -> None:
    """Remove the namespace and its links; the caller has ended the processes in it."""
    if exists(name):
        run("ip", "netns", "delete", name)
    # iproute2 mounts its folder when it makes the first namespace, and leaves it mounted.
    if NAMED.is_dir() and not any(NAMED.iterdir()):
        with contextlib.suppress(ToolError, OSError):
            run("umount", NAMED)
            NAMED.rmdir()


def _same(one: Path, other: Path) -> bool:
    first, second = one.stat(), other.stat()
    return (first.st_dev, first.st_ino) == (second.st_dev, second.st_ino)
