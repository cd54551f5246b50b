"""What a server's firmware boots in place of its disk."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """An image behind a URL. `authorities` are the CAs, in PEM, that may vouch for its server.

    None is a virtual drive, whose controller asks nobody; HTTPS boot trusts exactly those given.
    """

    url: str
    authorities: tuple[str, ...] | None = None
