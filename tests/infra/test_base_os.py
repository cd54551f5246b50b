"""The host is who it should be, and has the baseline that every host has."""

from collections.abc import Callable, Mapping
from ipaddress import ip_interface

import pytest

from clusterwright.design.plan import ManagementHost, Node, SitePlan

Planned = Node | ManagementHost
Probe = Callable[..., str]


@pytest.mark.remedy("give {host} its name, or its address to the right host")
def test_the_host_has_its_planned_name(probe: Probe, planned: Planned) -> None:
    assert probe("uname --nodename") == planned.name


@pytest.mark.remedy("configure the in-band interface of {host}")
def test_the_host_has_its_planned_address(probe: Probe, planned: Planned, plan: SitePlan) -> None:
    """the host has its planned in-band address and no other"""
    shown = probe("ip -4 -oneline address show").splitlines()
    addresses = [ip_interface(line.split()[3]) for line in shown]
    inband = {str(one) for one in addresses if one.ip in plan.inband.prefix}
    assert inband == {f"{planned.address}/{plan.inband.prefix.prefixlen}"}


@pytest.mark.remedy("see why on {host}: systemctl --failed")
def test_no_service_has_failed(probe: Probe) -> None:
    failed = probe("systemctl list-units --failed --plain --no-legend --no-pager")
    assert {line.split()[0] for line in failed.splitlines()} == set()


@pytest.mark.remedy("allow a reboot of {host}, or drain it; then run clusterwright up {site}")
def test_the_host_waits_for_no_reboot(probe: Probe) -> None:
    marks = probe("find /run -maxdepth 1 -name reboot-required")
    assert marks.splitlines() == []


def test_only_the_planned_package_sources_are_used(probe: Probe, plan: SitePlan) -> None:
    form = "$(SITE) $(RELEASE) $(COMPONENT)"
    command = f"apt-get indextargets --format '$(REPO_URI) {form}' 'Identifier: Packages'"
    used = {tuple(line.split()) for line in probe(command).splitlines()}
    assert {(uri.rstrip("/"), *rest) for uri, _, *rest in used} == {
        (source.uri.rstrip("/"), suite, component)
        for source in plan.software.package_sources
        for suite in source.suites
        for component in source.components
    }


def test_every_base_package_is_installed(probe: Probe, plan: SitePlan) -> None:
    names = plan.software.base_packages
    form = "${Package} ${db:Status-Status}\\n"
    # It ends with 1 when it has never heard of one of the names.
    shown = probe("dpkg-query --show --showformat=%s " + " ".join(names), form, accept=(0, 1))
    states = dict(line.split() for line in shown.splitlines())
    assert {name: states.get(name) for name in names} == dict.fromkeys(names, "installed")


def test_every_kernel_parameter_has_its_planned_value(probe: Probe, plan: SitePlan) -> None:
    wanted = dict(plan.software.sysctl)
    # It ends with 1 when the kernel has no parameter of one of the names.
    shown = probe(f"sysctl {' '.join(wanted)}", accept=(0, 1)).splitlines()
    actual = {name: " ".join(value.split()) for name, _, value in map(by_equals, shown)}
    assert actual == wanted


def by_equals(line: str) -> tuple[str, str, str]:
    return line.partition(" = ")


def test_nobody_logs_in_with_a_password(probe: Probe) -> None:
    """SSH lets nobody in with a password"""
    lines = (line.partition(" ") for line in probe("sshd -T").splitlines())
    options = {name: value for name, _, value in lines}
    wanted = {
        "passwordauthentication": "no",
        "kbdinteractiveauthentication": "no",
        "permitemptypasswords": "no",
    }
    assert {name: options.get(name) for name in wanted} == wanted


@pytest.fixture(scope="module")
def clock(probe: Probe) -> Mapping[str, str]:
    """What chrony says of the clock."""
    lines = (line.partition(":") for line in probe("chronyc -n tracking").splitlines())
    return {name.strip(): value.strip() for name, _, value in lines}


@pytest.mark.remedy("see why on {host}: chronyc -n sources")
def test_the_clock_is_synchronised(clock: Mapping[str, str]) -> None:
    assert clock["Leap status"] == "Normal"


@pytest.mark.remedy("see why on {host}: chronyc -n sources")
def test_the_time_comes_from_the_planned_servers(
    probe: Probe, clock: Mapping[str, str], plan: SitePlan
) -> None:
    sources = [line.split() for line in probe("chronyc -n sources").splitlines()]
    assert {fields[1] for fields in sources if fields[0].startswith("^")} == set(
        plan.software.time_servers
    )
