"""Whoever writes into a site's vault."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from clusterwright.access.gathered import Gathered
from clusterwright.access.vault import (
    CERTIFICATE,
    CHANGED,
    PREVIOUS,
    ROTATION,
    TAKEN_OVER,
    Login,
    Made,
)
from clusterwright.vault_file import Secrets, change_vault, read_vault


class Keeper:
    """Writes what has changed into a vault, one after the other.

    Encrypting it takes a while: whoever comes meanwhile is served by the one write that follows.
    """

    def __init__(self, file: Path, passphrase_file: Path | None = None) -> None:
        self._file, self._passphrase_file = file, passphrase_file
        self._vault = Gathered[Secrets](
            lambda change: change_vault(file, change, passphrase_file),
        )

    @property
    def writes(self) -> int:
        """How often the vault has been written: one read before the last time is out of date."""
        return self._vault.writes

    async def keep(
        self, name: str, login: Login, previous: Login | None, made: Made | None = None
    ) -> None:
        """Write a login; `previous` stays beside it until the device has proven the new one."""

        def change(secrets: Secrets) -> Secrets:
            return {**secrets, name: _kept(secrets.get(name, {}), login, previous, made)}

        await self._vault.change(change)

    async def read(self, name: str) -> Mapping[str, str]:
        """Return all that lies under a name now; nothing where there is no such name."""
        async with self._vault.turn:
            secrets = await asyncio.to_thread(read_vault, self._file, self._passphrase_file)
        return secrets.get(name, {})

    async def put(self, name: str, secret: Mapping[str, str]) -> None:
        """Write what shall lie under a name; nothing takes the name away."""

        def change(secrets: Secrets) -> Secrets:
            others = {other: kept for other, kept in secrets.items() if other != name}
            return {**others, name: secret} if secret else others

        await self._vault.change(change)


def _kept(
    known: Mapping[str, str], login: Login, previous: Login | None, made: Made | None
) -> Mapping[str, str]:
    secret = {**known, "username": login.username, "password": login.password}
    secret.pop(PREVIOUS, None)
    if previous:
        secret[PREVIOUS] = previous.password
    if made and made.changed:
        secret |= {ROTATION: str(made.rotation), CHANGED: made.changed.isoformat()}
    if made and made.taken_over:
        secret[TAKEN_OVER] = "yes"
    if made and made.certificate:
        secret[CERTIFICATE] = made.certificate
    return secret
