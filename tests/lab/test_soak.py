"""What takes too long for every run of the tests: repetitions, end to end."""

from collections.abc import Callable

import pytest

from tests.lab.conftest import Instance

pytestmark = [pytest.mark.lab, pytest.mark.soak]

ROUNDS = 10


def test_labs_come_and_go_without_a_trace(make_instance: Callable[[], Instance]) -> None:
    instance = make_instance()
    for _ in range(ROUNDS):
        assert instance.up().returncode == 0
        assert instance.down().returncode == 0
        assert instance.lab.leftovers() == ()
