"""What a person vouches for is written down, if it is within what the catalogue allows."""

from datetime import UTC, datetime

import pytest
import yaml

from clusterwright.design.cooling.commissioning import list_gates
from clusterwright.errors import OperationError, UsageError
from clusterwright.load import load_site
from clusterwright.model.record import SignOff
from clusterwright.operate.sign_off import sign_off
from clusterwright.record_file import read_record
from clusterwright.site_folder import SiteFolder
from tests.sites import LAB, own_model

NOON = datetime(2026, 11, 28, 12, 0, 5, 999, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "site.yml").write_text(LAB)
    return SiteFolder(definition=tmp_path / "site.yml")


def sign(folder, gate, value, *, rack="r2", by="Ada"):
    return sign_off(
        folder.record,
        load_site(folder),
        rack=rack,
        gate=gate,
        by=by,
        value=value,
        clock=lambda: NOON,
    )


@pytest.mark.parametrize(
    ("gate", "value", "outcome", "reason"),
    [
        pytest.param(
            "flushed", "yes", "pass", "the circuit is flushed until it runs clear", id="seen"
        ),
        pytest.param("ph", "8.6", "pass", "the coolant's pH must be 8–10.5", id="between limits"),
        pytest.param(
            "glycol", "25 %", "pass", "the share of glycol must be 25–30 %", id="at a limit"
        ),
        pytest.param(
            "conductivity",
            "1200",
            "not proven",
            "no limit of the coolant's conductivity is known: the value is kept",
            id="no limit known",
        ),
        pytest.param(
            "pressure-held",
            "400 kPa",
            "not proven",
            "no limit of the pressure that it held is known: the value is kept",
            id="no pressure known",
        ),
    ],
)
def test_what_holds_is_written_down(gate, value, outcome, reason, folder):
    signed = sign(folder, gate, value)
    assert (signed.verdict.outcome, signed.verdict.reason) == (outcome, reason)
    assert read_record(folder.record).sign_offs == {
        "r2": {gate: SignOff(value=value, by="Ada", at="2026-11-28T12:00:05Z")}
    }


@pytest.mark.parametrize(
    ("gate", "value", "sentence"),
    [
        pytest.param(
            "ph",
            "7",
            "rack r2: ph is 7, but the coolant's pH must be 8–10.5: nothing is signed off; mend "
            "it, measure again, and sign off then",
            id="too low",
        ),
        pytest.param(
            "bled",
            "no",
            "rack r2: bled is no, but no air is left in it: nothing is signed off; mend it, "
            "measure again, and sign off then",
            id="not so",
        ),
    ],
)
def test_what_does_not_hold_is_not_signed_off(gate, value, sentence, folder):
    with pytest.raises(OperationError) as caught:
        sign(folder, gate, value)
    assert str(caught.value) == sentence
    assert not folder.record.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(
            {"rack": "r9"}, "rack r9: the site has none of that name; it has r1, r2", id="no rack"
        ),
        pytest.param(
            {"rack": "r1"},
            "rack r1: no loop of coolant reaches it, so there is nothing to sign off",
            id="a rack without coolant",
        ),
        pytest.param(
            {"gate": "polished"},
            "gate polished: is none that a person signs off; choose one of flushed, filled, bled, "
            "filter-clean, pressure-held, conductivity, ph, glycol",
            id="no gate",
        ),
        pytest.param(
            {"gate": "glycol", "value": "much"},
            "rack r2: glycol is much, which is no number of %: write what was measured",
            id="no number",
        ),
        pytest.param(
            {"gate": "flushed", "value": "nearly"},
            "rack r2: flushed is nearly, but it is seen: write yes or no",
            id="neither yes nor no",
        ),
        pytest.param(
            {"by": " "}, "--by: is empty, but somebody must vouch for it: give a name", id="nobody"
        ),
    ],
)
def test_what_cannot_be_signed_off_says_why(words, sentence, folder):
    gate, value = words.pop("gate", "ph"), words.pop("value", "9")
    with pytest.raises(UsageError) as caught:
        sign(folder, gate, value, **words)
    assert str(caught.value) == sentence


def test_a_site_may_say_its_own_limits(folder):
    own_model(folder.path, "coolants/pg25", quality={"conductivity_max_us_per_cm": 500})
    own_model(folder.path, "cdus/in-rack-cdu-200kw", hold_pressure_kpa=600)
    limits = {gate.name: gate.limits for gate in list_gates(load_site(folder), "r2")}
    assert limits["conductivity"] == "at most 500 µS/cm"
    assert limits["pressure-held"] == "at least 600 kPa"


def test_a_later_value_takes_the_place_of_an_earlier_one(folder):
    sign(folder, "ph", "9.5")
    sign(folder, "glycol", "27")
    sign(folder, "ph", "9", by="Grace")
    gates = read_record(folder.record).sign_offs["r2"]
    assert {gate: (one.value, one.by) for gate, one in gates.items()} == {
        "ph": ("9", "Grace"),
        "glycol": ("27", "Ada"),
    }
    assert yaml.safe_load(folder.record.read_text())["sign_offs"]["r2"]["ph"]["value"] == "9"
