"""What a machine lacks is said before anything is made, with the remedy."""

import platform
from dataclasses import replace
from pathlib import Path

import pytest

from clusterwright.errors import ClusterwrightError, OperationError, ToolError
from clusterwright.lab import cgroup, requirements
from clusterwright.lab.bring_up import bring_up
from clusterwright.lab.instance import Lab, find_lab
from clusterwright.site_folder import SiteFolder
from tests.plans import lab_plan


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    mounts = tmp_path / "mounts"
    (tmp_path / "unified").mkdir()
    mounts.write_text(
        f"cgroup /sys/fs/cgroup/pids cgroup rw 0 0\ncgroup2 {tmp_path}/unified cgroup2 rw 0 0\n"
    )
    monkeypatch.setattr(cgroup, "MOUNTS", mounts)
    monkeypatch.setenv("CLUSTERWRIGHT_STATE_HOME", str(tmp_path / "state"))
    return find_lab("lab-unit")


def test_who_is_not_root_is_told_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements.os, "geteuid", lambda: 1000)
    with pytest.raises(OperationError) as refused:
        requirements.require_linux_root("lab up")
    assert str(refused.value) == (
        "lab up: this is user 1000, and only root may use the lab's namespaces; "
        "run it as root, for example with sudo"
    )


def test_another_operating_system_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    with pytest.raises(OperationError, match=r"this is Darwin.* run it on a Linux machine"):
        requirements.require_linux_root("lab up")


def test_all_missing_programs_are_named_with_their_packages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = {"gpg", "ip", "nsenter", "setpriv", "unshare", "xorriso"}
    monkeypatch.setattr(requirements.shutil, "which", lambda name: name if name in there else None)
    with pytest.raises(ToolError) as refused:
        requirements.require_programs()
    assert str(refused.value) == (
        "lab: mmdebstrap, ssh, ssh-keygen: not found, and the lab is made with them; "
        "install with: apt-get install mmdebstrap openssh-client"
    )


def test_a_lab_with_switches_needs_a_dhcp_server_and_a_client(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = {name for name, _ in requirements.PROGRAMS}
    monkeypatch.setattr(requirements.shutil, "which", lambda name: name if name in there else None)
    requirements.require_programs()
    with pytest.raises(ToolError, match="apt-get install kea-dhcp4-server udhcpc"):
        requirements.require_programs(switches=True)


def test_every_required_package_is_installed_by_the_set_up() -> None:
    listed = Path("tools/debian-packages.txt").read_text().split()
    programs = (*requirements.PROGRAMS, *requirements.NETWORK_PROGRAMS)
    assert {package for _, package in programs} <= set(listed)


def test_a_machine_without_cgroup2_is_told_how_to_mount_it(lab: Lab) -> None:
    cgroup.MOUNTS.write_text("cgroup /sys/fs/cgroup/pids cgroup rw 0 0\n")
    with pytest.raises(OperationError, match="mount it with: mount -t cgroup2"):
        _ = lab.cgroup


def test_the_control_group_lies_in_the_unified_hierarchy(lab: Lab, tmp_path: Path) -> None:
    assert lab.cgroup == tmp_path / "unified/cw-lab-unit"


def test_leftovers_of_a_lab_are_named_with_the_remedy(lab: Lab) -> None:
    requirements.require_nothing_there(lab)
    lab.state.mkdir(parents=True)
    with pytest.raises(OperationError) as refused:
        requirements.require_nothing_there(lab)
    assert str(refused.value) == (
        f"lab lab-unit: is not up, but it has left folder {lab.state}; "
        "remove what is left: clusterwright lab down --site lab-unit"
    )


def test_a_lab_that_is_not_up_cannot_be_entered(lab: Lab) -> None:
    with pytest.raises(OperationError) as refused:
        lab.enter()
    assert str(refused.value) == (
        "lab lab-unit: is not up; bring it up with: clusterwright lab up --site lab-unit"
    )


def test_a_lab_whose_state_lies_elsewhere_is_not_taken_for_this_one(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lab, "is_up", lambda _lab: True)
    with pytest.raises(OperationError) as refused:
        lab.enter()
    assert str(refused.value) == (
        f"lab lab-unit: is up, but there is no {lab.state}: set CLUSTERWRIGHT_STATE_HOME as it was "
        "when the lab was brought up"
    )


def test_a_real_site_gets_no_lab(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements.os, "geteuid", lambda: 0)
    real = replace(lab_plan(), emulated=False)
    with pytest.raises(ClusterwrightError, match="only a site whose definition says") as refused:
        bring_up(lab, SiteFolder(definition=Path("site.yml")), real, {}, lambda *_: None)
    assert refused.value.exit_code == 2


def test_two_labs_that_come_up_at_once_do_not_share_a_control_group(lab: Lab) -> None:
    cgroup.claim(lab.cgroup)
    with pytest.raises(OperationError, match=r"cannot be made \(File exists\); see whether"):
        cgroup.claim(lab.cgroup)
