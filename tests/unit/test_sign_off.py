"""What a person vouches for is written down, if it is within what the catalogue allows."""

from datetime import UTC, datetime

import pytest
import yaml

from clusterwright.design import design
from clusterwright.errors import OperationError, UsageError
from clusterwright.load import load_site
from clusterwright.model.record import SignOff
from clusterwright.operate.sign_off import sign_off
from clusterwright.record_file import read_record
from clusterwright.site_folder import SiteFolder
from tests.sites import LAB, own_model

NOON = datetime(2026, 11, 28, 12, 0, 5, 999, tzinfo=UTC)
SIGNED = "signed off by Ada (2026-11-28T12:00:05Z)"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "site.yml").write_text(LAB)
    return SiteFolder(definition=tmp_path / "site.yml")


def sign(folder, gate, value, *, rack="r2", by="Ada"):
    return sign_off(
        folder.record,
        design(load_site(folder)),
        rack=rack,
        gate=gate,
        by=by,
        value=value,
        clock=lambda: NOON,
    )


@pytest.mark.parametrize(
    ("gate", "value", "kept", "shown"),
    [
        pytest.param("flushed", "yes", "done", ("pass", f"done, {SIGNED}"), id="seen"),
        pytest.param(
            "pressure-held", "600 kPa", "600 kPa", ("pass", f"600 kPa, {SIGNED}"), id="a reading"
        ),
        pytest.param(
            "ph", "8.6", "8.6", ("pass", f"8.6 pH, {SIGNED}; 8 to 10.5 pH is allowed"), id="inside"
        ),
        pytest.param(
            "glycol",
            "25,0 %",
            "25",
            ("pass", f"25 %, {SIGNED}; 25 to 30 % is allowed"),
            id="at a limit",
        ),
        pytest.param(
            "conductivity",
            "1200",
            "1200",
            ("not proven", f"1200 µS/cm, {SIGNED}; the catalogue has no limit for pg25"),
            id="no limit known",
        ),
    ],
)
def test_what_holds_is_written_down(gate, value, kept, shown, folder):
    signed = sign(folder, gate, value)
    assert (signed.check.verdict, signed.check.found) == shown
    assert read_record(folder.record).sign_offs == {
        "r2": {gate: SignOff(value=kept, by="Ada", at="2026-11-28T12:00:05Z")}
    }


def test_what_does_not_hold_is_not_signed_off(folder):
    with pytest.raises(OperationError) as caught:
        sign(folder, "ph", "7")
    assert str(caught.value) == (
        f"rack r2: ph: 7 pH, {SIGNED}, but 8 to 10.5 pH is allowed: correct the coolant, measure "
        "again, and sign ph off anew"
    )
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
            "gate polished: is none that a person signs off; choose one of flushed, bled, "
            "pressure-held, ph, conductivity, glycol, filled, filter-clean, leak-reaction",
            id="no gate",
        ),
        pytest.param(
            {"gate": "glycol", "value": "much"},
            "rack r2: glycol is much, which is no number of %: write what was measured",
            id="no number",
        ),
        pytest.param(
            {"value": "nan"},
            "rack r2: ph is nan, which is no number of pH: write what was measured",
            id="not a number",
        ),
        pytest.param(
            {"gate": "flushed", "value": "nearly"},
            "rack r2: flushed is nearly, but it is signed off only when it is so: write "
            "done, or what was read",
            id="not done",
        ),
        pytest.param(
            {"by": " "}, "--by: is empty, but somebody must vouch for it: give a name", id="nobody"
        ),
    ],
)
def test_what_cannot_be_signed_off_says_why(words, sentence, folder):
    gate, value = words.get("gate", "ph"), words.get("value", "9")
    with pytest.raises(UsageError) as caught:
        sign(folder, gate, value, rack=words.get("rack", "r2"), by=words.get("by", "Ada"))
    assert str(caught.value) == sentence


def test_a_site_may_say_its_own_limits(folder):
    own_model(folder.path, "coolants/pg25", conductivity_us_per_cm_max=500)
    assert sign(folder, "conductivity", "500").check.verdict == "pass"
    with pytest.raises(OperationError, match=r"501 µS/cm, .*, but at most 500 µS/cm is allowed"):
        sign(folder, "conductivity", "501")


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
