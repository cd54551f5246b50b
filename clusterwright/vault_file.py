"""A file of secrets in the format of Ansible Vault."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from clusterwright.errors import UsageError
from clusterwright.lock_file import alone_with
from clusterwright.whole_file import replace_file

if TYPE_CHECKING:
    from ansible.parsing.vault import VaultLib  # type: ignore[import-untyped]

VARIABLE = "PULUMI_CONFIG_PASSPHRASE_FILE"
Secrets = Mapping[str, Mapping[str, str]]
# In C, where PyYAML was built with it: a vault is read and written for every password that changes.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def read_vault(file: Path, passphrase_file: Path | None = None) -> Secrets:
    """Return what `file` holds: user name and password by the secret's name.

    Raises:
        UsageError: there is no passphrase or no vault, they do not fit, or the content is not
            a mapping of mappings.
    """
    opener = _passphrase_file(passphrase_file)
    library = _library(opener)
    try:
        encrypted = file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"vault {file}: cannot be read ({error.strerror}); "
            f"make it with: ansible-vault create {file}"
        ) from error
    if not library.is_encrypted(encrypted):
        raise UsageError(
            f"vault {file}: is not encrypted with Ansible Vault; "
            f"encrypt it with: ansible-vault encrypt {file}"
        )
    return _parse(file, _decrypt(library, file, encrypted, opener))


def write_vault(file: Path, secrets: Secrets, passphrase_file: Path | None = None) -> None:
    """Encrypt `secrets` into `file`, which appears whole or not at all, for its owner only."""
    content = {name: dict(secret) for name, secret in secrets.items()}
    text = yaml.dump(content, Dumper=_Dumper)
    encrypted = _library(_passphrase_file(passphrase_file)).encrypt(text.encode())
    replace_file(file, encrypted)


def change_vault(
    file: Path, change: Callable[[Secrets], Secrets], passphrase_file: Path | None = None
) -> None:
    """Replace what `file` holds by what `change` makes of it, while nobody else writes it.

    A vault that is not there is empty, and made where there is something to keep.
    """
    with alone_with(file):
        before = read_vault(file, passphrase_file) if file.is_file() else {}
        after = change(before)
        if after != before:
            write_vault(file, after, passphrase_file)


def _passphrase_file(given: Path | None) -> Path:
    named = given or os.environ.get(VARIABLE)
    if not named:
        raise UsageError(
            f"passphrase: {VARIABLE} is not set, and it opens the site's vault; "
            f"set it to the file that holds the passphrase: export {VARIABLE}=FILE"
        )
    return Path(named)


def _library(passphrase_file: Path) -> "VaultLib":
    # Ansible reads its configuration file when it is imported: not before a vault is needed.
    from ansible.parsing.vault import VaultLib, VaultSecret  # noqa: PLC0415

    return VaultLib(secrets=[("default", VaultSecret(_passphrase(passphrase_file)))])


def _decrypt(library: "VaultLib", file: Path, encrypted: bytes, opener: Path) -> bytes:
    from ansible.errors import AnsibleError  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        return bytes(library.decrypt(encrypted))
    except AnsibleError as error:
        raise UsageError(
            f"vault {file}: the passphrase in {opener} does not open it; "
            f"point {VARIABLE} to the passphrase of this site"
        ) from error


def _passphrase(file: Path) -> bytes:
    try:
        passphrase = file.read_bytes().strip()
    except OSError as error:
        raise UsageError(
            f"passphrase file {file}: cannot be read ({error.strerror}); "
            f"set {VARIABLE} to the file that holds the passphrase"
        ) from error
    if not passphrase:
        raise UsageError(
            f"passphrase file {file}: is empty; write the site's passphrase into it, "
            f"or set {VARIABLE} to another file"
        )
    return passphrase


def _parse(file: Path, text: bytes) -> Secrets:
    content = yaml.load(text, Loader=_Loader)  # noqa: S506 - one of the two safe ones
    whole = isinstance(content, dict) and all(isinstance(v, dict) for v in content.values())
    if not whole:
        raise UsageError(
            f"vault {file}: must hold a mapping of names to username and password; "
            f"correct it with: ansible-vault edit {file}"
        )
    return {
        str(name): {str(key): str(value) for key, value in secret.items()}
        for name, secret in content.items()
    }
