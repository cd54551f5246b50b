"""The rendered inventory, read back: who is in it, and with which variables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from clusterwright.errors import UsageError
from clusterwright.site_folder import SiteFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryHost:
    """A host with the groups that it is in and its variables: its own win over its groups'."""

    name: str
    groups: tuple[str, ...]
    variables: Mapping[str, Any]

    @property
    def address(self) -> str:
        return str(self.variables.get("ansible_host", self.name))


def read_hosts(folder: SiteFolder, names: Sequence[str]) -> tuple[InventoryHost, ...]:
    """Return the named hosts of the site's rendered inventory.

    Raises:
        UsageError: there is no rendered inventory, or a host is not in it.
    """
    groups = _groups(folder)
    hosts = tuple(_host(folder, groups, name) for name in names)
    missing = [host.name for host in hosts if host.groups == ("all",)]
    if missing:
        raise UsageError(
            f"{', '.join(missing)}: not in the inventory {folder.ansible_inventory}; "
            "render it again from the definition with clusterwright plan"
        )
    return hosts


def _groups(folder: SiteFolder) -> dict[str, dict[str, dict[str, Any]]]:
    file = folder.ansible_inventory / "hosts.yml"
    if not file.is_file():
        raise UsageError(
            f"{file}: there is no rendered inventory; render it with clusterwright plan"
        )
    return dict(_walk(yaml.safe_load(file.read_text()) or {}))


def _walk(tree: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    for name, group in tree.items():
        hosts = (group or {}).get("hosts") or {}
        yield name, {host: variables or {} for host, variables in hosts.items()}
        yield from _walk((group or {}).get("children") or {})


def _host(
    folder: SiteFolder, groups: Mapping[str, Mapping[str, Mapping[str, Any]]], name: str
) -> InventoryHost:
    member_of = ("all", *sorted(g for g, hosts in groups.items() if name in hosts and g != "all"))
    variables: dict[str, Any] = {}
    for group in member_of:
        variables |= _variables(folder.ansible_inventory / "group_vars" / f"{group}.yml")
    variables |= _variables(folder.ansible_inventory / "host_vars" / f"{name}.yml")
    for group in member_of:
        variables |= groups.get(group, {}).get(name, {})
    return InventoryHost(name=name, groups=member_of, variables=variables)


def _variables(file: Path) -> dict[str, Any]:
    return (yaml.safe_load(file.read_text()) or {}) if file.is_file() else {}
