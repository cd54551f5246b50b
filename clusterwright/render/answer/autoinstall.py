"""The answer file of Ubuntu's installer."""

from typing import Any

from clusterwright.design.plan import Installation, InstallationStorage, InstallationUser
from clusterwright.render.answer.target import finish, keys_of, password_of
from clusterwright.render.environment import render_template, render_yaml

_ORIGIN = "clusterwright.render.answer.autoinstall.render_autoinstall"


def render_autoinstall(installation: Installation) -> str:
    """Render user-data."""
    answers = render_yaml({"autoinstall": _answers(installation)}, _ORIGIN)
    return render_template("answer/user-data.j2", answers=answers)


def _answers(installation: Installation) -> dict[str, Any]:
    return {
        "version": 1,
        "locale": "en_US.UTF-8",
        "keyboard": {"layout": "us"},
        "timezone": "UTC",
        "apt": {
            "geoip": False,
            "mirror-selection": {"primary": [{"uri": installation.image.mirror}]},
        },
        "storage": {"layout": _layout(installation.storage)},
        "ssh": {"install-server": True, "allow-pw": False},
        "packages": list(installation.packages),
        # In place of `identity`, which knows one user and no keys.
        "user-data": {
            "hostname": installation.host,
            "fqdn": f"{installation.host}.{installation.domain}",
            "disable_root": False,
            # The first boot would otherwise make others than those that were reported.
            "ssh_deletekeys": False,
            "users": [_user(user) for user in installation.users],
        },
        "late-commands": [
            ["curtin", "in-target", "--", "sh", "-c", command] for command in finish(installation)
        ],
        "shutdown": "reboot",
    }


def _layout(storage: InstallationStorage) -> dict[str, Any]:
    chosen = {
        "path": storage.disk_path,
        "serial": storage.disk_serial,
        "size": storage.disk_size,
    }
    match = {name: value for name, value in chosen.items() if value}
    return {"name": storage.layout, "match": match}


def _user(user: InstallationUser) -> dict[str, Any]:
    sudo = {"sudo": "ALL=(ALL) NOPASSWD:ALL"} if user.sudo else {}
    return {
        "name": user.name,
        "shell": "/bin/bash",
        "lock_passwd": not user.password_secret,
        "hashed_passwd": password_of(user),
        "ssh_authorized_keys": list(keys_of(user)),
        **sudo,
    }
