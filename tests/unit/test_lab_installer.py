"""The lab's installers: what we render is understood, and what is wrong is refused by name."""

import pytest

from clusterwright.errors import HostError
from clusterwright.lab.installer.answer import Answer
from clusterwright.lab.installer.autoinstall import read_autoinstall
from clusterwright.lab.installer.disks import Choice, choose
from clusterwright.lab.installer.kernel_line import read_menu
from clusterwright.lab.installer.preseed import read_preseed
from clusterwright.render.answer import Answer as Rendered
from clusterwright.render.answer import render_answer
from tests.installations import plan_of


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rendered, Rendered]:
    plan = plan_of(tmp_path_factory.mktemp("site"))
    debian, ubuntu = map(render_answer, plan.installations)
    return debian, ubuntu


@pytest.fixture
def debian(rendered: tuple[Rendered, Rendered]) -> Rendered:
    return rendered[0]


@pytest.fixture
def ubuntu(rendered: tuple[Rendered, Rendered]) -> Rendered:
    return rendered[1]


def test_debians_answer_is_understood_whole(debian: Rendered) -> None:
    answer = read_preseed(debian.text, "su1-n1")
    assert answer.disk == Choice(path="/dev/disk/by-path/pci-0000:01:00.0-nvme-1")
    assert (answer.layout, answer.filesystem, answer.release) == ("lvm", "ext4", "bookworm")
    assert answer.mirror == "http://10.101.0.1/debian"
    assert [(user.name, user.password_hash) for user in answer.users] == [("root", "*")]
    assert {"tmux", "openssh-server", "sudo"} <= set(answer.packages)
    assert "in-target sh -c 'useradd --create-home" in answer.late[0]


def test_ubuntus_answer_is_understood_whole(ubuntu: Rendered) -> None:
    answer: Answer = read_autoinstall(ubuntu.text, "noble")
    assert answer.disk == Choice(size="smallest")
    assert (answer.hostname, answer.layout, answer.release) == ("su1-n2", "direct", "noble")
    assert answer.users[0].keys == ("@@key ssh/automation@@",)
    assert answer.late[2] == """curtin in-target -- sh -c 'echo '"'"'it is ours'"'"' > /etc/motd'"""


PRESEED = {
    "an unknown question": (
        "passwd/root-login boolean",
        "passwd/root-logon boolean",
        "d-i passwd/root-logon: the installer asks no such question",
    ),
    "another type": (
        "clock-setup/utc boolean true",
        "clock-setup/utc string true",
        "d-i clock-setup/utc: its answer is a boolean, not a string",
    ),
    "neither true nor false": (
        "clock-setup/utc boolean true",
        "clock-setup/utc boolean yes",
        "d-i clock-setup/utc: yes is neither true nor false",
    ),
    "a confirmation that is missing": (
        "d-i partman/confirm boolean true",
        "#",
        "partman/confirm: is not true, so nothing is written to the disk",
    ),
    "a question that it waits at": (
        "d-i debian-installer/locale string en_US.UTF-8",
        "#",
        "debian-installer/locale: is not answered, and the installer waits at its console",
    ),
    "no password of root": (
        "root-password-crypted password *",
        "root-password-crypted password !",
        "passwd/root-password: is not answered, and the installer waits at its console",
    ),
    "services that nobody chose": (
        "d-i apt-setup/services-select multiselect updates",
        "#",
        "apt-setup/services-select: is not answered, and the installer waits at its console",
    ),
    "a volume group without /boot": (
        "d-i partman-auto-lvm/no_boot boolean true",
        "#",
        "partman-auto-lvm/no_boot: is not true, but the recipe has no /boot",
    ),
    "a recipe that there is not": (
        "choose_recipe select system",
        "choose_recipe select atomic",
        "partman-auto/choose_recipe: there is no recipe atomic",
    ),
    "no disk": (
        'debconf-set partman-auto/disk "$(readlink -f /dev/disk/by-path/',
        'debconf-set partman-auto/disk "$(echo /dev/sda/',
        "chooses no disk",
    ),
    "nobody restarts": (
        "d-i finish-install/reboot_in_progress note",
        "#",
        "finish-install/reboot_in_progress: is not answered, and nobody restarts",
    ),
}


@pytest.mark.parametrize(("before", "after", "sentence"), PRESEED.values(), ids=PRESEED)
def test_debian_refuses_what_it_does_not_understand(
    debian: Rendered, before: str, after: str, sentence: str
) -> None:
    assert before in debian.text
    with pytest.raises(HostError) as refused:
        read_preseed(debian.text.replace(before, after), "su1-n1")
    assert sentence in str(refused.value)


AUTOINSTALL = {
    "an unknown key": ("  locale:", "  lokale:", "autoinstall.lokale: the installer knows no such"),
    "an unknown key of a user": ("shell:", "shel:", "users.shel: the installer knows no such key"),
    "another version": ("version: 1", "version: 2", "autoinstall.version: is 2, but must be 1"),
    "no cloud-config": ("#cloud-config", "#config", "does not begin with #cloud-config"),
    "another layout": ("name: direct", "name: zfs", "is 'zfs', but must be one of direct, lvm"),
    "no YAML": ("version: 1", "version: [", "user-data: is no YAML"),
    "other host keys at the first boot": (
        "ssh_deletekeys: false",
        "ssh_deletekeys: true",
        "the first boot makes other host keys",
    ),
    "a package that is no text": (
        "  - curl\n",
        "  - [curl]\n",
        "packages: must be a list of texts",
    ),
}


@pytest.mark.parametrize(("before", "after", "sentence"), AUTOINSTALL.values(), ids=AUTOINSTALL)
def test_ubuntu_refuses_what_it_does_not_understand(
    ubuntu: Rendered, before: str, after: str, sentence: str
) -> None:
    assert before in ubuntu.text
    with pytest.raises(HostError) as refused:
        read_autoinstall(ubuntu.text.replace(before, after), "noble")
    assert sentence in str(refused.value)


def test_both_boot_menus_are_understood(debian: Rendered, ubuntu: Rendered) -> None:
    lines = [read_menu(one.boot_menu) for one in (debian, ubuntu)]
    assert [(line.installer, line.address, line.hostname) for line in lines] == [
        ("debian", "10.101.0.11", "su1-n1"),
        ("ubuntu", "10.101.0.12", "su1-n2"),
    ]
    assert {line.answer_url for line in lines} == {"@@answer-url@@"}


MENUS = {
    "no kernel": ("  linux", "  nothing", "it starts no kernel"),
    "an unknown argument": ("auto=true", "auto=true quiet2", "quiet2: the installer knows none"),
    "no address": ("netcfg/get_ipaddress=10.101.0.11", "", "get_ipaddress: is missing"),
    "another kernel": ("/install.amd/vmlinuz", "/boot/vmlinuz", "there is no kernel /boot/vmlinuz"),
}


@pytest.mark.parametrize(("before", "after", "sentence"), MENUS.values(), ids=MENUS)
def test_a_wrong_boot_menu_boots_nothing(
    debian: Rendered, before: str, after: str, sentence: str
) -> None:
    with pytest.raises(HostError) as refused:
        read_menu(debian.boot_menu.replace(before, after, 1))
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("choice", "size_gb"),
    [
        pytest.param(Choice(size="smallest"), 960, id="smallest"),
        pytest.param(Choice(size="largest"), 3840, id="largest"),
        pytest.param(Choice(serial="EMU-su1-n1-2"), 3840, id="serial"),
    ],
)
def test_a_disk_is_found(choice: Choice, size_gb: int) -> None:
    assert choose("su1-n1", choice).size_gb == size_gb


def test_a_disk_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(
        HostError, match=r"disk EMU-su1-n2-1: the server has none such, only .*n1-1"
    ):
        choose("su1-n1", Choice(serial="EMU-su1-n2-1"))
