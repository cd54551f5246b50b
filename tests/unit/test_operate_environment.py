"""Which Pulumi is used, and with which variables."""

import os
import sys
from pathlib import Path

import pytest

from clusterwright.errors import ToolError
from clusterwright.operate.environment import environment
from clusterwright.operate.pulumi_cli import PULUMI_VERSION, built_cli, find_pulumi, is_new_enough
from clusterwright.site_folder import SiteFolder
from tests.plans import lab_plan


def executable(path, version):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho v{version}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path):
    """A machine without a Pulumi: an empty PATH and an empty cache."""
    return {"PATH": str(tmp_path / "bin"), "XDG_CACHE_HOME": str(tmp_path / "cache")}


@pytest.mark.parametrize(
    ("version", "verdict"),
    [("3.227.0", True), ("3.226.9", False), ("4.0.0", True), ("", False), ("dev", False)],
)
def test_engines_without_exit_codes_are_too_old(version, verdict):
    assert is_new_enough(version) is verdict


def test_the_operators_own_cli_comes_first(machine, tmp_path):
    own = executable(tmp_path / "bin" / "pulumi", "3.300.1")
    executable(built_cli(machine), PULUMI_VERSION)
    found = find_pulumi(machine)
    assert (found.executable, found.version) == (own, "3.300.1")


def test_an_old_one_on_path_gives_way_to_the_built_one(machine, tmp_path):
    executable(tmp_path / "bin" / "pulumi", "3.100.0")
    built = executable(built_cli(machine), PULUMI_VERSION)
    assert find_pulumi(machine).executable == built


def test_without_any_the_error_says_make_tools(machine):
    with pytest.raises(ToolError, match=r"pulumi: none on PATH, .* needed: run `make tools`"):
        find_pulumi(machine)


def test_only_an_old_one_is_named_with_its_version(machine, tmp_path):
    executable(tmp_path / "bin" / "pulumi", "3.100.0")
    with pytest.raises(ToolError, match=r"bin/pulumi is 3\.100\.0, and at least .* `make tools`"):
        find_pulumi(machine)


@pytest.fixture
def folder(tmp_path):
    return SiteFolder(definition=tmp_path / "lab" / "site.yml")


def test_this_checkouts_programs_come_first_on_path(machine, folder):
    built = executable(built_cli(machine), PULUMI_VERSION)
    path = environment(folder, lab_plan(), machine)["PATH"].split(os.pathsep)
    assert path == [str(Path(sys.prefix) / "bin"), str(built.parent), machine["PATH"]]


def test_what_the_operator_has_set_stays(machine, folder):
    executable(built_cli(machine), PULUMI_VERSION)
    own = {"PULUMI_BACKEND_URL": "s3://b", "PULUMI_HOME": "/h", "PULUMI_PARALLEL": "2"}
    own |= {"GRPC_VERBOSITY": "DEBUG"}
    result = environment(folder, lab_plan(), machine | own)
    assert own.items() <= result.items()


def test_the_log_of_grpc_is_nobodys_news(machine, folder):
    executable(built_cli(machine), PULUMI_VERSION)
    assert environment(folder, lab_plan(), machine)["GRPC_VERBOSITY"] == "NONE"


def test_ansible_logs_in_as_the_sites_folder_says(machine, folder):
    executable(built_cli(machine), PULUMI_VERSION)
    assert "ANSIBLE_SSH_ARGS" not in environment(folder, lab_plan(), machine)
    folder.path.mkdir()
    folder.ssh_config.write_text("")
    result = environment(folder, lab_plan(), machine)
    assert result["ANSIBLE_SSH_ARGS"] == f"-F {folder.ssh_config}"
