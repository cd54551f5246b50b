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
  reboot_after:
    description: Patterns of packages that are in use only after a reboot.
    type: list
    elements: str
    default: []
"""

EXAMPLES = """
- name: Install the driver
  debian_packages:
    packages: [{name: nvidia-open, version: 580.178.04-1}]
    hold: true
    reboot_after: [nvidia-*]
"""

RETURN = """
missing:
  description: Packages that are not installed; only check mode leaves any.
  type: list
  returned: always
"""

ABSENT = "absent"
REBOOT_REQUIRED = Path("/run/reboot-required")
REBOOT_REQUIRED_PACKAGES = Path("/run/reboot-required.pkgs")
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
        errors = [line for line in (err + out).splitlines() if line.startswith(("E:", "dpkg: error"))]
        said = "; ".join(errors) or err.strip() or out.strip()
        module.fail_json(msg=f"{' '.join(command)} ended with {rc}: {said}", rc=rc)


def mark_reboot(changed: list[str], patterns: list[str]) -> None:
    """Leave Debian's own marks that the host must reboot before it uses `changed`."""
    waiting = [name for name in changed if any(fnmatch.fnmatch(name, p) for p in patterns)]
    if waiting:
        REBOOT_REQUIRED.write_text("*** System restart required ***\n")
        with REBOOT_REQUIRED_PACKAGES.open("a") as file:
            file.writelines(f"{name}\n" for name in waiting)


def install(module: AnsibleModule, packages: list[dict[str, str]]) -> None:
    """Bring all packages to their versions at once, also after a run that was cut short."""
    names = [p["name"] + (f"={p['version']}" if p["version"] else "") for p in packages]
    run(module, "dpkg", "--configure", "-a")
    run(module, *APT_GET, "--option=APT::Update::Error-Mode=any", "update")
    run(
        module, *APT_GET, "--no-install-recommends", "--allow-downgrades",
        "--allow-change-held-packages", "install", *names,
    )  # fmt: skip


def converge(
    module: AnsibleModule, packages: list[dict[str, str]], actual: dict[str, tuple[str, bool]]
) -> None:
    """Install what has another version, then hold what must be held."""
    other = [
        p["name"]
        for p in packages
        if p["name"] not in actual or (p["version"] and p["version"] != actual[p["name"]][0])
    ]
    if other:
        # Marked first: a run that is cut short must not forget the reboot.
        mark_reboot(other, module.params["reboot_after"])
        install(module, packages)
    if module.params["hold"]:
        selections = "".join(f"{p['name']} hold\n" for p in packages)
        run(module, "dpkg", "--set-selections", data=selections)


def as_text(states: dict[str, str]) -> str:
    """Print states for `--diff`."""
    return "".join(f"{name} {text}\n" for name, text in states.items())


def main() -> None:
    """Compare, and converge unless in check mode."""
    required = {"type": "str", "required": True}
    package = {"name": required, "version": required}
    module = AnsibleModule(
        argument_spec={
            "packages": {"type": "list", "elements": "dict", "default": [], "options": package},
            "names": {"type": "list", "elements": "str", "default": []},
            "hold": {"type": "bool", "default": False},
            "reboot_after": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    any_version = [{"name": name, "version": ""} for name in module.params["names"]]
    packages = module.params["packages"] + any_version
    names = [p["name"] for p in packages]
    actual = installed(module, names) if names else {}
    before, after = compare(packages, actual, hold=module.params["hold"])
    if before and not module.check_mode:
        converge(module, packages, actual)
        actual = installed(module, names)
    module.exit_json(
        changed=bool(before),
        missing=[name for name in names if name not in actual],
        diff={"before": as_text(before), "after": as_text(after)},
    )


if __name__ == "__main__":
    main()
