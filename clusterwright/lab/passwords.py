"""What opens the lab's controllers: the factory's password first, the vault's from then on."""

import secrets
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from clusterwright.design.plan import Controller, SitePlan
from clusterwright.lab.instance import Lab
from clusterwright.vault_file import read_vault

USERNAME = "admin"


def controllers(plan: SitePlan) -> tuple[Controller, ...]:
    """Every Redfish service of the site."""
    return (
        *(node.controller for node in plan.nodes),
        *(board for node in plan.nodes for board in node.board_controllers),
        *(loop.controller for loop in plan.loops),
        *(pdu.controller for pdu in plan.pdus),
        *(shelf.controller for shelf in plan.power_shelves),
    )


def make_passwords(lab: Lab, plan: SitePlan, *, of_device: bool) -> None:
    """Make the password that each controller comes with.

    Those `of_device` are as makers print them on labels: one for all controllers of a server.
    """
    passwords: dict[str, str] = defaultdict(partial(secrets.token_urlsafe, 18))
    for controller in controllers(plan):
        secret = controller.secret
        password = passwords[secret.rpartition("/")[2] if of_device else secret]
        write_private(lab.factory_password_file(secret), password)
        write_private(lab.password_file(secret), password)


def factory_credentials(lab: Lab, plan: SitePlan) -> Mapping[str, tuple[str, str]]:
    """User name and password that every controller came with, by the name of its secret."""
    return {
        controller.secret: (USERNAME, lab.factory_password_file(controller.secret).read_text())
        for controller in controllers(plan)
    }


def follow_vault(lab: Lab, plan: SitePlan) -> None:
    """Let the password files say what the vault says, where passwords have been changed since."""
    files = {one.secret: lab.password_file(one.secret) for one in controllers(plan)}
    written_ns = min(file.stat().st_mtime_ns for file in files.values())
    if lab.folder.vault.stat().st_mtime_ns <= written_ns:
        return
    vault = read_vault(lab.folder.vault, lab.passphrase_file)
    for secret, file in files.items():
        # Until it has one of ours, the factory's opens it.
        known = vault.get(secret, {}).get("password")
        write_private(file, known or lab.factory_password_file(secret).read_text())


def write_private(file: Path, text: str) -> None:
    """Write a file that only root can read."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    file.write_text(text)
