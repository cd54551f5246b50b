"""A rack goes from dark to as far as gates can be proven, again and again, whatever stops it."""

from pathlib import Path

import pytest

from clusterwright.operate.rack.outcome import RackOutcome, exit_code
from clusterwright.operate.rack.verdict import Verdict
from tests.rack.dock import dock


def said(outcome: RackOutcome) -> dict[str, list[str]]:
    """What is not passed, by gate."""
    return {
        gate.name: [f"{c.subject}: {c.sentence}: {c.found}" for c in gate.open]
        for gate in outcome.gates
        if gate.verdict is not Verdict.PASS
    }


@pytest.mark.asyncio
async def test_a_dark_rack_is_brought_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        outcomes = await site.bring_up("r1", "r2")
        assert [said(outcome) for outcome in outcomes] == [{}, {}]
        assert exit_code(outcomes) == 0
