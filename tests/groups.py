"""Which tests stay on one worker, and which groups go first.

Tests of one module stay together, so what they share is made once; so do modules that share a lab.
(The group marks of pytest-xdist 3.8 do nothing with pytest 9.2: node ids no longer carry them.)
"""

from pathlib import PurePath

from xdist.scheduler import LoadScopeScheduling

# One lab for all that need a deployed site would be what everybody else waits for: it is two.
SHARED = {
    "test_bad_luck": "bad luck",
    "test_bad_luck_hosts": "bad luck",
    "test_bad_luck_interrupted": "bad luck",
    "test_in_service": "deployed site",
    "test_plain_pulumi": "deployed site",
    "test_power_off": "deployed site",
    "test_lab_power": "test_lab_lifecycle",
}
# Nobody is to be alone at the end. Other groups of labs come after these, and all others then.
LONGEST_FIRST = (
    "test_verify_drift",
    "bad luck",
    "deployed site",
    "test_os_install",
    "test_faults_end_to_end",
    "test_out_of_service",
    "test_roles",
    "test_replaced",
    "test_kill_points",
    "test_out_of_band",
    "test_rack",
    "test_redfish_conformance",
    "test_lab_lifecycle",
)


def group_of(path: PurePath) -> str:
    """Return the group of a module's tests."""
    if path.parent.name != "lab":
        return f"{path.parent.name}/{path.stem}"
    return SHARED.get(path.stem, path.stem)


def rank_of(path: PurePath) -> int:
    """Return the place of a module's group among the groups; equal ones keep their order."""
    group, last = group_of(path), len(LONGEST_FIRST)
    if path.parent.name != "lab":
        return last + 1
    return LONGEST_FIRST.index(group) if group in LONGEST_FIRST else last


class Groups(LoadScopeScheduling):  # type: ignore[misc]
    """Gives a worker one group after the other."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(PurePath(nodeid.partition("::")[0]))
