"""A server's power supplies: line input is whatever their outlets say."""

from collections.abc import Callable
from typing import Protocol

from clusterwright.design.plan import Node, PowerSupply
from clusterwright.lab.facility.sensors import add_sensor
from clusterwright.lab.facility.tree import Body, Tree, healthy, link


class Drawing(Protocol):
    """Something that draws power through its live supplies."""

    @property
    def power_watts(self) -> float: ...
    @property
    def live_supplies(self) -> int: ...


def add_power(
    tree: Tree,
    chassis: str,
    node: Node,
    line_input: Callable[[PowerSupply], bool],
    server: Drawing,
) -> None:
    """Place PowerSubsystem, its supplies and the power sensor of the chassis."""
    path = f"{chassis}/PowerSubsystem"
    supplies = [f"{path}/PowerSupplies/{supply.name}" for supply in node.power_supplies]
    redundancy = {
        "RedundancyType": "NPlusM",
        "MinNeededInGroup": node.power_supplies_needed,
        "MaxSupportedInGroup": len(supplies),
        "RedundancyGroup": [link(supply) for supply in supplies],
    }

    def subsystem() -> Body:
        enough = server.live_supplies >= node.power_supplies_needed
        return {
            "@odata.type": "#PowerSubsystem.v1_1_3.PowerSubsystem",
            "Id": "PowerSubsystem",
            "Name": "Power Subsystem",
            "Status": _status(fine=enough),
            "PowerSupplies": link(f"{path}/PowerSupplies"),
            "PowerSupplyRedundancy": [{**redundancy, "Status": _status(fine=enough)}],
        }

    tree.add(path, subsystem)
    tree.add_collection(f"{path}/PowerSupplies", "PowerSupply", "Power Supplies")
    for supply in node.power_supplies:
        _add_supply(tree, f"{path}/PowerSupplies/{supply.name}", supply, line_input)
    add_sensor(tree, f"{chassis}/Sensors/TotalPower", "Power", lambda: server.power_watts)


def _add_supply(
    tree: Tree, path: str, supply: PowerSupply, line_input: Callable[[PowerSupply], bool]
) -> None:
    def shown() -> Body:
        live = line_input(supply)
        return {
            "@odata.type": "#PowerSupply.v1_6_0.PowerSupply",
            "Id": supply.name,
            "Name": f"Power Supply {supply.name}",
            "PowerSupplyType": "AC",
            "LineInputStatus": "Normal" if live else "LossOfInput",
            "Status": _status(fine=live),
            "ElectricalSourceNames": [f"{supply.pdu} outlet {supply.outlet}"],
        }

    tree.add(path, shown)


def _status(*, fine: bool) -> Body:
    return healthy() if fine else {"State": "Enabled", "Health": "Critical"}
