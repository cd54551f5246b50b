"""A site's own models win over the project's; what is wrong in one gets its sentence."""

from pathlib import Path

import pytest

from clusterwright.catalogue import load_catalogue
from clusterwright.errors import DefinitionError
from clusterwright.load import load_site
from clusterwright.site_folder import PROJECT, SiteFolder, find_site

OURS = PROJECT / "clusterwright/catalogue"
LAB = find_site("lab").definition.read_text()
RACK = "title: A cabinet\nsource: its plate\nconfidence: read\nheight_units: 42\nwidth_mm: 600\n"

CASES = [
    pytest.param(
        "racks/ours.yml",
        RACK,
        ["depth_mm: depth_mm is missing: write it"],
        id="figure that is missing",
    ),
    pytest.param(
        "racks/ours.yml",
        f"{RACK}depth_mm: 1200\nheigth_units: 42\n",
        ["heigth_units: heigth_units is no key that is known here: did you mean height_units?"],
        id="misspelt key",
    ),
    pytest.param(
        "racks/ours.yml",
        f"{RACK}depth_mm: -1\n",
        ["depth_mm: -1 cannot stand here: input should be greater than 0"],
        id="impossible figure",
    ),
    pytest.param(
        "racks/ours.yml",
        "title: [",
        [
            "(top level): no YAML: expected the node content, but found '<stream end>': "
            "mend this line or the one before"
        ],
        id="no YAML",
    ),
    pytest.param(
        "racks/ours.yml",
        f"{RACK}depth_mm: 1200\nless_sure: {{weight_kg: quoted}}\n",
        ["(top level): less_sure names weight_kg, but gives no figure for it: leave it out"],
        id="doubt about a figure that is not there",
    ),
    pytest.param(
        "racks/ours.yml",
        f"{RACK}depth_mm: 1200\nless_sure: {{depth_mm: read}}\n",
        [
            "(top level): less_sure calls depth_mm read, which is no less than the entry's "
            "read: leave it out",
        ],
        id="doubt that is none",
    ),
    pytest.param(
        "rack/ours.yml",
        f"{RACK}depth_mm: 1200\n",
        ["(top level): there is no kind of model rack: did you mean racks?"],
        id="folder of no kind",
    ),
    pytest.param(
        "racks/ours.yaml",
        f"{RACK}depth_mm: 1200\n",
        ["(top level): ours.yaml is not read: a model's file ends in .yml"],
        id="other ending",
    ),
    pytest.param(
        "servers/ours.yml",
        (OURS / "servers/dgx-h100.yml").read_text().replace("model: h100-sxm-80gb", "model: h100"),
        ["gpus.model: there is no h100 among gpus: did you mean h100-96gb?"],
        id="GPU that is not there",
    ),
    pytest.param(
        "switches/ours.yml",
        (OURS / "switches/qm9700.yml").read_text().replace("{ports: 4, speed", "{ports: 8, speed"),
        [
            "(top level): a breakout into 8 × 200 Gb/s is more than a cage carries, 800 Gb/s",
        ],
        id="breakout beyond its cage",
    ),
    pytest.param(
        "switches/ours.yml",
        (OURS / "switches/qm9700.yml")
        .read_text()
        .replace("lower_gbps: [100]", "lower_gbps: [400]"),
        [
            "(top level): lower_gbps of the breakout into 4 × 200 Gb/s names a speed that is "
            "not lower",
        ],
        id="lower speed that is higher",
    ),
    pytest.param(
        "servers/ours.yml",
        (OURS / "servers/dgx-h100.yml").read_text().replace("needed: 4", "needed: 7"),
        ["power_supplies: needs 7 supplies but has 6"],
        id="more supplies needed than there are",
    ),
    pytest.param(
        "servers/ours.yml",
        (OURS / "servers/dgx-h100.yml").read_text().replace("degraded: 3", "degraded: 5"),
        ["power_supplies: runs degraded on 5 supplies, but needs only 4 in full"],
        id="degraded on more than in full",
    ),
    pytest.param(
        "pdus/ours.yml",
        (OURS / "pdus/rack-pdu-24-c19.yml")
        .read_text()
        .replace("outlet_count: 24", "outlet_count: 36"),
        [
            "(top level): its banks have 24 outlets, but outlet_count is 36: correct one of them",
        ],
        id="outlets that do not add up",
    ),
    pytest.param(
        "cdus/ours.yml",
        (OURS / "cdus/in-rack-cdu-200kw.yml").read_text().replace("needed: 1}", "needed: 3}"),
        ["pumps: needs 3 pumps but has 2"],
        id="more pumps needed than there are",
    ),
    pytest.param(
        "gpus/ours.yml",
        (OURS / "gpus/h100-sxm-80gb.yml").read_text().replace("starts: [0, 4]", "starts: [0, 5]"),
        ["(top level): MIG profile 3g.40gb ends beyond the 8 memory slices"],
        id="MIG placement beyond the GPU",
    ),
    pytest.param(
        "cables/ours.yml",
        (OURS / "cables/ndr-dac-split-osfp.yml")
        .read_text()
        .replace("{length_m: 3,", "{length_m: 4,"),
        ["(top level): MCP7Y00-N003 is 4 m long, which lengths_m does not list"],
        id="order number of a length that is not sold",
    ),
]


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / "catalogue" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


@pytest.mark.parametrize(("name", "text", "expected"), CASES)
def test_each_mistake_in_a_model_gets_its_sentence(name, text, expected, tmp_path):
    file = write(tmp_path, name, text)
    with pytest.raises(DefinitionError) as caught:
        load_catalogue(tmp_path / "catalogue")
    mistakes = caught.value.mistakes
    assert [f"{mistake.path}: {mistake.rule}" for mistake in mistakes] == expected
    assert {mistake.file for mistake in mistakes} == {str(file)}


def test_a_mistake_in_a_model_names_its_file_and_line(tmp_path):
    file = write(tmp_path, "racks/ours.yml", f"{RACK}depth_mm: -1\n")
    with pytest.raises(DefinitionError) as caught:
        load_catalogue(tmp_path / "catalogue")
    assert str(caught.value).startswith(f"{file}:6: depth_mm: ")


def test_mistakes_of_all_models_are_said_together(tmp_path):
    for name in ("racks/one.yml", "racks/two.yml", "pdus/three.yml"):
        write(tmp_path, name, "title: nothing else\n")
    with pytest.raises(DefinitionError) as caught:
        load_catalogue(tmp_path / "catalogue")
    assert {Path(mistake.file).name for mistake in caught.value.mistakes} == {
        "one.yml",
        "two.yml",
        "three.yml",
    }


def test_a_model_of_the_sites_own_is_known_in_its_definition(tmp_path):
    write(tmp_path, "racks/ours.yml", f"{RACK}depth_mm: 1200\n")
    folder = SiteFolder(definition=tmp_path / "site.yml")
    folder.definition.write_text(LAB.replace("model: 48u-750x1200", "model: ours"))
    assert load_site(folder).catalogue.racks["ours"].height_units == 42


def test_a_model_of_the_sites_own_wins_over_the_projects(tmp_path):
    write(tmp_path, "racks/48u-750x1200.yml", f"{RACK}depth_mm: 1200\n")
    assert load_catalogue().racks["48u-750x1200"].height_units == 48
    assert load_catalogue(tmp_path / "catalogue").racks["48u-750x1200"].height_units == 42


def test_of_two_folders_the_last_one_wins(tmp_path):
    for folder, units in (("a", 42), ("b", 45)):
        write(tmp_path / folder, "racks/ours.yml", f"{RACK.replace('42', str(units))}depth_mm: 1\n")
    both = load_catalogue(tmp_path / "a/catalogue", tmp_path / "b/catalogue")
    assert both.racks["ours"].height_units == 45


def test_a_site_without_models_of_its_own_has_the_projects(tmp_path):
    assert load_catalogue(tmp_path / "catalogue") == load_catalogue()
