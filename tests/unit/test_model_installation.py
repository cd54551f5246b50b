"""What a definition may say of installations, and what is said where it cannot be."""

from pathlib import Path

import pytest

from clusterwright.design import design
from clusterwright.errors import DefinitionError
from clusterwright.load import load_site
from clusterwright.site_folder import find_site
from tests.installations import KEY, plan_of, write_site
from tests.sites import plan_without_switches

AT = "installation.profiles.media"


def refused(definition: Path) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        design(load_site(find_site(str(definition))))
    return [str(mistake).partition(": ")[2] for mistake in caught.value.mistakes]


WRONG = {
    "an unknown image": (
        ("image: debian\n", "image: debain\n"),
        f"{AT}.image: there is no image debain: did you mean debian?",
    ),
    "a host that is no node": (
        ("hosts: [su1-n1]", "hosts: [su1-n9]"),
        f"{AT}.hosts[0]: there is no node su1-n9: did you mean su1-n4?",
    ),
    "a pool that there is not": (
        ("hosts: [su1-n1]", "pools: [trainig]"),
        f"{AT}.pools[0]: there is no pool trainig: did you mean training?",
    ),
    "a host that two profiles install": (
        ("hosts: [su1-n2]", "hosts: [su1-n1]"),
        "installation.profiles.https.hosts[0]: su1-n1 is named twice, but a name means one thing: "
        "give this one another",
    ),
    "a host that a pool has, too": (
        ("hosts: [su1-n2]", "pools: [training]"),
        "installation.profiles.https.pools[0]: su1-n1 of pool training is installed by another "
        "entry, too, but a host is installed in one way: leave it out of one of them",
    ),
    "nobody to configure it": (
        ("name: root, key_secret: ssh/automation", f"name: ops, authorized_keys: [{KEY}]"),
        f"{AT}.users: none of the users is root, as whom hosts are configured "
        "(software.ssh_user): add it",
    ),
    "no key to configure it": (
        ("name: root, key_secret: ssh/automation", "name: root, password_secret: user/root"),
        f"{AT}.users.root: root configures the host (software.ssh_user), but has no key: give "
        "authorized_keys or key_secret",
    ),
    "a disk by size for Debian": (
        ("{path: /dev/disk/by-path/pci-0000:01:00.0-nvme-1}", "{size: largest}"),
        f"{AT}.storage.disk.size: Debian's installer does not choose a disk by its size: write its "
        "path or serial",
    ),
    "a second mirror for Ubuntu": (
        ('ubuntu/"', 'ubuntu/"\n      security_mirror: http://10.101.0.1/security'),
        "installation.images.ubuntu.security_mirror: image ubuntu is ubuntu's, whose installer is "
        "told of one mirror alone: leave it out, and let a late command or a play name the other",
    ),
    "a filesystem that Ubuntu's installer does not make": (
        ("storage: {disk: {size: smallest}}", "storage: {disk: {size: smallest}, filesystem: xfs}"),
        "installation.profiles.https.storage.filesystem: Ubuntu's installer makes no xfs, but ext4 "
        "in each of its layouts: write ext4, or install another image",
    ),
    "a profile that installs nobody": (
        ("      hosts: [su1-n2]\n", ""),
        "installation.profiles.https: it installs nobody, because it names neither hosts nor "
        "pools: give one of them, or take the profile out",
    ),
    "a disk by two things": (
        ("{size: smallest}", "{size: smallest, serial: S1}"),
        "installation.profiles.https.storage.disk: a disk is chosen by one of path, serial and "
        "size, but 2 are given: write exactly one",
    ),
    "a host to install again that is not installed": (
        ("again: {}", "again: {su1-n4: now}"),
        "installation.again.su1-n4: there is no installed host su1-n4: did you mean su1-n2?",
    ),
    "an image without a checksum on a real site": (
        ("emulated: true", "emulated: false"),
        "installation.images.debian.sha256: image debian has no checksum, but what is installed "
        "everywhere must be what was meant: write what sha256sum says of images/debian.iso",
    ),
}


@pytest.mark.parametrize(("edit", "sentence"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_said(tmp_path: Path, edit: tuple[str, str], sentence: str) -> None:
    said = refused(write_site(tmp_path, edit))
    assert any(sentence in one for one in said), said


def test_the_proposed_filesystem_is_no_mistake(tmp_path: Path) -> None:
    plain = "storage: {disk: {size: smallest}}"
    asked = "storage: {disk: {size: smallest}, filesystem: xfs}"
    with pytest.raises(DefinitionError) as caught:
        plan_of(tmp_path, (plain, asked))
    ((change,),) = [one.remedy for one in caught.value.mistakes]
    assert change.path == "installation.profiles.https.storage.filesystem"
    assert plan_of(tmp_path, (plain, asked.replace("xfs", change.value)))


LINES = {
    "a late command of two lines": ("late_commands: []", 'late_commands: ["a\\nb"]'),
    "a package with a shell in it": ("packages: [tmux]", 'packages: ["tmux; reboot"]'),
    "a key with a quote in it": (f"[{KEY}]", '["ssh-ed25519 AAAA \\"x"]'),
    "a word with a quote in it": ("again: {}", "again: {su1-n1: '\"'}"),
}


@pytest.mark.parametrize("edit", LINES.values(), ids=LINES)
def test_nothing_passes_that_would_be_another_answer(tmp_path: Path, edit: tuple[str, str]) -> None:
    assert refused(write_site(tmp_path, edit))


def test_the_plan_has_every_installed_host(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    assert [(one.host, one.image.name, one.method) for one in plan.installations] == [
        ("su1-n1", "debian", "virtual-media"),
        ("su1-n2", "ubuntu", "https-boot"),
    ]


def test_a_pool_installs_its_nodes_and_no_holes(tmp_path: Path) -> None:
    edits = (
        ("hosts: [su1-n1]", "pools: [inference]"),
        ("    groups:", "    holes: [su1-n4]\n    groups:"),
    )
    plan = design(load_site(find_site(str(write_site(tmp_path, *edits)))))
    assert [one.host for one in plan.installations] == ["su1-n2", "su1-n3"]


def test_without_installation_nothing_is_installed() -> None:
    plan = plan_without_switches()
    assert (plan.installations, plan.boot_service) == ((), None)
