"""An answer file as it is served: with what must not lie anywhere else."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clusterwright.access.os_install.order import Order
from clusterwright.access.vault import Vault
from clusterwright.errors import UsageError

_GAP = re.compile(r"@@([\w-]+)(?: ([\w./-]+))?@@")
# Both stand between quotes of a shell, and a line end would begin another answer.
_GOOD = {
    "key": ("public_key", re.compile(r"[\w-]+@?[\w.-]* [A-Za-z0-9+/=]+( [\w@. -]+)?")),
    "password-hash": ("password_hash", re.compile(r"\$[\w./$=,+-]+")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filler:
    """Fills the gaps of an answer file and its boot menu."""

    order: Order
    vault: Vault = field(repr=False)
    ca_file: Path

    def fill(self, text: str, words: Mapping[str, str]) -> str:
        """Return the text with every gap filled: by `words`, else from the vault.

        Raises:
            UsageError: the vault has no such secret, or one that cannot stand in an answer file.
        """
        known = {
            "digest": self.order.digest,
            "again": self.order.again,
            "ca": b64encode(self.ca_file.read_bytes()).decode(),
            **words,
        }

        def value(gap: re.Match[str]) -> str:
            return known[gap[1]] if gap[2] is None else self._secret(gap[1], gap[2])

        return _GAP.sub(value, text)

    def _secret(self, what: str, name: str) -> str:
        key, form = _GOOD[what]
        value = self.vault.value(name, key).strip()
        if not form.fullmatch(value):
            raise UsageError(
                f"secret {name}: its {key} has a form that no answer file can hold; correct it "
                f"with: ansible-vault edit {self.vault.file}"
            )
        return value
