"""The project's playbooks, and the roles that they use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from clusterwright.errors import UsageError
from clusterwright.site_folder import PROJECT

PLAYBOOKS = PROJECT / "playbooks"
ROLES = PROJECT / "roles"
CONFIGURATION = PROJECT / "ansible.cfg"


def find_playbook(name: str) -> Path:
    """Return the path of a playbook by its file name, with or without .yml.

    Raises:
        UsageError: there is no such playbook.
    """
    file = PLAYBOOKS / f"{name.removesuffix('.yml')}.yml"
    if not file.is_file():
        known = ", ".join(sorted(path.name for path in PLAYBOOKS.glob("*.yml")))
        raise UsageError(f"playbook {name}: there is no {file}; choose one of {known}")
    return file


def files_of(playbook: Path) -> list[Path]:
    """Return every file that decides what a playbook does: it, those it imports, and roles."""
    books = list(_books(playbook))
    roles = {role for book in books for role in _roles(book)}
    in_roles = [file for role in roles for file in (ROLES / role).rglob("*") if file.is_file()]
    return sorted([*books, *(file for file in in_roles if "__pycache__" not in file.parts)])


def _books(playbook: Path) -> Iterator[Path]:
    yield playbook
    for play in _plays(playbook):
        if imported := play.get("ansible.builtin.import_playbook"):
            yield from _books(playbook.parent / imported)


def _roles(playbook: Path) -> Iterator[str]:
    for play in _plays(playbook):
        for role in play.get("roles", ()):
            yield role["role"] if isinstance(role, dict) else role


def _plays(playbook: Path) -> list[dict[str, Any]]:
    return yaml.safe_load(playbook.read_text()) or []
