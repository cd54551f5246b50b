"""The tables of nvidia-smi mig: profiles, placements, instances."""

from collections.abc import Sequence

from .gpu import Gpu
from .mig import Selection, not_found
from .models import Profile
from .placement import Placed, choose
from .reply import Reply, refuse

PROFILES_HEAD = """\
+-----------------------------------------------------------------------------+
| GPU instance profiles:                                                      |
| GPU   Name             ID    Instances   Memory     P2P    SM    DEC   ENC  |
|                              Free/Total   GiB              CE    JPEG  OFA  |
|=============================================================================|
"""
INSTANCES_HEAD = """\
+---------------------------------------------------------+
| GPU instances:                                          |
| GPU   Name               Profile  Instance   Placement  |
|                            ID       ID       Start:Size |
|=========================================================|
"""
COMPUTE_HEAD = """\
+--------------------------------------------------------------------+
| Compute instances:                                                 |
| GPU     GPU       Name             Profile   Instance   Placement  |
|       Instance                       ID        ID       Start:Size |
|         ID                                                         |
|====================================================================|
"""


def _table(head: str, rows: Sequence[str]) -> Reply:
    rule = head.partition("\n")[0] + "\n"
    return Reply(0, head + "".join(row + rule for row in rows))


def free_count(gpu: Gpu, profile: Profile) -> int:
    """How many more instances of `profile` the driver would still create."""
    layout: list[Placed] = [instance.placed for instance in gpu.instances]
    before = len(layout)
    while gpu.mig and (new := choose(profile, layout)):
        layout.append(new)
    return len(layout) - before


def list_profiles(gpus: Sequence[Gpu]) -> Reply:
    rows = []
    for gpu in gpus:
        for one in gpu.model.profiles:
            free = f"{free_count(gpu, one)}/{one.instances}"
            rows.append(
                f"| {gpu.index:3d}  MIG {one.name:<14}{one.id:2d}     {free:<11}"
                f"{one.memory_gib:<11.2f}No     {one.multiprocessors:<7}{one.decoders:<6}0   |\n"
                f"|{'':61}{one.copy_engines:<6}{one.jpeg:<6}{one.optical_flow:<4}|\n"
            )
    return _table(PROFILES_HEAD, rows)


def list_placements(gpus: Sequence[Gpu]) -> Reply:
    lines = []
    for gpu in gpus:
        for one in gpu.model.profiles:
            word = "Placement " if len(one.starts) == 1 else "Placements"
            starts = ",".join(map(str, one.starts))
            lines.append(
                f"GPU {gpu.index:2d} Profile ID {one.id:2d} {word}: {{{starts}}}:{one.size}"
            )
    return refuse(0, *lines)


def list_gpu_instances(gpus: Sequence[Gpu], selection: Selection) -> Reply:
    rows = [
        f"| {gpu.index:3d}  MIG {one.profile.name:<15}{one.profile.id:5d}{one.id:9d}"
        f"{one.placed.start:11d}:{one.profile.size}     |\n"
        for gpu in gpus
        for one in selection.of(gpu)
    ]
    return _table(INSTANCES_HEAD, rows) if rows else not_found("GPU instances")


def list_compute_instances(gpus: Sequence[Gpu], selection: Selection) -> Reply:
    rows = [
        f"| {gpu.index:3d}{one.id:7d}       MIG {one.profile.name:<13}"
        f"{one.profile.compute_profile_id:5d}{compute.id:10d}{0:11d}:{one.profile.size}     |\n"
        for gpu in gpus
        for one in selection.of(gpu)
        for compute in selection.compute_of(one)
    ]
    return _table(COMPUTE_HEAD, rows) if rows else not_found("compute instances")
