"""User names and passwords of devices, by the names that the plan uses."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from clusterwright.errors import UsageError
from clusterwright.vault_file import read_vault, write_vault

PREVIOUS = "previous_password"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How a device knows its operator; the password never shows in a representation."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """The opened vault of one site."""

    file: Path
    secrets: Mapping[str, Mapping[str, str]] = field(repr=False)

    def login(self, name: str) -> Login:
        """Return the user name and password kept under `name`, such as bmc/su1-n1.

        Raises:
            UsageError: the vault has no complete login of that name.
        """
        secret = self.secrets.get(name, {})
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
        before = self.secrets[name].get(PREVIOUS)
        return (login, replace(login, password=before)) if before else (login,)


class Keeper:
    """Writes what has changed into a vault, one after the other."""

    def __init__(self, file: Path, passphrase_file: Path | None = None) -> None:
        self._file, self._passphrase_file = file, passphrase_file
        self._turn = asyncio.Lock()

    async def keep(self, name: str, login: Login, previous: Login | None) -> None:
        """Write a login; `previous` stays beside it until the device has proven the new one."""
        async with self._turn:
            await asyncio.to_thread(self._write, name, login, previous)

    async def read(self, name: str) -> Mapping[str, str]:
        """Return all that lies under a name now; nothing where there is no such name."""
        async with self._turn:
            secrets = await asyncio.to_thread(read_vault, self._file, self._passphrase_file)
        return secrets.get(name, {})

    async def put(self, name: str, secret: Mapping[str, str]) -> None:
        """Write what shall lie under a name; nothing takes the name away."""
        async with self._turn:
            await asyncio.to_thread(self._put, name, secret)

    def _put(self, name: str, secret: Mapping[str, str]) -> None:
        secrets = dict(read_vault(self._file, self._passphrase_file))
        secrets.pop(name, None)
        kept = {**secrets, name: secret} if secret else secrets
        write_vault(self._file, kept, self._passphrase_file)

    def _write(self, name: str, login: Login, previous: Login | None) -> None:
        secrets = read_vault(self._file, self._passphrase_file)
        secret = {**secrets.get(name, {}), "username": login.username, "password": login.password}
        secret.pop(PREVIOUS, None)
        if previous:
            secret[PREVIOUS] = previous.password
        write_vault(self._file, {**secrets, name: secret}, self._passphrase_file)


def open_vault(file: Path, passphrase_file: Path | None = None) -> Vault:
    """Decrypt `file` with the passphrase in `passphrase_file`.

    Without one, $PULUMI_CONFIG_PASSPHRASE_FILE says where the passphrase lies.

    Raises:
        UsageError: there is no passphrase or no vault, or they do not fit.
    """
    return Vault(file=file, secrets=read_vault(file, passphrase_file))
