"""The lab's site with two hosts that we install, for tests of what follows from that."""

from pathlib import Path

from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from clusterwright.load import load_site
from clusterwright.site_folder import find_site
from tests.sites import without_installation

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ops@example"
INSTALLATION = f"""
installation:
  boot_service: {{address: 10.101.0.1}}
  images:
    debian:
      distribution: debian
      release: bookworm
      file: images/debian.iso
      mirror: "http://10.101.0.1/debian"
    ubuntu:
      distribution: ubuntu
      release: noble
      file: images/ubuntu.iso
      mirror: "http://10.101.0.1/ubuntu/"
  profiles:
    media:
      image: debian
      hosts: [su1-n1]
      storage:
        disk: {{path: /dev/disk/by-path/pci-0000:01:00.0-nvme-1}}
        layout: lvm
      users:
        - {{name: root, key_secret: ssh/automation}}
        - {{name: ops, authorized_keys: [{KEY}], password_secret: user/ops, sudo: true}}
        - {{name: audit, authorized_keys: [{KEY}]}}
      packages: [tmux]
      late_commands: []
    https:
      image: ubuntu
      method: https-boot
      hosts: [su1-n2]
      storage: {{disk: {{size: smallest}}}}
      users: [{{name: root, key_secret: ssh/automation, password_secret: user/root}}]
      late_commands: ["echo 'it is ours' > /etc/motd"]
  again: {{}}
"""


def write_site(folder: Path, *edits: tuple[str, str]) -> Path:
    """Write the definition with some of its text replaced; return its path."""
    text = without_installation(find_site("lab").definition.read_text()) + INSTALLATION
    for before, after in edits:
        assert before in text, before
        text = text.replace(before, after, 1)
    file = folder / "site.yml"
    file.write_text(text)
    return file


def plan_of(folder: Path, *edits: tuple[str, str]) -> SitePlan:
    """Return the plan of that definition."""
    return design(load_site(find_site(str(write_site(folder, *edits)))))
