"""What `clusterwright lab status --json` prints: how strangers reach the lab."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from clusterwright.design.plan import Controller, SitePlan
from clusterwright.lab.instance import Lab
from clusterwright.lab.passwords import USERNAME

Document = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that can be broken at one controller, and whether it is."""

    name: str
    subject: str
    active: bool


def status_of_absent(lab: Lab) -> Document:
    """The status of a lab that is not up."""
    return {
        "site": lab.site,
        "up": False,
        "ca_file": None,
        "ssh_config": None,
        "pulumi_backend_url": None,
        "kubeconfig": None,
        "redfish": [],
        "hosts": [],
        "faults": [],
    }


def status_of(lab: Lab, plan: SitePlan, faults: Iterable[Fault]) -> Document:
    """The status of a lab that is up."""
    return {
        "site": lab.site,
        "up": True,
        "ca_file": str(lab.folder.ca_file),
        "ssh_config": str(lab.folder.ssh_config),
        "pulumi_backend_url": lab.environment()["PULUMI_BACKEND_URL"],
        "kubeconfig": None,
        "redfish": [
            *(_redfish(lab, node.name, "bmc", node.controller) for node in plan.nodes),
            *(_redfish(lab, loop.cdu, "cdu", loop.controller) for loop in plan.loops),
            *(_redfish(lab, pdu.name, "pdu", pdu.controller) for pdu in plan.pdus),
            *(_redfish(lab, one.name, "shelf", one.controller) for one in plan.power_shelves),
            *(_board(lab, board) for node in plan.nodes for board in node.board_controllers),
        ],
        "hosts": [{"name": host.name, "address": str(host.address)} for host in plan.hosts],
        "faults": [asdict(fault) for fault in faults],
    }


def _board(lab: Lab, controller: Controller) -> Document:
    kind = controller.secret.partition("/")[0].rstrip("0123456789")
    return _redfish(lab, controller.name, kind, controller)


def _redfish(lab: Lab, subject: str, kind: str, controller: Controller) -> Document:
    return {
        "subject": subject,
        "kind": kind,
        "url": f"https://{controller.address}",
        "username": USERNAME,
        "password_file": str(lab.password_file(controller.secret)),
    }
