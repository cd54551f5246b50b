"""A plan in a few lines: what a site amounts to, and how full its racks are."""

from io import StringIO

import pytest
from rich.console import Console

from clusterwright.cli.summary import summarise
from clusterwright.design import design
from clusterwright.load import load_site
from clusterwright.site_folder import find_site


def shown(width):
    console = Console(file=StringIO(), width=width)
    summarise(design(load_site(find_site("lab"))), console)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [80, 200])
def test_what_the_site_amounts_to_is_one_line(width):
    assert shown(width)[0] == (
        "site lab: 4 nodes, 32 GPUs, 12 compute switches, 288 cables, 6 PDUs, 1 cooling loop"
    )


def test_every_rack_says_what_stands_in_it():
    rows = [line.split() for line in shown(80)[2:4]]
    assert [row[:6] for row in rows] == [
        ["r1", "su1-n1,", "su1-n2", "29", "of", "48"],
        ["r2", "su1-n3,", "su1-n4", "8", "of", "48"],
    ]
