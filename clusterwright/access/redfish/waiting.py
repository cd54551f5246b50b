"""What a conversation waits for, so that whoever looks on can be told since when and until when."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta


class Waiting:
    """The innermost wait of one conversation; there is none where it is as quiet as can be."""

    def __init__(self) -> None:
        self._what = ""
        self._times = ""

    @contextmanager
    def until(self, deadline_s: float) -> Iterator[None]:
        """Wait for something, at most so long; an outer wait goes on afterwards."""
        outer = self._what, self._times
        since = datetime.now().astimezone()
        ends = since + timedelta(seconds=deadline_s)
        self._what = ""
        self._times = f"waits since {since:%H:%M:%S}, until {ends:%H:%M:%S} at the latest"
        try:
            yield
        finally:
            self._what, self._times = outer

    def see(self, what: str) -> None:
        """Take note of what is not yet as it shall be."""
        self._what = what

    def __str__(self) -> str:
        return f"{self._what}; {self._times}" if self._what else ""
