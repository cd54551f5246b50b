"""A site whose nodes are installed over the network, and a stranger's boot server beside ours."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clusterwright.lab.authority import issue
from tests.lab.conftest import Instance

GATE = "http://10.101.0.1/apt/go"
INSTALLATION = f"""
installation:
  boot_service: {{address: 10.101.0.1}}
  images:
    debian: {{distribution: debian, release: clusterwright, file: images/debian.iso, mirror: "http://10.101.0.1/apt"}}
    ubuntu: {{distribution: ubuntu, release: clusterwright, file: images/ubuntu.iso, mirror: "http://10.101.0.1/apt"}}
  profiles:
    by-media:
      image: debian
      hosts: [su1-n1]
      storage: {{disk: {{path: "/dev/disk/by-path/pci-0000:01:00.0-nvme-1"}}, layout: lvm}}
      users:
        - {{name: root, key_secret: ssh/automation}}
        - {{name: ops, authorized_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ops@example], sudo: true}}
      packages: [tmux]
      late_commands: ["echo 'installed by us' > /etc/motd"]
    by-https:
      image: ubuntu
      method: https-boot
      hosts: [su1-n2]
      storage: {{disk: {{size: smallest}}}}
      users: [{{name: root, key_secret: ssh/automation}}]
      packages: [nvme-cli]
    held-up:
      image: debian
      hosts: [su1-n3]
      storage: {{disk: {{path: "/dev/disk/by-path/pci-0000:01:00.0-nvme-1"}}}}
      users: [{{name: root, key_secret: ssh/automation}}]
      late_commands: ["timeout 300 sh -c 'until curl -fs {GATE}; do sleep 0.2; done'"]
"""
SYSTEM = "/redfish/v1/Systems/1"
DRIVE = f"{SYSTEM}/VirtualMedia/CD1"
MENU = """menuentry "Install" {{
  linux /install.amd/vmlinuz preseed/url={url} hostname={host} netcfg/get_ipaddress={address} ---
}}
"""
# Serves a folder over TLS until its standard input ends.
SERVER = """
import functools, http.server, ssl, sys, threading
certificate, key, folder = sys.argv[1:]
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
server = http.server.ThreadingHTTPServer(("10.101.0.1", 9443), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print("serving", flush=True)
sys.stdin.read()
"""
SERVED = "https://10.101.0.1:9443"


def define(instance: Instance) -> None:
    """Write a site of three nodes, all installed by us."""
    text = instance.definition.read_text()
    two = "{server: hgx-h100-liquid, count: 2,"
    assert two in text
    instance.definition.write_text(text.replace(two, two.replace("2", "1")) + INSTALLATION)


def hosts_up(instance: Instance, rack: str) -> tuple[str, ...]:
    return ("up", str(instance.definition), "--layer", "hosts", "--rack", rack)


@dataclass(frozen=True, kw_only=True)
class Stranger:
    """A boot server that is not ours, with an image and an answer file of the test's choice."""

    instance: Instance
    folder: Path

    def prepare(self, *, answer: str, url: str, host: str, address: str) -> str:
        """Write image and answer file; return where the image lies."""
        files = {
            "boot/grub/grub.cfg": MENU.format(url=url, host=host, address=address),
            "clusterwright/ca.pem": self.instance.lab.folder.ca_file.read_text(),
            "clusterwright/archive.asc": (self.instance.lab.packages / "key.asc").read_text(),
            "clusterwright/release": "clusterwright\n",
        }
        tree = self.folder / "tree"
        for name, text in files.items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_text(text)
        image = self.folder / "served/install.iso"
        image.parent.mkdir(exist_ok=True)
        words = ("xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", str(image), str(tree))
        subprocess.run(words, check=True, capture_output=True)
        (image.parent / "preseed.cfg").write_text(answer)
        return f"{SERVED}/install.iso"

    @contextmanager
    def serving(self, authority: Path) -> Iterator[None]:
        """Serve with a certificate that the CA in `authority` has signed."""
        certificate, key = issue(authority, "stranger", "10.101.0.1", into=self.folder / "tls")
        words = (
            sys.executable,
            "-c",
            SERVER,
            str(certificate),
            str(key),
            str(self.folder / "served"),
        )
        process = subprocess.Popen(
            ["nsenter", f"--net=/run/netns/{self.instance.lab.namespace}", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "serving\n"
            yield
        finally:
            process.communicate()


def boot(instance: Instance, node: str, image: str, *, https: bool) -> dict[str, Any]:
    """Boot a node from an image as any client of Redfish would; return the task's end."""
    target = "UefiHttp" if https else "Cd"
    if https:
        instance.redfish(node, "PATCH", SYSTEM, {"Boot": {"HttpBootUri": image}})
    else:
        instance.redfish(
            node, "POST", f"{DRIVE}/Actions/VirtualMedia.InsertMedia", {"Image": image}
        )
    override = {"BootSourceOverrideTarget": target, "BootSourceOverrideEnabled": "Once"}
    instance.redfish(node, "PATCH", SYSTEM, {"Boot": override})
    reset = f"{SYSTEM}/Actions/ComputerSystem.Reset"
    task = instance.redfish(node, "POST", reset, {"ResetType": "ForceRestart"})
    while task["TaskState"] == "Running":
        time.sleep(0.3)
        task = instance.redfish(node, "GET", task["@odata.id"])
    if not https:
        instance.redfish(node, "POST", f"{DRIVE}/Actions/VirtualMedia.EjectMedia", {})
    return task


def last_entry(instance: Instance, node: str) -> str:
    """What the node's event log says last."""
    log = instance.redfish(node, "GET", f"{SYSTEM}/LogServices/SEL/Entries")
    return str(log["Members"][-1]["Message"])


def remembered(instance: Instance, node: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((instance.lab.state / f"devices/{node}.json").read_text())
    return document
