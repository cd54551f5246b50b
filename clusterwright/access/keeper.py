"""Whoever writes into a site's vault."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

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

Change = Callable[[Secrets], Secrets]


class Keeper:
    """Writes what has changed into a vault, one after the other.

    Encrypting it takes a while: whoever comes meanwhile is served by the one write that follows.
    """

    def __init__(self, file: Path, passphrase_file: Path | None = None) -> None:
        self._file, self._passphrase_file = file, passphrase_file
        self._turn = asyncio.Lock()
        self._waiting: list[Change] = []
        self.writes = 0
        """How often the vault has been written: one read before the last time is out of date."""

    async def keep(
        self, name: str, login: Login, previous: Login | None, made: Made | None = None
    ) -> None:
        """Write a login; `previous` stays beside it until the device has proven the new one."""

        def change(secrets: Secrets) -> Secrets:
            return {**secrets, name: _kept(secrets.get(name, {}), login, previous, made)}

        await self._change(change)

    async def read(self, name: str) -> Mapping[str, str]:
        """Return all that lies under a name now; nothing where there is no such name."""
        async with self._turn:
            secrets = await asyncio.to_thread(read_vault, self._file, self._passphrase_file)
        return secrets.get(name, {})

    async def put(self, name: str, secret: Mapping[str, str]) -> None:
        """Write what shall lie under a name; nothing takes the name away."""

        def change(secrets: Secrets) -> Secrets:
            others = {other: kept for other, kept in secrets.items() if other != name}
            return {**others, name: secret} if secret else others

        await self._change(change)

    async def _change(self, change: Change) -> None:
        """Return when the change is written, by ourselves or by whoever had the turn before."""
        self._waiting.append(change)
        async with self._turn:
            if change not in self._waiting:
                return
            batch, self._waiting = self._waiting, []
            try:
                await asyncio.to_thread(self._write, batch)
            except BaseException:
                # Whoever waits for one of the others tries it anew, and hears why it fails.
                self._waiting = [one for one in batch if one is not change] + self._waiting
                raise

    def _write(self, batch: Sequence[Change]) -> None:
        def change(secrets: Secrets) -> Secrets:
            for one in batch:
                secrets = one(secrets)
            return secrets

        change_vault(self._file, change, self._passphrase_file)
        self.writes += 1


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
