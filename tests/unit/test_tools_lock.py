"""What is installed is what pyproject.toml pins, and nothing is left to chance."""

import tomllib

from clusterwright.operate.pulumi_cli import PULUMI_VERSION
from clusterwright.provider import language_host
from clusterwright.site_folder import PROJECT


def pinned():
    lines = (PROJECT / "requirements.lock").read_text().splitlines()
    return {line.lower() for line in lines if line and not line.startswith("#")}


def test_every_pin_of_the_project_is_locked():
    document = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    project = document["project"]
    wanted = [*document["build-system"]["requires"], *project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        wanted += extra
    assert {pin.lower() for pin in wanted} - pinned() == set(), "run `make lock`"


def test_every_locked_package_has_one_exact_version():
    assert [line for line in sorted(pinned()) if line.count("==") != 1] == []


def test_engine_sdk_and_language_host_are_one_release():
    go_modules = (PROJECT / "tools" / "go.mod").read_text()
    assert f"github.com/pulumi/pulumi/pkg/v3 v{PULUMI_VERSION}" in go_modules
    assert f"github.com/pulumi/pulumi/sdk/v3 v{PULUMI_VERSION}" in go_modules
    assert f"pulumi=={PULUMI_VERSION}" in pinned()
    assert language_host.VERSION == PULUMI_VERSION
