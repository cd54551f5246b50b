"""The driver is the pinned one, whole, and nobody else moves it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from clusterwright.design.plan import SitePlan

pytestmark = pytest.mark.gpu

Probe = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Installed:
    """One package as dpkg knows it."""

    selection: str
    status: str
    version: str


@pytest.fixture(scope="module")
def packages(probe: Probe, plan: SitePlan) -> Mapping[str, Installed]:
    form = "${Package}\\t${db:Status-Want}\\t${db:Status-Status}\\t${Version}\\n"
    names = " ".join(package.name for package in plan.software.gpu_driver_packages)
    # It ends with 1 when it has never heard of one of the names.
    shown = probe(f"dpkg-query --show --showformat=%s {names}", form, accept=(0, 1))
    rows = (line.split("\t") for line in shown.splitlines())
    return {name: Installed(*rest) for name, *rest in rows}


def test_every_driver_package_has_its_exact_version(
    packages: Mapping[str, Installed], plan: SitePlan
) -> None:
    versions = {
        name: package.version for name, package in packages.items() if package.status == "installed"
    }
    assert versions == {p.name: p.version for p in plan.software.gpu_driver_packages}


def test_every_driver_package_is_held(packages: Mapping[str, Installed], plan: SitePlan) -> None:
    selections = {name: package.selection for name, package in packages.items()}
    assert selections == {p.name: "hold" for p in plan.software.gpu_driver_packages}


@pytest.mark.nvswitch
@pytest.mark.remedy("run clusterwright up {site}, and reboot {host} where a driver waits for it")
def test_fabric_manager_and_driver_have_the_same_version(probe: Probe) -> None:
    """Fabric Manager and the running driver have the same version"""
    query = "nvidia-smi --query-gpu=driver_version --format=csv,noheader"
    drivers = set(probe(query).splitlines())
    form = "${source:Upstream-Version}\\n"
    fabric_manager = probe("dpkg-query --show --showformat=%s 'nvidia-fabricmanager*'", form)
    assert set(fabric_manager.split()) == drivers
