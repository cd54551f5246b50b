"""A server's power supplies: line input is whatever their outlets say."""

from typing import Protocol

from clusterwright.design.plan import Node, PowerSupply
from clusterwright.lab.facility.fragments import link, status
from clusterwright.lab.facility.sensors import add_sensor
from clusterwright.lab.facility.tree import Body, Tree

UNEVEN = 0.04
"""By how much one supply takes more than the one before: no two share a load evenly."""


class Drawing(Protocol):
    """Something that draws power through its live supplies."""

    node: Node

    @property
    def power_watts(self) -> float: ...
    @property
    def live_supplies(self) -> int: ...
    def has_input(self, supply: PowerSupply) -> bool: ...
    def works(self, supply: PowerSupply) -> bool: ...


def input_watts(server: Drawing, name: str) -> float:
    """Return what a supply takes from its outlet."""
    supplies = server.node.power_supplies
    middle = (len(supplies) - 1) / 2
    shares = {
        supply.name: 1 + UNEVEN * (ordinal - middle)
        for ordinal, supply in enumerate(supplies)
        if server.has_input(supply) and server.works(supply)
    }
    return server.power_watts * shares[name] / sum(shares.values()) if name in shares else 0.0


def is_dark(server: Drawing) -> bool:
    """Whether it hangs on outlets, and none of them gives power: not even its BMC runs."""
    supplies = server.node.power_supplies
    return bool(supplies) and not any(server.has_input(supply) for supply in supplies)


def add_power(tree: Tree, chassis: str, node: Node, server: Drawing, serial: str) -> None:
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
        health = _redundancy(server.live_supplies, node)
        return {
            "@odata.type": "#PowerSubsystem.v1_1_3.PowerSubsystem",
            "Id": "PowerSubsystem",
            "Name": "Power Subsystem",
            "Status": status(health),
            "PowerSupplies": link(f"{path}/PowerSupplies"),
            "PowerSupplyRedundancy": [{**redundancy, "Status": status(health)}],
        }

    tree.add(path, subsystem)
    tree.add_collection(f"{path}/PowerSupplies", "PowerSupply", "Power Supplies")
    for index, supply in enumerate(node.power_supplies):
        own = f"{path}/PowerSupplies/{supply.name}"
        _add_supply(tree, own, supply, server, f"{serial}-P{index}")
    add_sensor(tree, f"{chassis}/Sensors/TotalPower", "Power", lambda: server.power_watts)


def _redundancy(live: int, node: Node) -> str:
    if live < node.power_supplies_needed:
        return "Critical"
    return "OK" if live == len(node.power_supplies) else "Warning"


def _add_supply(tree: Tree, path: str, supply: PowerSupply, server: Drawing, serial: str) -> None:
    def shown() -> Body:
        live, works = server.has_input(supply), server.works(supply)
        return {
            "@odata.type": "#PowerSupply.v1_6_0.PowerSupply",
            "Id": supply.name,
            "Name": f"Power Supply {supply.name}",
            "PowerSupplyType": "AC",
            "SerialNumber": serial,
            "LineInputStatus": "Normal" if live else "LossOfInput",
            "Status": status("OK" if live and works else "Critical"),
            "ElectricalSourceNames": [f"{supply.pdu} outlet {supply.outlet}"],
            "Metrics": link(f"{path}/Metrics"),
        }

    tree.add(path, shown)
    name = supply.name
    sensor = f"{path.partition('/PowerSubsystem')[0]}/Sensors/Input{name}"
    reading = add_sensor(tree, sensor, "Power", lambda: input_watts(server, name))
    metrics = {
        "@odata.type": "#PowerSupplyMetrics.v1_2_0.PowerSupplyMetrics",
        "Id": "Metrics",
        "Name": f"Metrics of {name}",
    }
    tree.add(f"{path}/Metrics", lambda: {**metrics, "InputPowerWatts": reading()})
