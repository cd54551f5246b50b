"""Doing what an answer file asks for: packages, users, keys, late commands."""

import json
from collections.abc import Awaitable

from clusterwright.errors import HostError
from clusterwright.lab.installer.answer import Answer, User
from clusterwright.lab.installer.disks import choose, divided
from clusterwright.lab.installer.environment import PROGRAMS, Environment

_SOURCES = f"{PROGRAMS}/sources.list"
_APT = (
    "apt-get", "--quiet", "--option", f"Dir::Etc::SourceList={_SOURCES}",
    "--option", "Dir::Etc::SourceParts=/nonexistent",
)  # fmt: skip


async def act(host: str, answer: Answer, environment: Environment) -> dict[str, object]:
    """Make a system of the answer; return what its disk holds.

    Raises:
        HostError: a step failed; the sentence says which.
    """
    disk = divided(choose(host, answer.disk), answer.layout, answer.filesystem)
    await _step("hostname", _name(answer, environment))
    await environment.write("/etc/emulated-disks.json", json.dumps(disk, indent=2) + "\n")
    await _step("packages", _install(answer, environment))
    if "openssh-server" in answer.packages:
        await _step("host keys", environment.run("ssh-keygen", "-A"))
    else:
        await environment.run("systemctl", "--root=/", "disable", "ssh.service")
    for user in answer.users:
        await _step(f"user {user.name}", _add(user, environment))
    for command in answer.late:
        await _step("late command", environment.shell(command))
    await environment.run("rm", "--force", "/target")
    await environment.shell("rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin")
    return dict(disk)


async def _step(name: str, work: Awaitable[object]) -> None:
    try:
        await work
    except HostError as error:
        raise HostError(f"{name}: failed: {error}") from error


async def _name(answer: Answer, environment: Environment) -> None:
    await environment.write("/etc/hostname", f"{answer.hostname}\n")
    hosts = f"127.0.0.1 localhost\n::1 localhost ip6-localhost\n127.0.1.1 {answer.hostname}\n"
    await environment.write("/etc/hosts", hosts)
    await environment.run("hostname", answer.hostname)
    await environment.run("rm", "--force", "/etc/machine-id")
    await environment.run("systemd-machine-id-setup")


async def _install(answer: Answer, environment: Environment) -> None:
    source = f"deb [signed-by={PROGRAMS}/archive.asc] {answer.mirror} {answer.release} main\n"
    await environment.write(_SOURCES, source)
    await environment.run(*_APT, "--option", "APT::Update::Error-Mode=any", "update")
    await environment.run(*_APT, "--yes", "--no-install-recommends", "install", *answer.packages)


async def _add(user: User, environment: Environment) -> None:
    if user.name != "root":
        shell = ("--create-home", "--shell", "/bin/bash")
        await environment.run("useradd", *shell, "--password", user.password_hash, user.name)
    else:
        await environment.run("usermod", "--password", user.password_hash, "root")
    home = "/root" if user.name == "root" else f"/home/{user.name}"
    if user.keys:
        owner = ("-o", user.name, "-g", user.name)
        await environment.run("install", "-d", "-m", "0700", *owner, f"{home}/.ssh")
        file = f"{home}/.ssh/authorized_keys"
        await environment.write(file, "\n".join(user.keys) + "\n")
        await environment.run("chown", f"{user.name}:{user.name}", file)
        await environment.run("chmod", "0600", file)
    if user.sudo:
        rule = f"{user.name} ALL=(ALL) NOPASSWD:ALL\n"
        await environment.write(f"/etc/sudoers.d/90-{user.name}", rule)
