"""What the plan wants each device to be, in the states of `access`."""

from clusterwright.access import node, rack_power
from clusterwright.access.guard import Guard
from clusterwright.design import plan as planned


def node_state(wanted: planned.Node) -> node.NodeState:
    return node.NodeState(
        power_state="On",
        boot=node.BootState(
            target=wanted.boot.target, enabled=wanted.boot.enabled, mode=wanted.boot.mode
        ),
        bios={attribute.name: attribute.value for attribute in wanted.bios},
    )


def outlets_state(wanted: planned.Pdu) -> rack_power.OutletsState:
    """Every outlet in use is on, whatever else the PDU holds."""
    return rack_power.OutletsState(outlets={outlet.number: "On" for outlet in wanted.outlets})


def guard_of(site: planned.SitePlan, *, in_service: bool) -> Guard:
    """What may disrupt a device of the site now."""
    return Guard(in_service=in_service, allowed=frozenset(map(str, site.maintenance.allow)))


def in_service(wanted: planned.Node) -> bool:
    return wanted.service_state is planned.ServiceState.IN_SERVICE
