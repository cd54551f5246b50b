"""User names and passwords of devices, by the names that the plan uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clusterwright.errors import UsageError
from clusterwright.vault_file import read_vault


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


def open_vault(file: Path, passphrase_file: Path | None = None) -> Vault:
    """Decrypt `file` with the passphrase in `passphrase_file`.

    Without one, $PULUMI_CONFIG_PASSPHRASE_FILE says where the passphrase lies.

    Raises:
        UsageError: there is no passphrase or no vault, or they do not fit.
    """
    return Vault(file=file, secrets=read_vault(file, passphrase_file))
