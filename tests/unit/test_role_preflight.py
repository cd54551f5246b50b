"""What roles refuse before anything is changed, in the words that the operator sees."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from clusterwright.site_folder import PROJECT

SOURCE = {"name": "mirror", "uri": "http://m/apt", "suites": ["s"], "key_url": "http://m/k.asc"}
GOOD = {
    "ansible_connection": "local",
    "base_os_package_sources": [{**SOURCE, "key_file": "/etc/apt/keyrings/mirror.asc"}],
    "base_os_time_servers": ["ntp.example"],
    "gpu_driver_version": "580.95.05",
    "gpu_driver_packages": [{"name": "nvidia-open-580", "version": "580.95.05-1"}],
    "gpu_mig_gpu_count": 8,
}
WRONG = {
    "no-time": (
        {"base_os_time_servers": []},
        "no-time has 1 package sources and 0 time servers, but needs at least one of each: "
        "name them in the site's definition.",
    ),
    "bad-key": (
        {"base_os_package_sources": [{**SOURCE, "key_file": "/etc/apt/keyrings/mirror.gpg"}]},
        "key_file is /etc/apt/keyrings/mirror.gpg, but apt takes an armoured key only from a file "
        "named *.asc: rename it in the site's definition.",
    ),
    "no-version": (
        {"gpu_driver_version": "580"},
        "gpu_driver_version is '580', which is not one exact version. Give all its parts, as in "
        "580.178.04, so that every node holds the same driver.",
    ),
    "two-versions": (
        {
            "gpu_driver_packages": [
                {"name": "nvidia-open-580", "version": "580.95.05-1"},
                {"name": "nvidia-fabricmanager", "version": "580.95.04-1"},
            ]
        },
        "nvidia-fabricmanager would not be of driver 580.95.05. Driver and Fabric Manager refuse "
        "each other unless their versions are equal: give them the same one in "
        "gpu_driver_packages.",
    ),
    "no-gpu": (
        {"gpu_mig_gpu_count": 0},
        "gpu_mig_gpu_count of no-gpu is 0, but a GPU node has at least one GPU: correct its server "
        "in the catalogue, or move it out of the group nodes.",
    ),
}


@pytest.fixture(scope="module")
def refusals(tmp_path_factory):
    """What each host's first failed task says; the play has nothing in it but the preflight."""
    folder = tmp_path_factory.mktemp("preflight")
    hosts = {"good": GOOD} | {name: GOOD | values for name, (values, _) in WRONG.items()}
    (folder / "hosts.yml").write_text(yaml.safe_dump({"nodes": {"hosts": hosts}}))
    first, *_ = yaml.safe_load((PROJECT / "playbooks/nodes.yml").read_text())
    (folder / "preflight.yml").write_text(yaml.safe_dump([first]))
    finished = subprocess.run(
        [
            Path(sys.prefix) / "bin/ansible-playbook",
            f"--inventory={folder}/hosts.yml",
            folder / "preflight.yml",
        ],
        env={
            **os.environ,
            "ANSIBLE_CONFIG": str(PROJECT / "ansible.cfg"),
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
            "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default",
            "ANSIBLE_NOCOLOR": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return dict(fatal(finished.stdout))


def fatal(output):
    for part in output.split("fatal: [")[1:]:
        host, _, document = part.partition("]: FAILED! => ")
        result, _ = json.JSONDecoder().raw_decode(document)
        yield host, result["msg"].strip()


@pytest.mark.parametrize("host", WRONG)
def test_a_value_that_cannot_work_is_refused_with_its_remedy(refusals, host):
    assert refusals[host] == WRONG[host][1]


def test_good_values_are_not_refused(refusals):
    assert refusals.keys() == WRONG.keys()
