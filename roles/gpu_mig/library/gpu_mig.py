#!/usr/bin/python3
"""Ansible module: the MIG layout of a host's GPUs."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gpu_mig_layout import (
    MigError,
    Step,
    alone,
    compare,
    converge,
    parse_devices,
    read,
)

DOCUMENTATION = """
---
module: gpu_mig
short_description: Give every GPU of a host the same MIG layout
description:
  - Works GPU by GPU with nvidia-smi. A GPU that has processes on it is left and reported.
author: Clusterwright
options:
  devices:
    description: GPU instances of every GPU; none means that MIG is off.
    type: list
    elements: dict
    required: true
    suboptions:
      profile:
        description: Name of the profile, such as C(1g.10gb).
        type: str
        required: true
      profile_id:
        description: The profile's number, as C(nvidia-smi mig -lgip) shows it.
        type: int
        required: true
      start:
        description: First memory slice.
        type: int
        required: true
      size:
        description: Number of memory slices.
        type: int
        required: true
  gpu_count:
    description: Number of GPUs that the host must show.
    type: int
    required: true
"""

EXAMPLES = """
- name: Turn MIG off on eight GPUs
  gpu_mig:
    devices: []
    gpu_count: 8
"""

RETURN = """
pending:
  description: GPUs that differ but may not be changed now, each with before, after and remedy.
  type: list
  returned: always
"""


def pending(step: Step, waits: str) -> dict[str, str]:
    """Report a GPU that differs and must be left alone."""
    return {
        "subject": f"GPU {step.gpu.index}",
        "before": f"{step.before} ({waits})",
        "after": step.after,
        "remedy": "drain the node, then run this again",
    }


def converge_all(module: AnsibleModule) -> dict[str, object]:
    """Bring every GPU that differs to its layout, or say that it would be."""
    run = module.run_command
    devices = parse_devices(module.params["devices"])
    gpus = read(run)
    changes, waiting = [], []
    for step in compare(run, gpus, devices):
        waits = step.obstacle or ("" if module.check_mode else converge(run, step, devices))
        if waits:
            waiting.append(pending(step, waits))
        else:
            changes.append(step)
    absent = sorted(set(range(module.params["gpu_count"])) - {gpu.index for gpu in gpus})
    if absent and not module.check_mode:
        module.fail_json(
            msg=f"nvidia-smi shows {len(gpus)} GPUs, but the plan says "
            f"{module.params['gpu_count']}: GPU {', '.join(map(str, absent))} is missing; "
            "look for its Xid in the kernel's log"
        )
    diff = [show(step.gpu.index, f"{step.before}\n", f"{step.after}\n") for step in changes]
    diff += [show(index, "", "present\n") for index in absent]
    return {"changed": bool(diff), "diff": diff, "pending": waiting}


def show(index: int, before: str, after: str) -> dict[str, str]:
    """Show one GPU for `--diff`."""
    name = f"GPU {index}"
    return {"before_header": name, "after_header": name, "before": before, "after": after}


def main() -> None:
    """Compare, and converge unless in check mode."""
    number = {"type": "int", "required": True}
    device = {
        "profile": {"type": "str", "required": True},
        "profile_id": number,
        "start": number,
        "size": number,
    }
    module = AnsibleModule(
        argument_spec={
            "devices": {"type": "list", "elements": "dict", "required": True, "options": device},
            "gpu_count": number,
        },
        supports_check_mode=True,
    )
    if module.check_mode and module.get_bin_path("nvidia-smi") is None:
        unknown = {"before": "no driver\n", "after": "the planned MIG layout\n"}
        module.exit_json(changed=True, diff=unknown, pending=[])
    try:
        with alone():
            module.exit_json(**converge_all(module))
    except MigError as error:
        module.fail_json(msg=str(error))


if __name__ == "__main__":
    main()
