"""The answer file of Debian's installer."""

import shlex
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from clusterwright.design.plan import (
    Installation,
    InstallationImage,
    InstallationStorage,
    InstallationUser,
)
from clusterwright.render.answer.target import NO_PASSWORD, finish, let_in, password_of
from clusterwright.render.environment import render_template


def render_preseed(installation: Installation) -> str:
    """Render preseed.cfg."""
    mirror = urlsplit(installation.image.mirror)
    root, others = _users(installation.users)
    return render_template(
        "answer/preseed.cfg.j2",
        release=installation.image.release,
        protocol=mirror.scheme,
        mirror_host=mirror.netloc,
        mirror_folder=mirror.path or "/",
        security=_security(installation.image),
        time_server=installation.time_servers[0],
        root_password=password_of(root) if root else NO_PASSWORD,
        find_disk=_find_disk(installation.storage),
        lvm=installation.storage.layout == "lvm",
        filesystem=installation.storage.filesystem,
        packages=" ".join(installation.packages),
        commands=[_in_target(command) for command in _commands(installation, others)],
    )


def _users(
    users: Sequence[InstallationUser],
) -> tuple[InstallationUser | None, Sequence[InstallationUser]]:
    root = next((user for user in users if user.name == "root"), None)
    return root, [user for user in users if user.name != "root"]


def _security(image: InstallationImage) -> str:
    """Return the line of a source; the installer's own would be a host that sites cannot reach."""
    mirror = image.security_mirror
    return f"{mirror} {image.release}-security main" if mirror else ""


def _find_disk(storage: InstallationStorage) -> str:
    """Return a shell word that is the disk's path; partman knows disks by no other name."""
    if storage.disk_serial:
        # A disk may have several names that end so, and the installer's readlink takes one.
        return f"$(readlink -f $(ls -d /dev/disk/by-id/*{storage.disk_serial} | head -n 1))"
    return f"$(readlink -f {storage.disk_path})"


def _commands(installation: Installation, others: Sequence[InstallationUser]) -> Iterator[str]:
    # The installer would make one user itself, but asks again where a name is one of its list.
    for user in others:
        options = f"--create-home --shell /bin/bash --password '{password_of(user)}'"
        yield f"useradd {options} {user.name}"
    for user in installation.users:
        yield from let_in(user)
    yield from finish(installation)


def _in_target(command: str) -> str:
    return f"in-target sh -c {shlex.quote(command)}"
