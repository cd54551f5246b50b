"""`make bench WHAT=design|facility|racks|pulumi|all`."""

import sys

from benchmarks import design, facility, pulumi_up, racks

FAMILIES = {
    "design": design.measure,
    "facility": facility.measure,
    "racks": racks.measure,
    "pulumi": pulumi_up.measure,
}


def main(what: str) -> None:
    """Run one family, or all of them."""
    if what not in (*FAMILIES, "all"):
        sys.exit(f"WHAT={what}: there is no such family; choose one of {', '.join(FAMILIES)}, all")
    for name, measure in FAMILIES.items():
        if what in (name, "all"):
            measure()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "all")
