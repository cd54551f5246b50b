"""What distinguishes one host's file system from another's, written before its first boot."""

import json
import zlib
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from clusterwright.design.plan import Gpus, ManagementHost, Node, SitePlan, Switch
from clusterwright.lab.programs import run

MEMORY_MIB = 81559
"""Of an emulated GPU whose model says nothing: an H100's."""

Host = Node | ManagementHost | Switch


def write_host_files(
    plan: SitePlan, host: Host, upper: Path, authorized_key: str, machine: int = 1
) -> str:
    """Write the host's own files into `upper`; return its public SSH host key."""
    identity = sha256(f"{plan.site} {host.name}".encode()).hexdigest()[:32]
    _write(upper / "etc/hostname", f"{host.name}\n")
    _write(upper / "etc/hosts", _hosts(plan))
    _write(upper / "etc/machine-id", f"{identity}\n", mode=0o444)
    _write(upper / "root/.ssh/authorized_keys", authorized_key, mode=0o600)
    for folder in (upper / "root", upper / "root/.ssh"):
        folder.chmod(0o700)
    if isinstance(host, Node):
        _write(upper / "etc/emulated-hardware.json", hardware_text(host, machine))
    return _host_key(upper / "etc/ssh/ssh_host_ed25519_key", host.name)


def hardware_text(node: Node, machine: int = 1) -> str:
    """The file in which a host finds its emulated devices; of a later machine, they are others."""
    return json.dumps(emulated_hardware(node, machine), indent=2) + "\n"


def emulated_hardware(node: Node, machine: int = 1) -> Mapping[str, object]:
    """What the emulated devices of a node tell its host about themselves."""
    owner = node.name if machine == 1 else f"{node.name} {machine}"
    return {"gpus": _gpus(owner, node.gpus)}


def known_hosts(hosts: Iterable[Host], public_keys: Mapping[str, str]) -> str:
    """The lines by which an SSH client recognises the hosts."""
    return "".join(f"{host.name},{host.address} {public_keys[host.name]}\n" for host in hosts)


def _gpus(node: str, gpus: Gpus) -> Mapping[str, object]:
    serials = [
        f"165{zlib.crc32(f'{node} {index}'.encode()):010d}" for index in range(1, gpus.count + 1)
    ]
    return {
        "model": gpus.model,
        "count": gpus.count,
        "memory_mib": gpus.memory_mib or MEMORY_MIB,
        "serials": serials,
    }


def _hosts(plan: SitePlan) -> str:
    lines = [f"{host.address} {host.name}" for host in plan.hosts]
    return "\n".join(["127.0.0.1 localhost", "::1 localhost ip6-localhost", *lines]) + "\n"


def _host_key(file: Path, name: str) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file)
    kind, key, *_ = file.with_suffix(".pub").read_text().split()
    return f"{kind} {key}"


def _write(file: Path, text: str, mode: int = 0o644) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(mode)
