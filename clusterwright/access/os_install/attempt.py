"""What an installation that is under way leaves in the vault, should its run be interrupted."""

from dataclasses import asdict, dataclass, field

from clusterwright.access.boot_service import Tokens
from clusterwright.access.keeper import Keeper
from clusterwright.access.os_install.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An installation that has begun. `monitor` is the controller's task of its reset.

    Once the host has `fetched` its answer file, it goes on by itself, and reports to whoever
    serves with the same tokens.
    """

    digest: str
    again: str
    tokens: Tokens
    fetched: bool = False
    monitor: str = ""

    def is_for(self, order: Order) -> bool:
        """Say whether it installs just what is ordered."""
        return (self.digest, self.again) == (order.digest, order.again)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """The attempts of a site, by host."""

    keeper: Keeper = field(repr=False)

    async def find(self, host: str) -> Attempt | None:
        """Return what an interrupted run has left of a host's installation."""
        kept = await self.keeper.read(_name(host))
        if not kept:
            return None
        tokens = Tokens(**{name: kept[f"{name}_token"] for name in ("medium", "answer", "report")})
        return Attempt(
            digest=kept["digest"],
            again=kept["again"],
            tokens=tokens,
            fetched=kept["fetched"] == "yes",
            monitor=kept["monitor"],
        )

    async def keep(self, host: str, attempt: Attempt) -> None:
        """Write it down before the host can act on it."""
        tokens = {f"{name}_token": value for name, value in asdict(attempt.tokens).items()}
        secret = {
            **tokens,
            "digest": attempt.digest,
            "again": attempt.again,
            "fetched": "yes" if attempt.fetched else "no",
            "monitor": attempt.monitor,
        }
        await self.keeper.put(_name(host), secret)

    async def forget(self, host: str) -> None:
        """Take it away: the installation has ended, well or badly."""
        await self.keeper.put(_name(host), {})


def _name(host: str) -> str:
    return f"install/{host}"
