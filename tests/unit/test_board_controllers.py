"""Controllers besides the BMC: names, addresses, and that none of them moves another."""

import pytest

from clusterwright.access import firmware
from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from clusterwright.errors import DefinitionError
from clusterwright.load import load_site
from clusterwright.render.names import list_names
from clusterwright.site_folder import SiteFolder, find_site
from clusterwright.verify.declared import parts_of_servers

LAB = find_site("lab").definition.read_text()
BASELINE = "firmware:\n  store: http://10.101.0.1/firmware\n  models:\n"
LIQUID = "{server: hgx-h100-liquid, count: 2, racks: [r2], pool: inference}"
AIR = "{server: dgx-h100, count: 2, racks: [r1], pool: training}"


def plan_of(folder, *changes: tuple[str, str]) -> SitePlan:
    text = LAB
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    site = SiteFolder(definition=folder / "site.yml")
    site.definition.write_text(text)
    return design(load_site(site))


def boards(plan: SitePlan) -> dict[str, str]:
    return {one.name: str(one.address) for node in plan.nodes for one in node.board_controllers}


def oob(plan: SitePlan) -> dict[str, str]:
    return {one.name: str(one.address) for one in list_names(plan) if one.network == "oob"}


def test_a_node_has_the_controllers_of_its_model(tmp_path):
    assert boards(plan_of(tmp_path)) == {
        "su1-n3-hgx": "10.100.0.136",
        "su1-n3-dpu1-bmc": "10.100.0.137",
        "su1-n3-dpu2-bmc": "10.100.0.138",
        "su1-n4-hgx": "10.100.0.140",
        "su1-n4-dpu1-bmc": "10.100.0.141",
        "su1-n4-dpu2-bmc": "10.100.0.142",
    }


def test_a_baseline_of_a_board_s_model_reaches_its_controllers(tmp_path):
    image = "{version: '1', image: http://10.100.0.1/image}"
    boards_too = f"""{BASELINE}    hgx-h100: {{components: {{HGX_FW_BMC_0: {image}}}}}
    bluefield-3: {{components: {{BMC_Firmware: {image}}}}}
"""
    plan = plan_of(tmp_path, (BASELINE, boards_too))
    held = {
        p.subject: list(p.state.components) for p in parts_of_servers(plan) if p.kind is firmware
    }
    nodes = [node.name for node in plan.nodes]
    assert {name: held[name] for name in held if name not in nodes} == {
        f"{node}-{board}": [component]
        for node in ("su1-n3", "su1-n4")
        for board, component in (
            ("hgx", "HGX_FW_BMC_0"),
            ("dpu1-bmc", "BMC_Firmware"),
            ("dpu2-bmc", "BMC_Firmware"),
        )
    }


def test_each_has_a_login_of_its_own(tmp_path):
    plan = plan_of(tmp_path)
    secrets = [one.secret for node in plan.nodes for one in node.board_controllers]
    assert len({*secrets, *(node.controller.secret for node in plan.nodes)}) == len(plan.nodes) + 6
    assert "dpu1/su1-n3" in secrets


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([(LIQUID, LIQUID.replace("count: 2", "count: 3"))], id="another node"),
        pytest.param([("gpu_driver", "gpu_driver")], id="nothing"),
        pytest.param([(AIR, AIR.replace("dgx-h100", "hgx-h100-air"))], id="other servers before"),
    ],
)
def test_growth_moves_no_address(tmp_path, changes):
    before, after = oob(plan_of(tmp_path)), oob(plan_of(tmp_path, *changes))
    assert {name: after[name] for name in before} == before


def test_servers_with_boards_move_no_address_of_others(tmp_path):
    without = LIQUID.replace("hgx-h100-liquid", "dgx-h100")
    before, after = oob(plan_of(tmp_path, (LIQUID, without))), oob(plan_of(tmp_path))
    assert not any("hgx" in name for name in before)
    assert {name: after[name] for name in before} == before


def test_a_name_of_ones_own_is_that_of_the_controllers_too(tmp_path):
    named = plan_of(tmp_path, ("\nmaintenance:", "\npins: {names: {su1-n3: gpu3}}\nmaintenance:"))
    controllers = named.nodes[2].board_controllers
    assert [(one.name, one.secret) for one in controllers] == [
        ("gpu3-hgx", "hgx/gpu3"),
        ("gpu3-dpu1-bmc", "dpu1/gpu3"),
        ("gpu3-dpu2-bmc", "dpu2/gpu3"),
    ]


def test_a_prefix_without_room_for_them_is_named(tmp_path):
    with pytest.raises(DefinitionError, match="use a /22 or larger"):
        plan_of(tmp_path, ("10.100.0.0/22", "10.100.0.0/23"), ("build_for: 32", "build_for: 64"))


def test_the_balance_counts_them_in_the_zone_that_they_have(tmp_path):
    """Hosts then have a zone of their own."""
    used = {one.limit: one.used for one in plan_of(tmp_path).usages if one.subject == "oob prefix"}
    boards_and_switches = next(what for what in used if what.startswith("addresses of board"))
    assert "addresses of hosts and compute switches" not in used
    assert used[boards_and_switches] > len(boards(plan_of(tmp_path)))
