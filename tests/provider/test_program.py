"""The program declares the plan, whole, and the provider finds nothing wrong with it."""

import pytest

from clusterwright.design import design
from clusterwright.load import load_site
from clusterwright.operate.target import facility_names
from clusterwright.provider.language_host import ALREADY_REPORTED
from clusterwright.render import LIVE, encode, render
from clusterwright.site_folder import PROJECT, SiteFolder
from tests.provider.stand_in_engine import run_program

AFTER_FIRMWARE = "\ncontrollers:\n"
OF_BOARDS = """\
    hgx-h100:
      components:
        HGX_FW_FPGA_0: {version: "3.1", image: fpga.fwpkg, activation: aux-cycle}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The lab's definition in a folder of its own, rendered."""
    folder = SiteFolder(definition=tmp_path_factory.mktemp("site") / "site.yml")
    text = (PROJECT / "inventory/lab/site.yml").read_text()
    assert text.count(AFTER_FIRMWARE) == 1
    folder.definition.write_text(text.replace(AFTER_FIRMWARE, OF_BOARDS + AFTER_FIRMWARE))
    for path, content in render(design(load_site(folder)), LIVE).items():
        file = folder.generated / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(encode(content))
    return folder


@pytest.fixture(scope="module")
def plan(folder):
    return design(load_site(folder))


@pytest.fixture(scope="module")
def run(folder):
    return run_program(str(folder.path))


def of_type(run, type_name):
    return {name for name, declared in run.resources.items() if declared.type_name == type_name}


def test_the_program_ends_well(run):
    assert (run.exit_code, run.failures, run.lines) == (0, [], []), run.output


def test_every_device_and_rack_has_its_resource(run, plan):
    assert of_type(run, "clusterwright:facility:Node") == {node.name for node in plan.nodes}
    assert of_type(run, "clusterwright:facility:CoolingLoop") == {"tcs1"}
    assert of_type(run, "clusterwright:facility:RackPower") == {pdu.name for pdu in plan.pdus}
    assert of_type(run, "clusterwright:hosts:PlaybookRun") == {"r1-hosts", "r2-hosts"}


def test_a_node_waits_for_its_power_and_coolant_its_controller_and_its_platform(run):
    own = {"su1-n1-bmc-controller", "su1-n1-platform"}
    assert run.resources["su1-n1"].depends_on == {"r1-pdu-a", "r1-pdu-b", "r1-pdu-c"} | own
    power = {"r2-pdu-a", "r2-pdu-b", "r2-pdu-c"}
    assert run.resources["su1-n3"].depends_on - power == {
        "tcs1",
        "su1-n3-bmc-controller",
        "su1-n3-platform",
    }


def test_controllers_come_before_what_they_control(run):
    assert run.resources["r1-pdu-a"].depends_on == {"r1-pdu-a-controller"}
    assert run.resources["tcs1"].depends_on == {"cdu1-controller"}
    assert run.resources["su1-n1-bmc-controller"].depends_on == {
        "r1-pdu-a",
        "r1-pdu-b",
        "r1-pdu-c",
    }
    assert run.resources["su1-n3-hgx-controller"].depends_on == {"su1-n3-bmc-controller"}
    assert run.resources["su1-n1-firmware"].depends_on == {"su1-n1"}


def test_every_endpoint_is_a_controller_of_its_own(run, plan):
    names = {one.name for node in plan.nodes for one in node.board_controllers}
    names |= {one.controller.name for one in (*plan.nodes, *plan.loops, *plan.pdus)}
    found = of_type(run, "clusterwright:facility:Controller")
    assert found == {f"{name}-controller" for name in names}
    addresses = [run.resources[name].inputs["address"] for name in found]
    assert len(set(addresses)) == len(addresses)


def test_servers_hold_the_settings_of_their_model(run):
    platform = run.resources["su1-n1-platform"].inputs
    assert (platform["powerLimitWatts"], platform["secureBoot"]) == (10_000, False)
    firmware = run.resources["su1-n1-firmware"].inputs
    assert (
        firmware["components"]["BIOS"]["image"]
        == "http://10.101.0.1/firmware/dgx-h100/bios-1.0.0.fwpkg"
    )
    assert len(firmware["cords"]) == 6


def test_firmware_of_a_board_is_its_controllers_and_its_server_is_told_to_cycle(run, plan):
    firmware = run.resources["su1-n3-hgx-firmware"]
    node = plan.nodes[2]
    assert firmware.inputs["address"] == str(node.board_controllers[0].address)
    assert firmware.inputs["host"] == {
        "address": str(node.controller.address),
        "secret": "bmc/su1-n3",
    }
    assert len(firmware.inputs["cords"]) == len(node.power_supplies)
    assert firmware.depends_on == {"su1-n3", "su1-n3-firmware"}
    assert "su1-n3-hgx-firmware" in run.resources["r2-hosts"].depends_on


def test_a_rack_s_hosts_wait_for_its_nodes(run):
    nodes = {"su1-n1", "su1-n2"}
    parts = {f"{name}-{part}" for name in nodes for part in ("firmware", "os")}
    assert run.resources["r1-hosts"].depends_on == nodes | parts
    assert run.resources["r1-hosts"].inputs["hosts"] == ["head", "su1-n1", "su1-n2"]


def test_outlets_in_use_are_on(run, plan):
    outlets = {pdu.name: {str(outlet.number): "On" for outlet in pdu.outlets} for pdu in plan.pdus}
    assert {name: run.resources[name].inputs["outlets"] for name in outlets} == outlets


def test_a_pdu_knows_who_hangs_on_it_and_how_much_they_need(run, plan):
    inputs = run.resources["r1-pdu-a"].inputs
    node = plan.nodes[0]
    assert inputs["consumers"][node.name] == {
        "needed": 4,
        "cords": {
            f"pdu/{pdu}": [cord.outlet for cord in node.power_supplies if cord.pdu == pdu]
            for pdu in dict.fromkeys(cord.pdu for cord in node.power_supplies)
        },
        "address": str(node.controller.address),
        "secret": "bmc/su1-n1",
    }
    assert set(inputs["pdus"]) == {"pdu/r1-pdu-b", "pdu/r1-pdu-c"}
    delays = {str(one.number): one.power_on_delay_s for one in plan.pdus[0].outlets}
    assert inputs["delaysS"] == delays
    assert inputs["branchAlarmsAmps"]["B1"] == 16


def test_a_loop_knows_what_all_on_it_bear_and_what_leaks_do(run):
    loop = run.resources["tcs1"].inputs
    assert (loop["pumps"], loop["unit"], loop["valves"]) == (2, "Enabled", {"tcs1": "Open"})
    assert loop["limits"] == {"leastLpm": 21, "leastPumps": 1}
    leaks = {n: one.inputs["reaction"] for n, one in run.resources.items() if n.endswith("-leak")}
    assert leaks == {
        "cdu1-leak": "ForceOff",
        "su1-n3-leak": "GracefulShutdown",
        "su1-n4-leak": "GracefulShutdown",
    }


def test_no_input_holds_a_password(run):
    # An installer's questions are named after passwords; that its answers are gaps, its tests say.
    texts = [
        str({name: value for name, value in declared.inputs.items() if name != "answer"})
        for declared in run.resources.values()
    ]
    # How old a password may get is no password.
    told = [
        text.lower().replace("passworddays", "").replace("'password': 'own'", "") for text in texts
    ]
    assert [text for text in told if "password" in text] == []


def test_only_what_depends_on_a_failed_resource_is_left_out(folder, run):
    partly = run_program(str(folder.path), failing="r2-pdu-a-controller")
    nodes = ("su1-n3", "su1-n4")
    controllers = {f"{n}-{one}-controller" for n in nodes for one in ("bmc", "hgx")}
    controllers |= {f"{n}-dpu{k}-bmc-controller" for n in nodes for k in (1, 2)}
    others = {f"{n}-{one}" for n in nodes for one in ("platform", "firmware", "leak", "os")}
    others |= {f"{n}-hgx-firmware" for n in nodes}
    assert run.resources.keys() - partly.resources.keys() == {
        "r2-pdu-a",
        *nodes,
        "r2-hosts",
        *controllers,
        *others,
    }
    left_out = ", ".join(sorted(run.resources.keys() - partly.resources.keys()))
    said = f"not touched: {left_out}: they depend on r2-pdu-a-controller, which failed"
    assert (partly.exit_code, partly.lines) == (ALREADY_REPORTED, [said]), partly.output


@pytest.mark.parametrize("rack", [None, "r1", "r2"])
def test_a_layer_and_a_rack_mean_what_is_declared_of_them(run, plan, rack):
    named = facility_names(plan, rack)
    assert set(named) <= run.resources.keys()
    others = {name for name, one in run.resources.items() if ":facility:" not in one.type_name}
    if rack is None:
        assert set(named) == run.resources.keys() - others
    else:
        wanted = {need for name in named for need in run.resources[name].depends_on}
        assert wanted <= set(named)
