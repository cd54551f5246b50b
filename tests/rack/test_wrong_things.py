"""Each wrong thing holds its rack up at the right gate, with the right sentence, and is mended."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from clusterwright.access.authority import open_authority
from clusterwright.access.certificate import read as read_certificate
from clusterwright.access.revocation import revoke
from clusterwright.access.vault import open_vault
from clusterwright.design.plan import FirmwareBaseline, FirmwareComponent
from clusterwright.operate.rack.gates.contact import OURS
from clusterwright.operate.rack.outcome import GateOutcome, RackOutcome, exit_code
from clusterwright.operate.rack.verdict import Verdict
from clusterwright.vault_file import read_vault, write_vault
from tests.access.test_access_firmware import images
from tests.rack.dock import SIGNED, dock


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A fault of a rack, the gate that it is found at, and what is said of it."""

    fault: str
    subject: str
    rack: str
    gate: str
    found: str
    remedy: str = ""


WRONG = (
    Wrong(
        fault="nodes-swapped",
        subject="su1-n1",
        rack="r1",
        gate="standby-power",
        found="su1-n1 and su1-n2 stand in each other's place: exchange them or their management "
        "cables, or correct the manifest",
    ),
    Wrong(
        fault="wrong-serial",
        subject="su1-n1",
        rack="r1",
        gate="standby-power",
        found="su1-n1: its serial number is EMU-STRANGER, but EMU-SU1-N1 is expected: another "
        "server stands here",
    ),
    Wrong(
        fault="gpu-missing",
        subject="su1-n2",
        rack="r1",
        gate="standby-power",
        found="su1-n2: the number of GPUs NVIDIA H100 80GB HBM3 is 7, but 8 is expected",
    ),
    Wrong(
        fault="bmc-unreachable",
        subject="su1-n1",
        rack="r1",
        gate="standby-power",
        found="check its power, its management link and its address",
    ),
    Wrong(
        fault="feed-lost",
        subject="B",
        rack="r1",
        gate="standby-power",
        found="feed B gives no power",
        remedy="see that its plug is in feed B",
    ),
    Wrong(
        fault="outlet-stuck",
        subject="r1-pdu-a",
        rack="r1",
        gate="standby-power",
        found="off: 1",
        remedy="a relay that does not move is replaced",
    ),
    Wrong(
        fault="leak",
        subject="cdu1",
        rack="r2",
        gate="coolant",
        found="the CDU calls it Critical",
        remedy="look for a leak before coolant is added",
    ),
    Wrong(
        fault="filter-clogged",
        subject="cdu1",
        rack="r2",
        gate="coolant",
        found="filter 1 takes too much pressure (1: 95 kPa)",
        remedy="change the filter",
    ),
    Wrong(
        fault="node-leak",
        subject="su1-n3",
        rack="r2",
        gate="loop",
        found="Manifold sees a leak",
        remedy="find the leak and close it before anything else",
    ),
    Wrong(
        fault="pumps-lost",
        subject="cdu1",
        rack="r2",
        gate="loop",
        found="0.0 kPa, set point 150 ± 15 kPa",
        remedy="see the CDU's pumps, valves, filters and facility water",
    ),
    Wrong(
        fault="supply-warm",
        subject="cdu1",
        rack="r2",
        gate="loop",
        found="50.0 °C, set point 32 ± 2 °C",
        remedy="see the CDU's pumps, valves, filters and facility water",
    ),
    Wrong(
        fault="attribute-ignored",
        subject="su1-n1",
        rack="r1",
        gate="settings",
        found="the BMC accepted the value and did not stage it",
    ),
    Wrong(
        fault="cords-swapped",
        subject="su1-n1",
        rack="r1",
        gate="cords",
        found="outlet 1 of r1-pdu-a feeds PSU1, but PSU0 is planned there",
        remedy="exchange the cords of PSU0 and PSU1 of su1-n1; their feeds are swapped",
    ),
    Wrong(
        fault="metering-nonsense",
        subject="r1-pdu-c",
        rack="r1",
        gate="standby-power",
        found="its meter reads -2680 V",
        remedy="replace the PDU's meter",
    ),
)


def held(outcome: RackOutcome) -> GateOutcome:
    assert outcome.held_at is not None, "the rack went on"
    return outcome.held_at


def told(gate: GateOutcome) -> str:
    return "\n".join(f"{c.subject}: {c.sentence}: {c.found}; {c.remedy}" for c in gate.open)


@pytest.mark.asyncio
@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: f"{one.fault} of {one.subject}")
async def test_a_wrong_thing_stops_at_its_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: Wrong
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        lab = site.lab.running
        await lab.set_fault(wrong.fault, wrong.subject, active=True)
        [outcome] = await site.bring_up(wrong.rack)
        gate = held(outcome)
        assert gate.name == wrong.gate, told(gate)
        assert wrong.found in told(gate)
        assert wrong.remedy in told(gate)
        assert exit_code((outcome,)) == 1
        await lab.set_fault(wrong.fault, wrong.subject, active=False)
        [mended] = await site.bring_up(wrong.rack, first=gate.step, last=gate.step)
        assert mended.held_at is None, told(held(mended))


@pytest.mark.asyncio
async def test_a_cord_in_another_server_is_found_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        one, other = (site.lab.running.site.nodes[name] for name in ("su1-n1", "su1-n2"))
        own, foreign = one.cords["PSU0"], other.cords["PSU0"]
        one.cords = {**one.cords, "PSU0": foreign}
        other.cords = {**other.cords, "PSU0": own}
        [outcome] = await site.bring_up("r1")
        gate = held(outcome)
        assert gate.name == "cords"
        assert (
            f"outlet {own.outlet} of {own.pdu} feeds PSU0 of su1-n2, but PSU0 of su1-n1 is planned "
            f"there; plug the cord of PSU0 of su1-n1 into outlet {own.outlet} of {own.pdu}"
        ) in told(gate)
        assert site.lab.running.site.pdus[own.pdu].is_on(own.outlet), "no outlet is left off"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("addresses", "port", "delivered"),
    [
        pytest.param("guids", "ibp24s0", "02d2:6fff:fea9:0000", id="GUID"),
        pytest.param("macs", "enp170s0f1np1", "02:d2:6f:a9:00:00", id="MAC"),
    ],
)
async def test_a_wrong_mac_is_told_with_the_one_that_was_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, addresses: str, port: str, delivered: str
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        device = site.record.devices["su1-n1"].model_copy(update={addresses: {port: delivered}})
        site.write(devices={**site.record.devices, "su1-n1": device})
        [outcome] = await site.bring_up("r1")
        gate = held(outcome)
        assert gate.name == "standby-power"
        assert f"network adapter {port} is " in told(gate)
        assert f"but {delivered} is expected: the adapter has been replaced" in told(gate)


@pytest.mark.asyncio
async def test_a_factory_password_is_replaced_by_one_of_our_own_and_the_vault_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch, new=True) as site:
        before = site.logins()
        [outcome] = await site.bring_up("r1")
        assert outcome.held_at is None, told(held(outcome))
        after = site.logins()
        changed = {name for name in after if after[name] != before[name]}
        assert changed == {
            *("bmc/su1-n1", "bmc/su1-n2"),
            *(f"pdu/r1-pdu-{feed}" for feed in "abc"),
        }
        [again] = await site.bring_up("r1")
        assert again.held_at is None
        assert site.logins() == after


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("secret", "new"),
    [
        pytest.param("factory/su1-n2", True, id="before first contact"),
        pytest.param("bmc/su1-n2", False, id="after it"),
    ],
)
async def test_a_factory_password_that_somebody_has_changed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str, *, new: bool
) -> None:
    async with dock(tmp_path, monkeypatch, new=new) as site:
        secrets = dict(read_vault(site.folder.vault))
        del secrets["bmc/su1-n2"]
        write_vault(site.folder.vault, secrets)
        site.forget_password(secret)
        [outcome] = await site.bring_up("r1")
        gate = held(outcome)
        assert gate.name == "standby-power"
        assert (
            "su1-n2: the vault's login opens the controller: user admin: the password that the "
            f"vault has for {secret} does not open it, so somebody has changed it already; reset "
            "the account at the device"
        ) in told(gate)


@pytest.mark.asyncio
async def test_a_device_that_was_sent_away_is_not_taken_for_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        vault = dict(read_vault(site.folder.vault))
        vault["ca"] = {"private_key": (site.lab.authority / "ca.key").read_text()}
        write_vault(site.folder.vault, vault)
        authority = open_authority(site.folder.ca_file, open_vault(site.folder.vault), valid_days=1)
        address = site.lab.url("su1-n1").removeprefix("https://")
        shown = await read_certificate("su1-n1", address, site.folder.ca_file)
        revoke(site.folder.revoked_file, authority, shown.serial)
        site.lab.running.endpoints["su1-n1"].device.service.hooks.append(refuse_logins)
        [outcome] = await site.bring_up("r1", last=3)
        assert held(outcome).name == "standby-power"
        assert (
            f"su1-n1: {OURS}: its certificate {shown.serial:x} is one that the site's CA has "
            "revoked (ca.crl.pem): this device was taken out or replaced; if it shall be here, "
            "reset its controller to what it came with from the factory and read its manifest in, "
            "and else follow the cable to the right one"
        ) in told(held(outcome))
        assert REFUSED == []


@pytest.mark.asyncio
async def test_a_strangers_certificate_is_not_given_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        device = site.record.devices["su1-n1"].model_copy(update={"fingerprint": "ab" * 32})
        site.write(devices={**site.record.devices, "su1-n1": device})
        await site.lab.running.set_fault("foreign-certificate", "su1-n1", active=True)
        site.lab.running.endpoints["su1-n1"].device.service.hooks.append(refuse_logins)
        [outcome] = await site.bring_up("r1")
        assert "somebody else may answer" in told(held(outcome))
        assert REFUSED == []


REFUSED: list[str] = []


async def refuse_logins(request, answer):
    if "Authorization" in request.headers or request.path.endswith("Sessions"):
        REFUSED.append(request.path)
    return await answer(request)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("signed", "verdict", "sentence"),
    [
        pytest.param({"ph": ""}, Verdict.WAITS, "nobody has signed it off", id="not signed off"),
        pytest.param({"ph": "6.2"}, Verdict.FAIL, "but 8 to 10.5 pH is allowed", id="sour"),
        pytest.param({"ph": "fine"}, Verdict.FAIL, "that is no figure", id="no figure"),
        pytest.param({"bled": ""}, Verdict.WAITS, "bleed at the top", id="not bled"),
    ],
)
async def test_coolant_waits_for_whoever_measures_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    signed: dict[str, str],
    verdict: Verdict,
    sentence: str,
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        site.sign_off("r2", **SIGNED | signed)
        [outcome] = await site.bring_up("r2")
        gate = held(outcome)
        assert (gate.name, gate.verdict) == ("coolant", verdict)
        assert sentence in told(gate)
        assert exit_code((outcome,)) == (4 if verdict is Verdict.WAITS else 1)


@pytest.mark.asyncio
async def test_logs_of_the_device_are_kept_with_what_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        await site.lab.running.set_fault("node-leak", "su1-n3", active=True)
        [outcome] = await site.bring_up("r2")
        evidence = [line for check in held(outcome).open for line in check.evidence]
        assert [line for line in evidence if "Critical: Manifold detects a leak" in line]


@pytest.mark.asyncio
async def test_firmware_that_reverts_is_named_with_the_version_that_runs_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site, images() as store:
        newer = store.component("BIOS", "1.1.0")
        site.lab.plan = replace(
            site.lab.plan,
            firmware=(
                FirmwareBaseline(
                    model="dgx-h100",
                    downgrade=False,
                    components=(
                        FirmwareComponent(
                            name="BIOS",
                            version=newer.version,
                            image=newer.image,
                            activation=newer.activation,
                            order=1,
                        ),
                    ),
                ),
            ),
        )
        await site.lab.running.set_fault("firmware-reverts", "su1-n2", active=True)
        [outcome] = await site.bring_up("r1")
        gate = held(outcome)
        assert gate.name == "settings"
        assert "firmware of BIOS: 1.1.0 was started and did not stay: 1.0.0 runs again" in told(
            gate
        )
        await site.lab.running.set_fault("firmware-reverts", "su1-n2", active=False)
        [mended] = await site.bring_up("r1", first=gate.step, last=gate.step)
        assert mended.held_at is None, told(held(mended))


@pytest.mark.asyncio
async def test_what_a_cdu_does_not_report_somebody_signs_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        thermal = "/redfish/v1/ThermalEquipment"
        hidden = {f"{thermal}/CoolingLoops/1", f"{thermal}/CDUs/1/Filters/1"}
        site.lab.running.site.cdus["cdu1"].tree.hidden |= hidden
        [outcome] = await site.bring_up("r2", last=1)
        gate = held(outcome)
        assert gate.verdict is Verdict.WAITS
        assert [c.sentence for c in gate.open if c.verdict is Verdict.WAITS] == [
            "the loop is filled",
            "the filters are clean",
        ]
        site.sign_off("r2", **SIGNED | {"filled": "done", "filter_clean": "done"})
        [outcome] = await site.bring_up("r2", last=1)
        assert outcome.held_at is None


@pytest.mark.asyncio
async def test_a_controller_without_any_login_in_the_vault_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        write_vault(site.folder.vault, {})
        [outcome] = await site.bring_up("r1")
        assert held(outcome).name == "standby-power"
        assert (
            "r1-pdu-a: the vault's login opens the controller: the vault has no login "
            "pdu/r1-pdu-a, and none that it came with; read the delivery's manifest in"
        ) in told(held(outcome))
