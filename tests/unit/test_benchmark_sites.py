"""The sites that are measured are sites that can be built."""

import pytest

from benchmarks.definitions import write_site
from benchmarks.design import exponent
from clusterwright.design import design
from clusterwright.load import load_site


@pytest.mark.parametrize("nodes", [4, 32, 128])
def test_a_benchmarked_site_has_the_nodes_it_says(nodes, tmp_path):
    plan = design(load_site(write_site(tmp_path, nodes)))
    assert len(plan.nodes) == nodes


@pytest.mark.parametrize(("power", "expected"), [(1, 1.0), (2, 2.0)])
def test_the_exponent_is_the_slope_of_seconds_over_links(power, expected):
    rows = [{"links": links, "cpu_seconds": 3 * links**power} for links in (10, 100, 5000)]
    assert exponent(rows) == expected
