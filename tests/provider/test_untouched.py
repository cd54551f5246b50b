"""What a failure has held up is named with it, in one sentence for all that it held up."""

import pytest

from clusterwright.provider.untouched import held_up, understood

NEEDS = {
    "pdu": (),
    "cdu": (),
    "node": ("pdu", "cdu"),
    "firmware": ("node",),
    "other": ("pdu",),
    "alone": (),
}


@pytest.mark.parametrize(
    ("failed", "said"),
    [
        pytest.param((), (), id="nothing failed"),
        pytest.param(("alone",), (), id="nothing depends on it"),
        pytest.param(
            ("cdu", "node", "firmware"),
            ("not touched: firmware, node: they depend on cdu, which failed",),
            id="what depends on it from afar is named, too",
        ),
        pytest.param(
            ("pdu", "cdu", "node", "firmware", "other"),
            (
                "not touched: firmware, node: they depend on cdu and pdu, which failed",
                "not touched: other: it depends on pdu, which failed",
            ),
            id="each with its own causes",
        ),
        pytest.param(
            ("node", "firmware"),
            ("not touched: firmware: it depends on node, which failed",),
            id="what failed itself is no victim",
        ),
    ],
)
def test_each_is_named_with_what_held_it_up(failed, said):
    found = held_up(NEEDS, failed)
    assert tuple(map(str, found)) == said
    assert tuple(map(understood, said)) == found


@pytest.mark.parametrize("message", ["su1-n1: failed", "not touched", "not touched: su1-n1"])
def test_other_messages_are_not_taken_for_one_of_these(message):
    assert understood(message) is None
