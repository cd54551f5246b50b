"""Every role's argument spec says exactly what its defaults and tasks accept."""

import re
from pathlib import Path

import pytest
import yaml

from clusterwright.site_folder import PROJECT

ROLES = sorted(path for path in (PROJECT / "roles").iterdir() if path.is_dir())
TASK_FILE_LINES = 60


def options_of(role):
    spec = yaml.safe_load((role / "meta/argument_specs.yml").read_text())
    return spec["argument_specs"]["main"]["options"]


def task_files(role):
    return sorted((role / "tasks").glob("*.yml"))


def tasks_of(role):
    files = [*task_files(role), *sorted((role / "handlers").glob("*.yml"))]
    return [task for file in files for task in yaml.safe_load(file.read_text())]


def test_there_are_roles():
    assert {"base_os", "gpu_driver", "gpu_mig"} <= {role.name for role in ROLES}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
class TestRole:
    def test_spec_matches_defaults(self, role):
        options = options_of(role)
        defaults = yaml.safe_load((role / "defaults/main.yml").read_text()) or {}
        required = {name for name, option in options.items() if option.get("required")}
        documented = {name: o["default"] for name, o in options.items() if name not in required}
        assert documented == defaults

    def test_every_option_is_named_after_its_role_and_described(self, role):
        options = options_of(role)
        assert [name for name in options if not name.startswith(f"{role.name}_")] == []
        assert [n for n, o in options.items() if not {"description", "type"} <= o.keys()] == []

    def test_every_public_variable_in_use_is_an_option(self, role):
        files = [*role.glob("tasks/*.yml"), *role.glob("templates/*.j2"), *role.glob("vars/*.yml")]
        used = set().union(
            *(re.findall(rf"(?<![\w/.]){role.name}_\w+", strip(file)) for file in files)
        )
        assert used <= options_of(role).keys()

    def test_every_option_is_in_use(self, role):
        text = "".join(strip(file) for file in role.rglob("*") if file.suffix in (".yml", ".j2"))
        unused = [name for name in options_of(role) if text.count(name) < 2]
        assert unused == []

    def test_task_files_are_short(self, role):
        lengths = {file.name: len(file.read_text().splitlines()) for file in task_files(role)}
        assert {name: n for name, n in lengths.items() if n > TASK_FILE_LINES} == {}

    def test_every_assert_says_what_is_wrong(self, role):
        asserts = [t for t in tasks_of(role) if "ansible.builtin.assert" in t]
        silent = [t["name"] for t in asserts if "fail_msg" not in t["ansible.builtin.assert"]]
        assert silent == []

    def test_files_are_owned_whole(self, role):
        edits = ("lineinfile", "replace", "blockinfile")
        assert [
            t["name"] for t in tasks_of(role) for edit in edits if f"ansible.builtin.{edit}" in t
        ] == []

    def test_every_template_says_who_renders_it_and_that_it_is_generated(self, role):
        for template in role.glob("templates/*.j2"):
            text = template.read_text()
            assert text.startswith(("{# Rendered by role", "{#- Rendered by role")), template
            assert "generated from" in text.lower().replace("_", " "), template


def strip(file: Path) -> str:
    """Return a file's text without what only names a path."""
    return re.sub(r"roles/\w+", "", file.read_text())


@pytest.mark.parametrize("playbook", ["nodes.yml", "management.yml"])
def test_a_playbook_looks_at_the_values_before_it_changes_anything(playbook):
    first, *_ = yaml.safe_load((PROJECT / "playbooks" / playbook).read_text())
    assert [list(task)[1] for task in first["tasks"]] == ["ansible.builtin.include_role"]
    assert first["tasks"][0]["ansible.builtin.include_role"]["tasks_from"] == "preflight"
