"""What is checked of a server through its BMC."""

from collections.abc import Iterator

from clusterwright.design.plan import Controller, Node
from clusterwright.verify.measurements import leaks, supplies
from clusterwright.verify.measurements.node import power_state
from clusterwright.verify.probes.probe import Device, Probe


def node_device(node: Node, *, wet: bool) -> Device:
    """Return the checks of a node; `wet` says whether coolant reaches it."""
    return Device(
        subject=node.name, controller=node.controller, probes=tuple(_probes(node, wet=wet))
    )


def board_device(controller: Controller) -> Device:
    """Return the checks of a board's controller: what it controls is seen from the host."""
    return Device(subject=controller.name, controller=controller, probes=())


def _probes(node: Node, *, wet: bool) -> Iterator[Probe]:
    yield Probe(
        sentence="the node is powered on",
        expected="On",
        look=power_state,
        remedy="run clusterwright up {site}",
    )
    if node.power_supplies:
        feeds = ", ".join(sorted({supply.pdu for supply in node.power_supplies}))
        yield Probe(
            sentence="every power supply has its line input",
            expected={supply.name: supplies.INPUT_NORMAL for supply in node.power_supplies},
            look=supplies.line_inputs,
            remedy=f"see that its outlets of {feeds} are on, and its cords plugged",
        )
        yield Probe(
            sentence="no power supply with line input has failed",
            expected={},
            look=supplies.failed,
            remedy="replace the power supply",
        )
    if wet:
        yield Probe(
            sentence="no detector of the node reports a leak",
            expected={},
            look=leaks.of_chassis,
            remedy="shut the node down, close its valve, and find the leak",
        )
