"""What a comparison looks at: layers, racks, and who should be there."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from clusterwright.design.plan import ServiceState
from clusterwright.errors import UsageError
from clusterwright.site_folder import SiteFolder
from clusterwright.verify import site
from clusterwright.verify.report import Report
from clusterwright.verify.scope import check_rack, hosts_in, layers_of, loops_in, nodes_in, shares
from tests.plans import lab_plan


def test_without_a_layer_all_are_compared() -> None:
    assert layers_of(None) == ("facility", "hosts")
    assert layers_of("hosts") == ("hosts",)


def test_a_layer_in_which_nothing_is_compared_is_refused() -> None:
    with pytest.raises(UsageError, match=r"layer network: .* choose one of facility, hosts"):
        layers_of("network")


def test_a_rack_that_the_site_does_not_have_is_refused() -> None:
    with pytest.raises(UsageError, match=r"rack r9: site lab has none .* choose one of r1, r2"):
        check_rack(lab_plan(), "r9")


def test_a_rack_narrows_hosts_nodes_and_loops() -> None:
    plan = lab_plan()
    assert [host.name for host in hosts_in(plan, "r1")] == ["head", "su1-n1", "su1-n2"]
    assert [node.name for node in nodes_in(plan, "r2")] == ["su1-n3", "su1-n4"]
    assert [loop.name for loop in loops_in(plan, "r2")] == ["tcs1"]
    assert loops_in(plan, "r1") == ()


def test_a_node_that_is_out_is_expected_nowhere() -> None:
    plan = lab_plan()
    gone = replace(plan.nodes[0], service_state=ServiceState.OUT)
    plan = replace(plan, nodes=(gone, *plan.nodes[1:]))
    assert "su1-n1" not in [host.name for host in hosts_in(plan, None)]


def test_hosts_are_dealt_to_as_many_workers_as_there_are_hosts() -> None:
    hosts = hosts_in(lab_plan(), None)
    assert [len(share) for share in shares(hosts, 2)] == [3, 2]
    assert [len(share) for share in shares(hosts[:1], 4)] == [1]


def test_without_a_passphrase_no_host_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has begun would have to be cancelled, and a process that is just being started hangs."""
    asked: list[str] = []

    async def ask(*_: object) -> Report:
        asked.append("hosts")
        return Report(site="lab", passes={})

    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE_FILE", raising=False)
    monkeypatch.setattr(site, "check_hosts", ask)
    folder = SiteFolder(definition=tmp_path / "site.yml")
    with pytest.raises(UsageError, match="PULUMI_CONFIG_PASSPHRASE_FILE is not set"):
        asyncio.run(site.verify(folder, lab_plan()))
    assert asked == []
