"""Leak detectors, and how their device reacts to what they find."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from clusterwright.lab.facility.checks import number, one_of
from clusterwright.lab.facility.fragments import link, status
from clusterwright.lab.facility.journal import Journal
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.tree import Body, Tree, Writable

REACTIONS = ("None", "GracefulShutdown", "ForceOff")


class LeakDetector:
    """A rope or a float somewhere in a device. Its reaction is armed where it is not None."""

    def __init__(
        self,
        path: str,
        journal: Journal,
        *,
        memory: Memory[Any],
        react: Callable[[str], Awaitable[None]],
    ) -> None:
        """`memory` holds its reaction and delay, as leak_reaction and leak_delay_s."""
        self.path, self.name = path, path.rpartition("/")[2]
        self._journal, self._memory, self._react = journal, memory, react
        self._reaction: asyncio.Task[None] | None = None
        self.wet = False

    def find(self, *, leak: bool) -> None:
        """Let it become wet or dry; a reaction that waits is called off when it dries."""
        if leak == self.wet:
            return
        self.wet = leak
        word, severity = ("a leak", "Critical") if leak else ("no leak any more", "OK")
        key = "ResourceErrorsDetected" if leak else "ResourceErrorsCorrected"
        self._journal.write(severity, key, f"{self.name} detects {word}", origin=self.path)
        if self._reaction:
            self._reaction.cancel()
            self._reaction = None
        if leak:
            self._reaction = asyncio.create_task(self._wait_and_react())

    async def close(self) -> None:
        """Call a reaction off."""
        if self._reaction:
            self._reaction.cancel()
            await asyncio.gather(self._reaction, return_exceptions=True)

    def _settings(self) -> tuple[str, float]:
        return self._memory.state.leak_reaction, self._memory.state.leak_delay_s

    def _change(self, **changes: object) -> None:
        self._memory.update(**{f"leak_{name}": value for name, value in changes.items()})

    async def _wait_and_react(self) -> None:
        reaction, delay_s = self._settings()
        if reaction == "None":
            return
        await asyncio.sleep(delay_s)
        text = f"{self.name} reacts to a leak: {reaction}"
        self._journal.write("Critical", "ResourceStateChanged", text, origin=self.path)
        # What reacts must not call itself off.
        self._reaction = None
        await self._react(reaction)

    def place(self, tree: Tree) -> None:
        """Place the detector."""
        writable = {
            "CriticalReactionType": Writable(
                check=one_of(*REACTIONS), write=lambda value: self._change(reaction=value)
            ),
            "ReactionDelaySeconds": Writable(
                check=number(0, 3600), write=lambda value: self._change(delay_s=float(value))
            ),
        }
        tree.add(self.path, self._shown, writable=writable)

    @property
    def state(self) -> str:
        """DetectorState."""
        return "Critical" if self.wet else "OK"

    def _shown(self) -> Body:
        reaction, delay_s = self._settings()
        return {
            "@odata.type": "#LeakDetector.v1_6_0.LeakDetector",
            "Id": self.name,
            "Name": f"Leak detector {self.name}",
            "LeakDetectorType": "Moisture",
            "DetectorState": self.state,
            "Enabled": True,
            "CriticalReactionType": reaction,
            "ReactionDelaySeconds": int(delay_s),
            "Status": status(self.state),
        }


def add_leak_detection(tree: Tree, path: str, detectors: Sequence[LeakDetector]) -> Body:
    """Place LeakDetection over these detectors; return the link to it."""

    def shown() -> Body:
        return {
            "@odata.type": "#LeakDetection.v1_2_0.LeakDetection",
            "Id": "LeakDetection",
            "Name": "Leak Detection",
            "Status": status(_worst(detectors)),
            "LeakDetectorGroups": [_group(detectors)],
        }

    return link(tree.add(path, shown))


def _worst(detectors: Sequence[LeakDetector]) -> str:
    return "Critical" if any(one.wet for one in detectors) else "OK"


def _group(detectors: Sequence[LeakDetector]) -> Body:
    return {
        "GroupName": "All",
        "Status": {"Health": _worst(detectors)},
        "Detectors": [
            {"DataSourceUri": one.path, "DeviceName": one.name, "DetectorState": one.state}
            for one in detectors
        ],
    }
