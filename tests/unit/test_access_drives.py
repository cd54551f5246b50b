"""Each drive of a server has a name of its own, whatever its BMC says of it."""

import asyncio
from typing import Any

import pytest

from clusterwright.access.drives import find_drives
from tests.pages import Pages, links, of


def server(*drives: dict[str, Any]) -> Pages:
    pages = {f"drive{n}": one for n, one in enumerate(drives)}
    subsystem = {"Drives": [{"@odata.id": name} for name in pages]}
    return Pages(Systems=of(links("Storage")), Storage=of(subsystem), **pages)


@pytest.mark.parametrize(
    ("drives", "serials"),
    [
        pytest.param(
            [{"SerialNumber": "S1"}, {"SerialNumber": "S2"}], ["S1", "S2"], id="as they are"
        ),
        pytest.param([{}, {"SerialNumber": "S2"}], ["drive0", "S2"], id="one without"),
        pytest.param(
            [{"SerialNumber": "N/A"}, {"SerialNumber": "N/A"}, {"SerialNumber": "S3"}],
            ["N/A at drive0", "N/A at drive1", "S3"],
            id="one serial number for two",
        ),
    ],
)
def test_no_two_drives_are_taken_for_one(drives, serials):
    found = asyncio.run(find_drives(server(*drives)))
    assert [one.serial for one in found] == serials
