"""One line for what differs only by which of several equal things it names."""

import pytest

from clusterwright.errors import Change, DefinitionError, Mistake

RACKS = {f"su{unit}-r{n}": "racks" for unit in range(1, 9) for n in range(1, 17)}
EQUALS = {**RACKS, "su1": "units", "su2": "units", "su3": "units"}
HOT = "4 × dgx-h100 in rack {} draw 40.8 kW, but the rack's limit is 30 kW: at most 2 fit"
COUNT = "compute.su1.groups[0].count"


def mistake(rule, path=COUNT, *, line=7, value="2"):
    remedy = (Change(path=path, value=value),)
    return Mistake(file="site.yml", line=line, path=path, value="4", rule=rule, remedy=remedy)


def lines(*mistakes):
    return str(DefinitionError(mistakes, EQUALS)).splitlines()


@pytest.mark.parametrize(
    ("racks", "named"),
    [
        pytest.param(["su1-r3"], "rack su1-r3 draw", id="one"),
        pytest.param(["su1-r2", "su1-r1"], "rack su1-r1, su1-r2 (2 racks) draw", id="two"),
        pytest.param(
            [f"su1-r{n}" for n in range(16, 0, -1)],
            "rack su1-r1 … su1-r16 (16 racks) draw",
            id="a row of them",
        ),
        pytest.param(
            ["su1-r1", "su1-r2", "su1-r3", "su1-r7"],
            "rack su1-r1 … su1-r3, su1-r7 (4 racks) draw",
            id="with a gap",
        ),
        pytest.param(
            list(RACKS), "rack su1-r1 … su8-r16 (128 racks) draw", id="more rows than are listed"
        ),
    ],
)
def test_equal_racks_are_one_line_with_their_number_and_range(racks, named):
    (line,) = lines(*(mistake(HOT.format(rack)) for rack in racks))
    assert line.startswith(f"site.yml:7: {COUNT}: 4 × dgx-h100 in {named}")


def test_whoever_reads_the_mistakes_has_all_of_them():
    all_of_them = tuple(mistake(HOT.format(rack)) for rack in RACKS)
    assert DefinitionError(all_of_them, EQUALS).mistakes == all_of_them


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(mistake(HOT.format("su1-r2").replace("40.8", "40.9")), id="another figure"),
        pytest.param(mistake(HOT.format("su1-r2").replace("h100", "h200")), id="another model"),
        pytest.param(mistake(HOT.format("su1-r2"), value="3"), id="another remedy"),
        pytest.param(mistake(HOT.format("su1-r2"), "facility.racks[0]"), id="another place"),
        pytest.param(mistake(HOT.format("r99")), id="a thing that nobody knows"),
        pytest.param(mistake(HOT.format("su2")), id="a thing of another kind"),
    ],
)
def test_what_differs_in_more_than_a_name_is_a_line_of_its_own(other):
    assert len(lines(mistake(HOT.format("su1-r1")), other)) == 2


def test_equal_units_are_named_in_the_path_where_the_sentence_names_none():
    rule = "the unit is built for 8 nodes, but its groups ask for 9: build for at least 9"
    units = ("su1", "su2", "su3")
    found = [mistake(rule, f"compute.{unit}.build_for", line=n) for n, unit in enumerate(units)]
    assert lines(*found) == [f"site.yml:0: compute.su1 … su3 (3 units).build_for: {rule}"]


def test_all_names_of_a_sentence_are_ranges_and_the_first_has_the_number():
    rule = "2 × dgx-b200 in rack {0} put 17 A on branch B1 of {0}-pdu-a, but it carries 16 A"
    pdus = {f"{rack}-pdu-a": "PDUs" for rack in RACKS}
    found = tuple(mistake(rule.format(f"su1-r{n}")) for n in (1, 2, 3))
    assert str(DefinitionError(found, EQUALS | pdus)).endswith(
        "in rack su1-r1 … su1-r3 (3 racks) put 17 A on branch B1 of su1-r1-pdu-a … su1-r3-pdu-a, "
        "but it carries 16 A"
    )
