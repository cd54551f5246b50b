#!/usr/bin/python3
"""Ansible module: Debian packages at exact versions, in one transaction."""

from __future__ import annotations

import fnmatch
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
---
module: debian_packages
short_description: Hold Debian packages at exact versions
description:
  - Installs everything that differs in one transaction, downgrades and held packages included.
  - Reads dpkg only, so check mode needs neither a package index nor the packages' sources.
  - The package index is fetched only when something is to be installed.
author: Clusterwright
options:
  packages:
    description: Packages and their exact versions.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the package.
        type: str
        required: true
      version:
        description: Exact version of the package.
        type: str
        required: true
  names:
    description: Packages that may have any version.
    type: list
    elements: str
    default: []
  hold:
    description: Whether the packages are kept from upgrades by others.
    type: bool
    default: false
  loaded:
    description: Patterns of packages that the running kernel, or a service beside it, has loaded.
    type: list
    elements: str
    default: []
  mark:
    description: File that is written when one of the C(loaded) packages changes.
    type: path
  replace:
    description: Whether C(loaded) packages may change version now; otherwise they stay pending.
    type: bool
    default: true
"""

EXAMPLES = """
- name: Install the driver
  debian_packages:
    packages: [{name: nvidia-open, version: 580.178.04-1}]
    hold: true
    loaded: [nvidia-*]
    mark: /run/driver-changed
"""

RETURN = """
missing:
  description: Packages that are not installed; only check mode leaves any.
  type: list
  returned: always
marked:
  description: Whether the mark is there, so that a reboot is due.
  type: bool
  returned: always
pending:
  description: Packages that may not change now, each with subject, before, after and remedy.
  type: list
  returned: always
"""

ABSENT = ""
APT_GET = (
    "apt-get",
    "--yes",
    "--option=DPkg::Lock::Timeout=120",
    "--option=Dpkg::Options::=--force-confold",
)
ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}


def parse_dpkg(listing: str) -> dict[str, tuple[str, bool]]:
    """Return version and hold of every package that dpkg lists as completely installed."""
    rows = (line.split("\t") for line in listing.splitlines())
    return {
        name: (version, selection == "hold")
        for name, selection, status, version in rows
        if status == "installed"
    }


def installed(module: AnsibleModule, names: list[str]) -> dict[str, tuple[str, bool]]:
    """Ask dpkg; it ends with 1 when it has never heard of one of the names."""
    form = "${Package}\t${db:Status-Want}\t${db:Status-Status}\t${Version}\n"
    _, listing, _ = module.run_command(["dpkg-query", "--show", f"--showformat={form}", *names])
    return parse_dpkg(listing)


def state(version: str, *, held: bool) -> str:
    """Say one package's state as a report shows it."""
    return f"{version} (held)" if held else version


def compare(
    packages: list[dict[str, str]], actual: dict[str, tuple[str, bool]], *, hold: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """Return actual and desired state of those packages that differ."""
    before, after = {}, {}
    for package in packages:
        version, held = actual.get(package["name"], (ABSENT, False))
        wanted = package["version"] or (version if version != ABSENT else "any version")
        was, will_be = state(version, held=held), state(wanted, held=held or hold)
        if was != will_be:
            before[package["name"]], after[package["name"]] = was, will_be
    return before, after


def run(module: AnsibleModule, *command: str, data: str | None = None) -> None:
    """Run a command; its error lines are the module's message."""
    rc, out, err = module.run_command(list(command), environ_update=ENVIRONMENT, data=data)
    if rc != 0:
        errors = [
            line for line in (err + out).splitlines() if line.startswith(("E:", "dpkg: error"))
        ]
        said = "; ".join(errors) or err.strip() or out.strip()
        module.fail_json(msg=f"{' '.join(command)} ended with {rc}: {said}", rc=rc)


def install(module: AnsibleModule, packages: list[dict[str, str]]) -> None:
    """Bring all packages to their versions at once, also after a run that was cut short."""
    names = [p["name"] + (f"={p['version']}" if p["version"] else "") for p in packages]
    run(module, "dpkg", "--configure", "-a")
    run(module, *APT_GET, "--option=APT::Update::Error-Mode=any", "update")
    run(
        module, *APT_GET, "--no-install-recommends", "--allow-downgrades",
        "--allow-change-held-packages", "install", *names,
    )  # fmt: skip


def other_versions(
    packages: list[dict[str, str]], actual: dict[str, tuple[str, bool]]
) -> list[str]:
    """Return the packages that are absent or have another version."""
    return [
        p["name"]
        for p in packages
        if p["name"] not in actual or (p["version"] and p["version"] != actual[p["name"]][0])
    ]


def loaded(module: AnsibleModule, names: list[str]) -> list[str]:
    """Return those packages that only a reboot brings into use."""
    patterns = module.params["loaded"]
    return [name for name in names if any(fnmatch.fnmatch(name, p) for p in patterns)]


def converge(module: AnsibleModule, packages: list[dict[str, str]], other: list[str]) -> None:
    """Install what has another version, then hold what must be held."""
    if other:
        # Written first: a run that is cut short must not forget the reboot.
        if module.params["mark"] and loaded(module, other):
            Path(module.params["mark"]).write_text("".join(f"{name}\n" for name in other))
        install(module, packages)
    if module.params["hold"]:
        selections = "".join(f"{p['name']} hold\n" for p in packages)
        run(module, "dpkg", "--set-selections", data=selections)


def show(name: str, before: str, after: str) -> dict[str, str]:
    """Show one package for `--diff`, which wants whole lines."""
    lines = {"before": before and f"{before}\n", "after": f"{after}\n"}
    return {"before_header": name, "after_header": name, **lines}


def waiting(name: str, before: str, after: str) -> dict[str, str]:
    """Report one package that may not change now."""
    remedy = "allow a reboot of the host, or take it out of service"
    return {"subject": name, "before": before, "after": after, "remedy": remedy}


def result(module: AnsibleModule, packages: list[dict[str, str]]) -> dict[str, object]:
    """Bring the packages to their versions, or say what would change and what has to wait."""
    names = [p["name"] for p in packages]
    actual = installed(module, names) if names else {}
    before, after = compare(packages, actual, hold=module.params["hold"])
    other = other_versions(packages, actual)
    pending = []
    if not module.params["replace"] and any(name in actual for name in loaded(module, other)):
        # The packages belong together, so one that has to wait makes all of them wait.
        pending, before = [waiting(name, before[name], after[name]) for name in before], {}
    elif before and not module.check_mode:
        converge(module, packages, other)
        actual = installed(module, names)
    mark = module.params["mark"]
    return {
        "changed": bool(before),
        "missing": [name for name in names if name not in actual],
        "marked": bool(mark) and Path(mark).exists(),
        "pending": pending,
        "diff": [show(name, before[name], after[name]) for name in before],
    }


def main() -> None:
    """Compare, and converge unless in check mode."""
    required = {"type": "str", "required": True}
    package = {"name": required, "version": required}
    patterns = {"type": "list", "elements": "str", "default": []}
    module = AnsibleModule(
        argument_spec={
            "packages": {"type": "list", "elements": "dict", "default": [], "options": package},
            "names": {"type": "list", "elements": "str", "default": []},
            "hold": {"type": "bool", "default": False},
            "loaded": patterns,
            "mark": {"type": "path"},
            "replace": {"type": "bool", "default": True},
        },
        supports_check_mode=True,
    )
    any_version = [{"name": name, "version": ""} for name in module.params["names"]]
    module.exit_json(**result(module, module.params["packages"] + any_version))


if __name__ == "__main__":
    main()
