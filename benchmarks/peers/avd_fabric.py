"""Have pyavd make the configurations of a fabric: every leaf linked to every spine, eBGP.

It runs on the interpreter of a virtual environment of its own.
"""

import sys


def inputs(leaves: int, spines: int) -> dict[str, dict[str, object]]:
    """Return the variables of each device as AVD's users write them."""
    above = [f"s{number}" for number in range(1, spines + 1)]
    ports = [f"Ethernet{number}" for number in range(1, spines + 1)]
    fabric = {
        "fabric_name": "FABRIC",
        "underlay_routing_protocol": "ebgp",
        "overlay_routing_protocol": "none",
        "spine": {
            "defaults": {
                "platform": "vEOS-lab",
                "loopback_ipv4_pool": "10.255.0.0/20",
                "bgp_as": "65001",
            },
            "nodes": [
                {"name": name, "id": number, "mgmt_ip": f"172.16.{number // 250}.{number % 250}/16"}
                for number, name in enumerate(above, start=1)
            ],
        },
        "l3leaf": {
            "defaults": {
                "platform": "vEOS-lab",
                "loopback_ipv4_pool": "10.254.0.0/20",
                "vtep_loopback_ipv4_pool": "10.253.0.0/20",
                "uplink_ipv4_pool": "10.128.0.0/12",
                "uplink_switches": above,
                "max_uplink_switches": spines,
                "uplink_interfaces": ports,
            },
            "node_groups": [leaf(number, spines) for number in range(1, leaves + 1)],
        },
    }
    kinds = dict.fromkeys(above, "spine") | {f"l{n}": "l3leaf" for n in range(1, leaves + 1)}
    return {name: {**fabric, "type": kind} for name, kind in kinds.items()}


def leaf(number: int, spines: int) -> dict[str, object]:
    """Return one leaf, which is a group of its own."""
    node = {
        "name": f"l{number}",
        "id": number,
        "mgmt_ip": f"172.17.{number // 250}.{number % 250 + 1}/16",
        "uplink_switch_interfaces": [f"Ethernet{number}"] * spines,
    }
    return {"group": f"g{number}", "bgp_as": str(65100 + number), "nodes": [node]}


def main(leaves: int, spines: int) -> None:
    """Print how many configurations were made."""
    import pyavd  # noqa: PLC0415 - it is in another environment than this file is checked in

    devices = inputs(leaves, spines)
    facts = pyavd.get_avd_facts(devices)
    made = [
        pyavd.get_device_config(pyavd.get_device_structured_config(name, variables, facts))
        for name, variables in devices.items()
    ]
    print(len(made))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
