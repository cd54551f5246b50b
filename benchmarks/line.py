"""One line of output."""

import json
import resource


def show(bench: str, case: str, **figures: object) -> None:
    """Print one measurement; units are in the names."""
    print(json.dumps({"bench": bench, "case": case, **figures}), flush=True)


def peak_mib() -> int:
    """Return the most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
