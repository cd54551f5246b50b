"""The sites that are measured are sites that can be built."""

import pytest

from benchmarks.definitions import write_site
from clusterwright.design import design
from clusterwright.load import load_site


@pytest.mark.parametrize("nodes", [4, 32, 128])
def test_a_benchmarked_site_has_the_nodes_it_says(nodes, tmp_path):
    plan = design(load_site(write_site(tmp_path, nodes)))
    assert len(plan.nodes) == nodes
