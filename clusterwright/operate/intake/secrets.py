"""Factory passwords: from the manifest into the vault."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from clusterwright.access.vault import factory_secret
from clusterwright.design.plan import SitePlan
from clusterwright.operate.intake.match import Match
from clusterwright.vault_file import Secrets

SERIAL = "serial"
"""Beside a factory login: of which device it is, so that it goes with the device."""


def with_logins(secrets: Secrets, matches: Sequence[Match]) -> Secrets:
    """Return the secrets with the factory login of every device that came with one.

    A device whose row no longer has a password keeps the one of an earlier run, even where that
    run had matched it to another name.
    """
    by_serial = {
        secret[SERIAL]: name
        for name, secret in secrets.items()
        if name.startswith(factory_secret("")) and SERIAL in secret
    }
    changed: dict[str, Mapping[str, str]] = {}
    moved = set()
    for match in matches:
        item, name = match.item, factory_secret(match.place.name)
        before = by_serial.get(item.serial)
        if item.password:
            login = {"username": item.username, "password": item.password, SERIAL: item.serial}
            changed[name] = login
        elif before:
            changed[name] = secrets[before]
        if before and before != name:
            moved.add(before)
    return {**_without(secrets, moved), **changed}


def without_old(secrets: Secrets, plan: SitePlan, name: str, serial: str) -> Secrets:
    """Return the secrets without those of the device that stood at `name` before `serial`."""
    factory = factory_secret(name)
    dropped = {f"{kind}/{name}" for kind in _KINDS} | set(controller_secrets(plan, name))
    if secrets.get(factory, {}).get(SERIAL) != serial:
        dropped.add(factory)
    return _without(secrets, dropped)


_KINDS = ("bmc", "switch", "install")


def controller_secrets(plan: SitePlan, name: str) -> Iterator[str]:
    """Yield under which names the vault has the logins of a device's controllers."""
    groups = (plan.nodes, plan.storage_servers, plan.pdus, plan.power_shelves)
    yield from (one.controller.secret for group in groups for one in group if one.name == name)
    boards = (node.board_controllers for node in plan.nodes if node.name == name)
    yield from (board.secret for some in boards for board in some)
    yield from (loop.controller.secret for loop in plan.loops if loop.cdu == name)


def _without(secrets: Secrets, names: Iterable[str]) -> Secrets:
    gone = set(names)
    return {name: secret for name, secret in secrets.items() if name not in gone}
