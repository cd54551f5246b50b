"""Write netlab's topology of a fabric: every leaf linked to every spine, OSPF on FRR."""

import sys

import yaml


def topology(leaves: int, spines: int) -> dict[str, object]:
    """Return what `netlab create` reads."""
    below = [f"l{number}" for number in range(1, leaves + 1)]
    above = [f"s{number}" for number in range(1, spines + 1)]
    return {
        "provider": "clab",
        "defaults": {"device": "frr"},
        "module": ["ospf"],
        "nodes": [*below, *above],
        "links": [f"{leaf}-{spine}" for leaf in below for spine in above],
    }


if __name__ == "__main__":
    print(yaml.safe_dump(topology(int(sys.argv[1]), int(sys.argv[2]))))
