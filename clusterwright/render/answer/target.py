"""Commands for the shell of the installed system, before it boots for the first time."""

from collections.abc import Iterator

from clusterwright.design.plan import Installation, InstallationUser

FOLDER = "/etc/clusterwright"
MARKER = f"{FOLDER}/installation"
CA = f"{FOLDER}/boot-ca.pem"
# No password fits. Debian's installer takes an exclamation mark for no answer, and asks.
NO_PASSWORD = "*"  # noqa: S105 - the absence of one
HOST_KEY = "/etc/ssh/ssh_host_ed25519_key.pub"
# The service may be away for a while, where `clusterwright up` was interrupted: half an hour.
_REPORT = (
    "curl --silent --show-error --fail --retry 360 --retry-delay 5 --retry-connrefused "
    f"--cacert {CA} --data-binary @{HOST_KEY} @@report-url@@"
)


def finish(installation: Installation) -> Iterator[str]:
    """Yield what both installers do last: the definition's commands, a marker, the report."""
    yield f"mkdir -p {FOLDER}"
    yield f"echo @@ca@@ | base64 -d > {CA}"
    yield from installation.late_commands
    yield f'echo "@@digest@@ @@again@@" > {MARKER}'
    yield _REPORT


def keys_of(user: InstallationUser) -> tuple[str, ...]:
    """Return the keys that open for a user; one of the vault's is filled in later."""
    kept = (f"@@key {user.key_secret}@@",) if user.key_secret else ()
    return (*user.authorized_keys, *kept)


def let_in(user: InstallationUser) -> Iterator[str]:
    """Yield what gives a user its keys and its rights."""
    home = "/root" if user.name == "root" else f"/home/{user.name}"
    keys = keys_of(user)
    if keys:
        yield f"install -d -m 0700 -o {user.name} -g {user.name} {home}/.ssh"
        for key in keys:
            yield f'echo "{key}" >> {home}/.ssh/authorized_keys'
        yield f"chown {user.name}:{user.name} {home}/.ssh/authorized_keys"
        yield f"chmod 0600 {home}/.ssh/authorized_keys"
    if user.sudo:
        file = f"/etc/sudoers.d/90-{user.name}"
        yield f'echo "{user.name} ALL=(ALL) NOPASSWD:ALL" > {file}'
        yield f"chmod 0440 {file}"


def password_of(user: InstallationUser) -> str:
    """Return the hash of a user's password, which is filled in later; without one, none fits."""
    return f"@@password-hash {user.password_secret}@@" if user.password_secret else NO_PASSWORD
