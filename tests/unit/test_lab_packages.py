"""The lab's package repository is one that apt itself trusts and installs from."""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from clusterwright.design.plan import Package, SitePlan
from clusterwright.errors import ToolError
from clusterwright.lab.packages import archive, build_repository
from clusterwright.lab.packages.archive import Wanted
from clusterwright.lab.packages.contents import contents, upstream
from clusterwright.lab.packages.repository import older, wanted_packages
from tests.plans import lab_plan

DRIVER = "usr/lib/emulated-gpu/driver-version"


@pytest.fixture(scope="module")
def plan() -> SitePlan:
    site = lab_plan()
    packages = (
        Package(name="nvidia-open-580", version="580.178.04-1"),
        Package(name="nvidia-fabricmanager", version="580.178.04-1"),
        Package(name="libnvidia-nscq", version="1:580.178.04-0ubuntu1"),
    )
    return replace(site, software=replace(site.software, gpu_driver_packages=packages))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def repository(
    plan: SitePlan, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    build_repository(plan, tmp_path / "apt")
    return tmp_path / "apt"


@pytest.fixture
def apt(tmp_path: Path) -> Path:
    """A root of its own for apt, so that it reads and writes nothing of this machine."""
    root = tmp_path / "root"
    for folder in ("etc/apt/sources.list.d", "etc/apt/apt.conf.d", "etc/apt/preferences.d"):
        (root / folder).mkdir(parents=True)
    for folder in ("lists/partial", "cache/archives/partial"):
        (root / "var/lib/apt" / folder).mkdir(parents=True)
    (root / "status").touch()
    (root / "apt.conf").write_text(
        f'Dir "{root}/";\nDir::State::status "{root}/status";\n'
        f'Dir::Cache "{root}/var/lib/apt/cache";\nAPT::Architecture "amd64";\n'
        'APT::Sandbox::User "root";\nAPT::Update::Error-Mode "any";\n'
    )
    return root


def name_source(apt: Path, repository: Path) -> None:
    (apt / "etc/apt/sources.list.d/lab.sources").write_text(
        f"Types: deb\nURIs: file:{repository}\nSuites: clusterwright\nComponents: main\n"
        f"Signed-By: {repository}/key.asc\n"
    )


def run_apt(apt: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"APT_CONFIG": str(apt / "apt.conf"), "LC_ALL": "C"}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, cwd=apt
    )


def test_apt_trusts_the_repository_and_finds_both_versions(repository: Path, apt: Path) -> None:
    name_source(apt, repository)
    update = run_apt(apt, "apt-get", "update")
    assert (update.returncode, update.stderr) == (0, "")
    shown = run_apt(apt, "apt-cache", "madison", "nvidia-open-580").stdout
    assert [line.split("|")[1].strip() for line in shown.splitlines()] == [
        "580.178.04-1",
        "580.178.03-1",
    ]


def test_apt_downloads_the_exact_version(repository: Path, apt: Path) -> None:
    name_source(apt, repository)
    run_apt(apt, "apt-get", "update")
    done = run_apt(apt, "apt-get", "download", "nvidia-open-580=580.178.03-1")
    assert done.returncode == 0, done.stderr
    (package,) = apt.glob("*.deb")
    shown = run_apt(apt, "dpkg-deb", "--fsys-tarfile", str(package))
    assert "580.178.03\n" in shown.stdout
    listing = run_apt(apt, "dpkg-deb", "--contents", str(package)).stdout
    assert "-rwxr-xr-x root/root" in listing
    assert "./usr/bin/nvidia-smi\n" in listing


def test_apt_refuses_a_repository_that_was_changed(repository: Path, apt: Path) -> None:
    name_source(apt, repository)
    release = repository / "dists/clusterwright/InRelease"
    release.write_text(release.read_text().replace("Origin: ", "Origin: not "))
    update = run_apt(apt, "apt-get", "update")
    assert update.returncode != 0
    assert "BADSIG" in update.stderr


def test_packages_of_both_architectures_are_listed(repository: Path) -> None:
    main = repository / "dists/clusterwright/main"
    texts = {path.read_text() for path in main.glob("binary-*/Packages")}
    assert sorted(path.name for path in main.iterdir()) == ["binary-amd64", "binary-arm64"]
    assert len(texts) == 1


def test_served_folder_holds_no_private_key(repository: Path) -> None:
    files = {path.name for path in repository.rglob("*") if path.is_file()}
    assert "key.asc" in files
    assert "PUBLIC KEY" in (repository / "key.asc").read_text()
    for path in repository.rglob("*"):
        assert not path.is_file() or b"PRIVATE KEY" not in path.read_bytes()


def test_second_build_is_the_first(
    repository: Path, plan: SitePlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    build_repository(plan, tmp_path / "again")
    build_repository(plan, tmp_path / "again")
    files = [path.relative_to(repository) for path in repository.rglob("*") if path.is_file()]
    assert files
    for file in files:
        assert (tmp_path / "again" / file).read_bytes() == (repository / file).read_bytes()


def test_another_build_may_be_faster(
    plan: SitePlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(self: Path, target: Path) -> Path:
        shutil.copytree(self, target)
        raise OSError("not empty")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(Path, "rename", overtaken)
    build_repository(plan, tmp_path / "apt")
    assert (tmp_path / "apt/key.asc").is_file()


def test_packages_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    wanted = Wanted(name="nvidia-fabricmanager", version="580.178.04-1")
    first = archive.build(wanted, tmp_path / "a").read_bytes()
    assert archive.build(wanted, tmp_path / "b").read_bytes() == first


def test_missing_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolError, match=r"^dpkg-deb: is not installed, but .* install the Debian"):
        archive.build(Wanted(name="chrony", version="4.3-2"), tmp_path)


def test_every_package_of_the_plan_is_wanted(plan: SitePlan) -> None:
    wanted = {(one.name, one.version) for one in wanted_packages(plan)}
    assert {(one.name, one.version) for one in plan.software.gpu_driver_packages} <= wanted
    assert set(plan.software.base_packages) <= {name for name, _ in wanted}


def test_clock_is_there_without_being_named(plan: SitePlan) -> None:
    bare = replace(plan, software=replace(plan.software, base_packages=("jq",)))
    assert {"chrony", "jq"} <= {one.name for one in wanted_packages(bare)}


@pytest.mark.parametrize(
    ("version", "before"),
    [
        pytest.param("580.178.04-1", "580.178.03-1", id="zero kept"),
        pytest.param("580.105.10-1", "580.105.09-1", id="zero gained"),
        pytest.param("13.0.2-1", "13.0.1-1", id="toolkit"),
        pytest.param("1:580.95.05-0ubuntu1", "1:580.95.04-0ubuntu1", id="epoch and revision"),
        pytest.param("570.00-1", "569.00-1", id="last number is zero"),
    ],
)
def test_older_version_is_one_point_release_before(version: str, before: str) -> None:
    assert older(version) == before


@pytest.mark.parametrize(
    ("version", "software"),
    [("580.178.04-1", "580.178.04"), ("1:580.95.05-0ubuntu1", "580.95.05"), ("4.3", "4.3")],
)
def test_upstream_version_is_what_the_software_shows(version: str, software: str) -> None:
    assert upstream(version) == software


@pytest.mark.parametrize(
    "name", ["nvidia-open-580", "nvidia-open", "cuda-drivers", "nvidia-driver-580-server-open"]
)
def test_driver_packages_carry_nvidia_smi(name: str) -> None:
    files = contents(name, "580.178.04-1").files
    assert files["usr/bin/nvidia-smi"].mode == 0o755
    assert files[DRIVER].data == b"580.178.04\n"
    assert "usr/lib/emulated-gpu/emulated_gpu/models.json" in files


@pytest.mark.parametrize("name", ["libnvidia-nscq", "nvidia-driver-pinning-580", "jq"])
def test_package_without_an_emulation_is_empty(name: str) -> None:
    assert contents(name, "580.178.04-1").files == {}
