"""Time as a controller tells it."""

from datetime import UTC, datetime, timedelta


def now(offset_s: float = 0.0) -> str:
    """Return the time as Redfish writes it; `offset_s` is by how much a clock is wrong."""
    return (datetime.now(UTC) + timedelta(seconds=offset_s)).strftime("%Y-%m-%dT%H:%M:%SZ")


def offset_of(given: str) -> float:
    """Return by how much a clock is wrong after it was set to `given`.

    Raises:
        ValueError: this is no time.
    """
    return (datetime.fromisoformat(given) - datetime.now(UTC)).total_seconds()
