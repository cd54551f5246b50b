"""User names and passwords of devices, by the names that the plan uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from clusterwright.errors import UsageError
from clusterwright.vault_file import read_vault

PREVIOUS, ROTATION, CHANGED = "previous_password", "rotation", "changed"
TAKEN_OVER, CERTIFICATE = "taken_over", "certificate"


def factory_secret(device: str) -> str:
    """Return the name under which the login lies that a device was delivered with."""
    return f"factory/{device}"


def came_with(secret: str) -> str:
    """Return under which name the factory's login of a controller lies: boards share a server's."""
    return factory_secret(secret.rpartition("/")[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How a device knows its operator; the password never shows in a representation."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Which rotation a password was made in and on which day, where that is known."""

    rotation: int = 0
    changed: date | None = None
    half_changed: bool = False
    taken_over: bool = False
    """Whether the controller has had a certificate of the site's CA: then only that counts."""
    certificate: str = ""
    """The serial number of that certificate in hexadecimal digits, by which it can be revoked."""

    def age_days(self) -> int | None:
        """Return how old it is today."""
        return (datetime.now(UTC).date() - self.changed).days if self.changed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """The opened vault of one site."""

    file: Path
    secrets: Mapping[str, Mapping[str, str]] = field(repr=False)

    def login(self, name: str) -> Login:
        """Return the user name and password kept under `name`, such as bmc/su1-n1.

        Until there is one, it is the one that the device was delivered with (factory/su1-n1).

        Raises:
            UsageError: the vault has no complete login of that name.
        """
        secret = self._secret(name)
        missing = [key for key in ("username", "password") if not secret.get(key)]
        if missing:
            raise UsageError(
                f"secret {name}: {self.file} has no {' and no '.join(missing)} under that name; "
                f"add it with: ansible-vault edit {self.file}"
            )
        return Login(username=secret["username"], password=secret["password"])

    def value(self, name: str, key: str) -> str:
        """Return something else than a login that is kept under `name`, such as a public key.

        Raises:
            UsageError: the vault has no such value.
        """
        value = self.secrets.get(name, {}).get(key, "")
        if not value:
            raise UsageError(
                f"secret {name}: {self.file} has no {key} under that name; "
                f"add it with: ansible-vault edit {self.file}"
            )
        return value

    def logins(self, name: str) -> tuple[Login, ...]:
        """Return the login and, where a change of it was interrupted, the one before it."""
        login = self.login(name)
        before = self._secret(name).get(PREVIOUS)
        return (login, replace(login, password=before)) if before else (login,)

    def _secret(self, name: str) -> Mapping[str, str]:
        return self.secrets.get(name) or self.secrets.get(came_with(name), {})

    def has(self, name: str) -> bool:
        """Whether there is a login of that name."""
        return bool(self.secrets.get(name, {}).get("password"))

    def made(self, name: str) -> Made:
        """Return what is known of how a password came to be."""
        secret = self.secrets.get(name, {})
        rotation, changed = secret.get(ROTATION, "0"), secret.get(CHANGED, "")
        try:
            return Made(
                rotation=int(rotation),
                changed=date.fromisoformat(changed) if changed else None,
                half_changed=PREVIOUS in secret,
                taken_over=TAKEN_OVER in secret,
                certificate=secret.get(CERTIFICATE, ""),
            )
        except ValueError as error:
            raise UsageError(
                f"secret {name}: {self.file}: {ROTATION} is {rotation} and {CHANGED} is {changed}, "
                f"but must be a number and a day such as 2026-11-28; correct them, or leave them "
                f"out, with: ansible-vault edit {self.file}"
            ) from error


def open_vault(file: Path, passphrase_file: Path | None = None) -> Vault:
    """Decrypt `file` with the passphrase in `passphrase_file`.

    Without one, $PULUMI_CONFIG_PASSPHRASE_FILE says where the passphrase lies.

    Raises:
        UsageError: there is no passphrase or no vault, or they do not fit.
    """
    return Vault(file=file, secrets=read_vault(file, passphrase_file))
