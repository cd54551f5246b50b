"""What an operator can write wrong about settings, firmware and controllers."""

import pytest

from clusterwright.design import design
from clusterwright.errors import DefinitionError
from clusterwright.load import load_site
from clusterwright.site_folder import SiteFolder, find_site

LAB = find_site("lab").definition.read_text()
LIMIT = "dgx-h100: {secure_boot: false, restore_policy: LastState, power_limit_kw: 10}"
STORE = "  store: http://10.101.0.1/firmware\n"
BIOS = "BIOS: {version: 1.0.0, image: dgx-h100/bios-1.0.0.fwpkg, order: 2}"
PASSWORDS = "  passwords: {rotation: 0, at_most_days: 365}\n"

CASES = [
    pytest.param(
        (LIMIT, LIMIT.replace("power_limit_kw: 10", "power_limit_kw: 12")),
        [
            "servers.dgx-h100.power_limit_kw: 12 kW limits nothing, because a dgx-h100 draws at "
            "most 10.2 kW: use at most 10.2, or leave it out"
        ],
        id="a limit above the most",
    ),
    pytest.param(
        (LIMIT, LIMIT.replace("dgx-h100", "dgx-h110")),
        ["servers.dgx-h110: there is no server model dgx-h110: did you mean dgx-h100?"],
        id="settings of nothing",
    ),
    pytest.param(
        (LIMIT, LIMIT.replace("dgx-h100", "management-1u").replace(", power_limit_kw: 10", "")),
        [
            "servers.management-1u: the settings of a management-1u would reach nobody, because "
            "only nodes are set up through their BMC, and none of these is one: take it out, set "
            "them up by hand"
        ],
        id="settings of hosts that are no nodes",
    ),
    pytest.param(
        ("    dgx-h100:\n", "    management-1u:\n"),
        [
            "firmware.models.management-1u: the firmware of a management-1u would reach nobody, "
            "because only nodes are set up through their BMC, and none of these is one: take it "
            "out, set them up by hand"
        ],
        id="firmware of hosts that are no nodes",
    ),
    pytest.param(
        (LIMIT, LIMIT.replace("secure_boot: false", "boot_order: [Boot0001, Boot0001]")),
        [
            "servers.dgx-h100.boot_order[1]: Boot0001 is in the boot order already: name every "
            "option once"
        ],
        id="an option twice",
    ),
    pytest.param(
        ("    dgx-h100:\n", "    dgx-h1:\n"),
        ["firmware.models.dgx-h1: there is no model of a device dgx-h1: did you mean dgx-h100?"],
        id="firmware of nothing",
    ),
    pytest.param(
        (STORE, "  store: ftp://10.101.0.1\n"),
        [
            "firmware.store: ftp://10.101.0.1 is no address of the store of firmware: write one "
            "that begins with https:// or http://"
        ],
        id="a store that no device speaks",
    ),
    pytest.param(
        (STORE, "  store: http://me:pw@10.101.0.1/x\n"),
        [
            "firmware.store: the address of the store of firmware has a user name in it, and "
            "everybody can read a definition: let it be fetched without, as http://10.101.0.1/x"
        ],
        id="a password in an address",
    ),
    pytest.param(
        (BIOS, BIOS.replace("dgx-h100/bios-1.0.0.fwpkg", "ftp://x/bios")),
        [
            "firmware.models.dgx-h100.components.BIOS.image: ftp://x/bios is no address of the "
            "image of BIOS: write one that begins with https:// or http://",
        ],
        id="an image that no device can fetch",
    ),
    pytest.param(
        (PASSWORDS, PASSWORDS + "  certificates: {valid_days: 90, renew_days: 90}\n"),
        [
            "controllers.certificates.renew_days: a certificate that is valid for 90 days would "
            "be renewed 90 days before its end, which is at once: use 45"
        ],
        id="renewed at once",
    ),
    pytest.param(
        (PASSWORDS, PASSWORDS + "  certificates: {valid_days: 1, renew_days: 1}\n"),
        [
            "controllers.certificates.renew_days: a certificate that is valid for 1 days would "
            "be renewed 1 days before its end, which is at once: let certificates be valid for 2 "
            "days or more"
        ],
        id="valid for a day",
    ),
]


@pytest.mark.parametrize(("change", "sentences"), CASES)
def test_a_wrong_value_is_named_with_its_remedy(tmp_path, change, sentences):
    with pytest.raises(DefinitionError) as raised:
        plan_of(tmp_path, change)
    found = [f"{one.path}: {one.rule}" for one in raised.value.mistakes]
    assert found[: len(sentences)] == sentences


def test_a_file_without_a_store_is_named_for_every_component(tmp_path):
    with pytest.raises(DefinitionError) as raised:
        plan_of(tmp_path, (STORE, ""))
    assert {one.rule for one in raised.value.mistakes} == {
        f"{name} is a file, and firmware.store does not say where files lie: give the store's "
        "address there, or the whole address here"
        for model in ("dgx-h100", "hgx-h100")
        for name in (f"{model}/bmc-1.0.0.fwpkg", f"{model}/bios-1.0.0.fwpkg")
    }


@pytest.mark.parametrize(
    "change",
    [
        pytest.param((LIMIT, LIMIT.replace("10}", "12}")), id="limit"),
        pytest.param((STORE, "  store: http://me:pw@10.101.0.1/x\n"), id="store"),
        pytest.param(
            (PASSWORDS, PASSWORDS + "  certificates: {valid_days: 90, renew_days: 90}\n"),
            id="renewal",
        ),
    ],
)
def test_a_proposed_remedy_is_no_mistake(tmp_path, change):
    with pytest.raises(DefinitionError) as raised:
        plan_of(tmp_path, change)
    ((remedy,),) = [one.remedy for one in raised.value.mistakes]
    key = remedy.path.rpartition(".")[2]
    wrong = raised.value.mistakes[0].value
    plan_of(tmp_path, (change[0], change[1].replace(f"{key}: {wrong}", f"{key}: {remedy.value}")))


def test_what_is_asked_for_is_in_the_plan(tmp_path):
    plan = plan_of(tmp_path, (LIMIT, LIMIT.replace("10}", "9.5, bios: {BootMode: Legacy}}")))
    platform = plan.platforms[0]
    assert (platform.model, platform.power_limit_watts, platform.secure_boot) == (
        "dgx-h100",
        9500,
        False,
    )
    first, liquid = plan.nodes[0], plan.nodes[2]
    assert {one.name: one.value for one in first.bios}["BootMode"] == "Legacy"
    assert {one.name: one.value for one in liquid.bios}["BootMode"] == "UEFI"
    images = [one.image for one in plan.firmware[0].components]
    store = "http://10.101.0.1/firmware/dgx-h100"
    assert images == [f"{store}/{name}-1.0.0.fwpkg" for name in ("bios", "bmc")]
    assert plan.controllers is not None
    assert (plan.controllers.rotation, plan.controllers.password_days) == (0, 365)


def plan_of(folder, change):
    old, new = change
    assert old in LAB
    site = SiteFolder(definition=folder / "site.yml")
    site.definition.write_text(LAB.replace(old, new))
    return design(load_site(site))
