"""The module that holds packages at versions: what it reads of dpkg, and what it makes of it."""

import importlib.util

import pytest

from clusterwright.site_folder import PROJECT

SOURCE = PROJECT / "roles/base_os/library/debian_packages.py"
LISTING = (
    "nvidia-open-580\thold\tinstalled\t580.95.05-1\n"
    "chrony\tinstall\tinstalled\t4.3-2\n"
    "cuda-toolkit-13-0\tinstall\thalf-configured\t13.0.2-1\n"
    "nvidia-persistenced\tdeinstall\tconfig-files\t580.95.05-1\n"
)
DRIVER = {"name": "nvidia-open-580", "version": "580.95.05-1"}
OLDER = {"name": "nvidia-open-580", "version": "580.95.04-1"}
CLOCK = {"name": "chrony", "version": ""}
TOOLKIT = {"name": "cuda-toolkit-13-0", "version": "13.0.2-1"}


@pytest.fixture(scope="module")
def packages():
    spec = importlib.util.spec_from_file_location("debian_packages", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def actual(packages):
    return packages.parse_dpkg(LISTING)


def test_only_what_is_completely_installed_counts(actual):
    assert actual == {"nvidia-open-580": ("580.95.05-1", True), "chrony": ("4.3-2", False)}


@pytest.mark.parametrize(
    ("package", "hold", "expected"),
    [
        pytest.param(DRIVER, True, None, id="as it should be"),
        pytest.param(CLOCK, False, None, id="any version will do"),
        pytest.param(CLOCK, True, ("4.3-2", "4.3-2 (held)"), id="not held"),
        pytest.param(OLDER, True, ("580.95.05-1 (held)", "580.95.04-1 (held)"), id="version"),
        pytest.param(TOOLKIT, True, ("", "13.0.2-1 (held)"), id="half installed"),
    ],
)
def test_a_package_that_differs_is_shown_with_version_and_hold(
    packages, actual, package, hold, expected
):
    before, after = packages.compare([package], actual, hold=hold)
    found = (before[package["name"]], after[package["name"]]) if before else None
    assert found == expected


def test_only_absent_and_other_versions_are_installed(packages, actual):
    assert packages.other_versions([DRIVER, CLOCK, TOOLKIT], actual) == ["cuda-toolkit-13-0"]
    assert packages.other_versions([OLDER], actual) == ["nvidia-open-580"]


class Module:
    """Stands in for AnsibleModule: answers dpkg-query, and counts what else is run."""

    def __init__(self, **params):
        self.params = {"hold": True, "loaded": ["nvidia-*"], "mark": None, "replace": True} | params
        self.check_mode, self.ran = False, []

    def run_command(self, command, **_):
        if command[0] != "dpkg-query":
            self.ran.append(command)
        return 0, LISTING, ""


def test_a_loaded_driver_is_not_replaced_where_no_reboot_is_allowed(packages):
    module = Module(replace=False)
    found = packages.result(module, [OLDER, TOOLKIT])
    assert (found["changed"], module.ran) == (False, [])
    assert [(p["subject"], p["before"], p["after"]) for p in found["pending"]] == [
        ("nvidia-open-580", "580.95.05-1 (held)", "580.95.04-1 (held)"),
        ("cuda-toolkit-13-0", "", "13.0.2-1 (held)"),
    ]


def test_a_toolkit_needs_no_reboot(packages):
    module = Module(replace=False)
    found = packages.result(module, [DRIVER, TOOLKIT])
    assert (found["changed"], found["pending"]) == (True, [])
    assert module.ran[-2][-3:] == [
        "install",
        "nvidia-open-580=580.95.05-1",
        "cuda-toolkit-13-0=13.0.2-1",
    ]


def test_check_mode_runs_nothing_and_names_what_is_missing(packages):
    module = Module()
    module.check_mode = True
    found = packages.result(module, [DRIVER, TOOLKIT])
    assert (found["changed"], found["missing"], module.ran) == (True, ["cuda-toolkit-13-0"], [])


def test_a_changed_driver_leaves_a_mark_until_the_reboot(packages, tmp_path):
    mark = tmp_path / "changed"
    packages.result(Module(mark=str(mark)), [DRIVER, TOOLKIT])
    assert not mark.exists()
    packages.result(Module(mark=str(mark)), [OLDER])
    assert mark.read_text() == "nvidia-open-580\n"
