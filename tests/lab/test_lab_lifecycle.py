"""A lab comes up, can be reached, keeps to itself, and goes down to the last trace."""

import contextlib
import os
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clusterwright.design import design
from clusterwright.lab import cgroup, namespace
from clusterwright.load import load_site
from clusterwright.site_folder import SiteFolder
from tests.lab.conftest import COMMAND, Instance

pytestmark = pytest.mark.lab

RESET = "/redfish/v1/Systems/1/Actions/ComputerSystem.Reset"
# An address for documentation (RFC 5737): nobody's, and not of the lab.
ELSEWHERE = "192.0.2.1"
PATIENCE_S = 300.0


def wait_until(holds: Callable[[], bool]) -> bool:
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        if holds():
            return True
        time.sleep(0.2)
    return holds()


def boot_id(instance: Instance, host: str) -> str:
    return instance.ssh(host, "cat /proc/sys/kernel/random/boot_id").stdout.strip()


def processes_of(instance: Instance) -> list[str]:
    """Command lines that name the lab's state, and whatever is in its network or control group."""
    found = [str(pid) for pid in namespace.members(instance.lab.namespace)]
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = process.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(instance.lab.state) in words:
                found.append(words)
    return found


def traces_of(instance: Instance) -> list[str]:
    """What of the lab a machine would still have."""
    mounts = Path("/proc/self/mounts").read_text().splitlines()
    folders = [instance.lab.state, instance.lab.state.parent, instance.lab.stack_config]
    return [
        *processes_of(instance),
        *(line for line in mounts if instance.site in line),
        *(str(path) for path in namespace.NAMED.glob(f"*{instance.site}*")),
        *(str(path) for path in control_groups() if instance.site in path.name),
        *(str(path) for path in folders if path.exists()),
    ]


def control_groups() -> Iterator[Path]:
    """All that there are now; those of other labs come and go meanwhile, and `rglob` fails then."""
    for folder, below, _ in os.walk(cgroup.lab_cgroup("any").parent):
        yield from (Path(folder, name) for name in below)


def kernel_settings() -> dict[str, str]:
    """Settings of this machine that hosts of the lab try to change."""
    names = ("vm/swappiness", "kernel/hostname", "net/ipv4/ip_forward", "net/ipv4/tcp_mtu_probing")
    return {name: Path("/proc/sys", name).read_text() for name in names}


@pytest.fixture
def node(running_lab: Instance) -> Iterator[str]:
    """A node that was powered on over Redfish, and is off again afterwards."""
    running_lab.redfish("su1-n1", "POST", RESET, {"ResetType": "On"})
    assert wait_until(lambda: running_lab.ssh("su1-n1", "true").returncode == 0)
    yield "su1-n1"
    running_lab.redfish("su1-n1", "POST", RESET, {"ResetType": "ForceOff"})
    assert wait_until(lambda: "Off" in power_state(running_lab))


def power_state(instance: Instance) -> str:
    return str(instance.redfish("su1-n1", "GET", "/redfish/v1/Systems/1")["PowerState"])


def test_status_says_how_to_reach_everything_planned(running_lab: Instance) -> None:
    plan = design(load_site(SiteFolder(definition=running_lab.definition)))
    status = running_lab.status()
    boarded = [node for node in plan.nodes if node.board_controllers]
    assert (status["site"], status["up"]) == (running_lab.site, True)
    assert {one["subject"]: one["kind"] for one in status["redfish"]} == {
        **{node.name: "bmc" for node in plan.nodes},
        **{f"{node.name}-hgx": "hgx" for node in boarded},
        **{f"{node.name}-dpu{number}-bmc": "dpu" for node in boarded for number in (1, 2)},
        **{loop.cdu: "cdu" for loop in plan.loops},
        **{pdu.name: "pdu" for pdu in plan.pdus},
    }
    assert {one["name"]: one["address"] for one in status["hosts"]} == {
        host.name: str(host.address) for host in plan.hosts
    }


def test_every_controller_answers_with_a_certificate_of_the_site(running_lab: Instance) -> None:
    subjects = [one["subject"] for one in running_lab.status()["redfish"]]
    roots = {one: running_lab.redfish(one, "GET", "/redfish/v1/") for one in subjects}
    assert {root["@odata.id"].rstrip("/") for root in roots.values()} == {"/redfish/v1"}


def test_secrets_are_for_root_only(running_lab: Instance) -> None:
    lab = running_lab.lab
    passwords = [Path(one["password_file"]) for one in running_lab.status()["redfish"]]
    secret = [*passwords, lab.passphrase_file, lab.folder.vault, lab.ssh_key]
    assert {stat.S_IMODE(file.stat().st_mode) for file in secret} == {0o600}
    assert stat.S_IMODE(lab.state.stat().st_mode) == 0o700


def test_a_command_in_the_lab_keeps_its_exit_code_and_words(running_lab: Instance) -> None:
    finished = running_lab.execute("sh", "-c", 'echo "$1"; exit 7', "-", "two  words")
    assert (finished.returncode, finished.stdout) == (7, "two  words\n")


def test_a_command_that_does_not_exist_is_named(running_lab: Instance) -> None:
    finished = running_lab.execute("no-such-command")
    assert finished.returncode == 1
    assert finished.stderr == "no-such-command: cannot be run (No such file or directory)\n"


def test_plain_pulumi_finds_backend_and_passphrase(running_lab: Instance) -> None:
    words = "$PULUMI_BACKEND_URL $PULUMI_CONFIG_PASSPHRASE_FILE $ANSIBLE_SSH_ARGS"
    lab = running_lab.lab
    assert running_lab.execute("sh", "-c", f"echo {words}").stdout.strip() == (
        f"file://{lab.pulumi_backend} {lab.passphrase_file} -F {lab.folder.ssh_config}"
    )


def test_the_head_host_is_healthy_and_has_its_name(running_lab: Instance) -> None:
    finished = running_lab.ssh("head", "systemctl is-system-running --wait; hostname")
    assert finished.stdout.split() == ["running", "head"], finished


def test_the_lab_serves_its_packages(running_lab: Instance) -> None:
    program = "import sys,urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())"
    key = running_lab.ssh("head", f"python3 -c '{program}' http://10.101.0.1/apt/key.asc")
    assert "BEGIN PGP PUBLIC KEY BLOCK" in key.stdout


def test_a_host_has_no_package_source_of_its_own(running_lab: Instance) -> None:
    sources = running_lab.ssh("head", "cat /etc/apt/sources.list /etc/apt/sources.list.d/*")
    assert sources.stdout == ""


def test_no_route_leads_out_of_the_lab(running_lab: Instance) -> None:
    for answer in (
        running_lab.inside("ip", "route", "get", ELSEWHERE),
        running_lab.ssh("head", f"ip route get {ELSEWHERE}"),
    ):
        assert answer.returncode != 0
        assert "Network is unreachable" in answer.stderr


def test_a_host_changes_nothing_of_this_machine(running_lab: Instance) -> None:
    before = kernel_settings()
    # Each writes what is there already: were it let through, nothing would come of it.
    attempts = (
        "cat /proc/sys/vm/swappiness > /proc/sys/vm/swappiness",
        "cat /proc/sys/kernel/hostname > /proc/sys/kernel/hostname",
        'date --set="@$(date +%s)"',
        "echo h > /proc/sysrq-trigger",
        "modprobe dummy",
        "ls /dev/kmsg",
    )
    outcome = {one: running_lab.ssh("head", one).returncode != 0 for one in attempts}
    assert outcome == dict.fromkeys(attempts, True)
    assert kernel_settings() == before


def test_network_settings_are_a_hosts_own(running_lab: Instance) -> None:
    before = kernel_settings()
    other = "0" if before["net/ipv4/ip_forward"].strip() == "1" else "1"
    setting = "/proc/sys/net/ipv4/ip_forward"
    finished = running_lab.ssh("head", f"echo {other} > {setting} && cat {setting}")
    assert finished.stdout.strip() == other
    assert kernel_settings() == before


def test_a_host_that_reboots_comes_back_as_another_boot(running_lab: Instance) -> None:
    running_lab.ssh("head", "touch /run/volatile /var/lib/kept")
    before = boot_id(running_lab, "head")
    # The shell writes the code down although its session is being ended by then.
    running_lab.ssh("head", "trap '' TERM HUP; shutdown -r now; echo code $? > /var/lib/kept")
    assert wait_until(lambda: boot_id(running_lab, "head") not in (before, ""))
    kept = running_lab.ssh("head", "head --quiet /run/volatile /var/lib/kept")
    assert kept.stdout == "code 0\n"


def test_powering_a_node_on_boots_its_host(running_lab: Instance, node: str) -> None:
    assert running_lab.ssh(node, "hostname").stdout.strip() == node
    assert '"NVIDIA H100' in running_lab.ssh(node, "cat /etc/emulated-hardware.json").stdout


def test_a_host_that_powers_itself_off_is_off_for_its_controller(
    running_lab: Instance, node: str
) -> None:
    running_lab.ssh(node, "poweroff")
    assert wait_until(lambda: power_state(running_lab) == "Off")
    assert running_lab.ssh(node, "true").returncode == 255


def test_a_node_that_is_off_does_not_answer(running_lab: Instance) -> None:
    assert power_state(running_lab) == "Off"
    assert running_lab.ssh("su1-n1", "true").returncode == 255


def test_faults_are_injected_and_cleared_by_name(running_lab: Instance) -> None:
    fault = {"name": "bmc-unreachable", "subject": "su1-n2"}
    words = (fault["name"], fault["subject"], "--site", running_lab.site)
    for verb, active in (("inject", True), ("clear", False)):
        assert running_lab.command("lab", "fault", verb, *words).returncode == 0
        assert {**fault, "active": active} in running_lab.status()["faults"]


def test_an_unknown_fault_is_refused(running_lab: Instance) -> None:
    words = ("no-such-fault", "su1-n2", "--site", running_lab.site)
    finished = running_lab.command("lab", "fault", "inject", *words)
    assert finished.returncode == 1
    assert finished.stderr.startswith("fault no-such-fault: unknown; choose one of ")


def test_a_lab_that_is_up_is_not_brought_up_again(running_lab: Instance) -> None:
    finished = running_lab.up()
    assert finished.returncode == 1
    assert finished.stderr.splitlines()[-1] == (
        f"lab {running_lab.site}: is up already; use it, or take it down first: "
        f"clusterwright lab down --site {running_lab.site}"
    )
    assert running_lab.status()["up"]


def test_a_lab_is_not_taken_down_from_inside(running_lab: Instance) -> None:
    words = (str(COMMAND), "lab", "down", "--site", running_lab.site)
    finished = running_lab.execute(*words)
    assert finished.returncode == 1
    assert "cannot be taken down from inside" in finished.stderr
    assert running_lab.status()["up"]


def test_down_leaves_nothing_and_may_be_repeated(instance: Instance) -> None:
    assert instance.up().returncode == 0
    visitor = subprocess.Popen(
        [str(COMMAND), "lab", "exec", "--site", instance.site, "--", "sleep", "600"],
        env=dict(instance.variables),
    )
    assert wait_until(lambda: visitor.pid in namespace.members(instance.lab.namespace))
    assert traces_of(instance) != []
    assert instance.down().returncode == 0
    visitor.wait(timeout=PATIENCE_S)
    assert traces_of(instance) == []
    assert instance.down().returncode == 0
    assert instance.status()["up"] is False


def test_down_removes_what_a_killed_supervisor_leaves(instance: Instance) -> None:
    assert instance.up().returncode == 0
    supervisors = (instance.lab.cgroup / "supervisor/cgroup.procs").read_text().split()
    for pid in supervisors:
        os.kill(int(pid), signal.SIGKILL)
    assert wait_until(lambda: not cgroup.populated(instance.lab.cgroup))
    assert instance.status()["up"] is False
    finished = instance.up()
    assert finished.returncode == 1
    assert finished.stderr.splitlines()[-1].endswith(
        f"remove what is left: clusterwright lab down --site {instance.site}"
    )
    assert instance.down().returncode == 0
    assert traces_of(instance) == []


def test_a_namespace_in_use_is_named_with_the_remedy(instance: Instance) -> None:
    subprocess.run(["ip", "netns", "add", instance.lab.namespace], check=True)
    finished = instance.up()
    assert finished.returncode == 1
    assert finished.stderr.splitlines()[-1] == (
        f"lab {instance.site}: is not up, but it has left network namespace "
        f"{instance.lab.namespace}; remove what is left: "
        f"clusterwright lab down --site {instance.site}"
    )
    assert instance.down().returncode == 0
    assert traces_of(instance) == []


def test_ctrl_c_while_coming_up_leaves_nothing(instance: Instance) -> None:
    process = subprocess.Popen(
        [str(COMMAND), "lab", "up", "--site", str(instance.definition)],
        env=dict(instance.variables),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert wait_until(instance.lab.is_up)
    process.send_signal(signal.SIGINT)
    _, words = process.communicate()
    assert process.returncode != 0
    assert "Traceback" not in words
    assert traces_of(instance) == []


def test_a_step_that_fails_undoes_the_ones_before(instance: Instance) -> None:
    broken = {**instance.variables, "PATH": instance.variables["PATH"]}
    tools = instance.definition.parent / "bin"
    tools.mkdir()
    (tools / "ssh-keygen").write_text("#!/bin/sh\necho no randomness today >&2\nexit 9\n")
    (tools / "ssh-keygen").chmod(0o755)
    broken["PATH"] = f"{tools}:{broken['PATH']}"
    finished = Instance(
        site=instance.site, definition=instance.definition, lab=instance.lab, variables=broken
    ).up()
    assert finished.returncode == 1
    assert finished.stderr.splitlines()[-1].endswith("no randomness today")
    assert traces_of(instance) == []


def test_without_root_nothing_is_tried(instance: Instance) -> None:
    # In a user namespace without a mapping we are nobody.
    for words in (("up", "--site", str(instance.definition)), ("down", "--site", instance.site)):
        finished = instance.command("lab", *words, prefix=("unshare", "--user"))
        assert finished.returncode == 1
        assert "only root may use the lab's namespaces; run it as root" in finished.stderr
    assert traces_of(instance) == []
