"""The emulated nvidia-smi answers as the real one does, byte for byte where a listing is known."""

import fcntl
import json
import re
from pathlib import Path

import pytest

from clusterwright.lab.payloads.emulated_gpu.cli import run
from clusterwright.lab.payloads.emulated_gpu.machine import Machine

PROFILES_OF_AN_H100 = """\
+-----------------------------------------------------------------------------+
| GPU instance profiles:                                                      |
| GPU   Name             ID    Instances   Memory     P2P    SM    DEC   ENC  |
|                              Free/Total   GiB              CE    JPEG  OFA  |
|=============================================================================|
|   0  MIG 1g.10gb       19     7/7        9.75       No     16     1     0   |
|                                                             1     1     0   |
+-----------------------------------------------------------------------------+
|   0  MIG 1g.10gb+me    20     1/1        9.75       No     16     1     0   |
|                                                             1     1     1   |
+-----------------------------------------------------------------------------+
|   0  MIG 1g.20gb       15     4/4        19.62      No     26     1     0   |
|                                                             1     1     0   |
+-----------------------------------------------------------------------------+
|   0  MIG 2g.20gb       14     3/3        19.62      No     32     2     0   |
|                                                             2     2     0   |
+-----------------------------------------------------------------------------+
|   0  MIG 3g.40gb        9     2/2        39.50      No     60     3     0   |
|                                                             3     3     0   |
+-----------------------------------------------------------------------------+
|   0  MIG 4g.40gb        5     1/1        39.50      No     64     4     0   |
|                                                             4     4     0   |
+-----------------------------------------------------------------------------+
|   0  MIG 7g.80gb        0     1/1        79.25      No     132    7     0   |
|                                                             8     7     1   |
+-----------------------------------------------------------------------------+
"""
PLACEMENTS = """\
GPU  0 Profile ID 19 Placements: {0,1,2,3,4,5,6}:1
GPU  0 Profile ID 20 Placements: {0,1,2,3,4,5,6}:1
GPU  0 Profile ID 15 Placements: {0,2,4,6}:2
GPU  0 Profile ID 14 Placements: {0,2,4}:2
GPU  0 Profile ID  9 Placements: {0,4}:4
GPU  0 Profile ID  5 Placement : {0}:4
GPU  0 Profile ID  0 Placement : {0}:8
"""
INSTANCES = """\
+---------------------------------------------------------+
| GPU instances:                                          |
| GPU   Name               Profile  Instance   Placement  |
|                            ID       ID       Start:Size |
|=========================================================|
|   0  MIG 3g.40gb            9        2          4:4     |
+---------------------------------------------------------+
|   0  MIG 1g.10gb           19        7          0:1     |
+---------------------------------------------------------+
"""
COMPUTE_INSTANCES = """\
+--------------------------------------------------------------------+
| Compute instances:                                                 |
| GPU     GPU       Name             Profile   Instance   Placement  |
|       Instance                       ID        ID       Start:Size |
|         ID                                                         |
|====================================================================|
|   0      2       MIG 3g.40gb          2         0          0:4     |
+--------------------------------------------------------------------+
|   0      7       MIG 1g.10gb          0         0          0:1     |
+--------------------------------------------------------------------+
"""
SUMMARY = """\
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 580.178.04             Driver Version: 580.178.04     CUDA Version: 13.0     |
+-----------------------------------------+------------------------+----------------------+
| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |
| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |
|                                         |                        |               MIG M. |
|=========================================+========================+======================|
|   0  NVIDIA H100 80GB HBM3          Off |   00000000:1B:00.0 Off |                    0 |
| N/A   28C    P0             70W /  700W |       0MiB /  81559MiB |      0%      Default |
|                                         |                        |             Disabled |
+-----------------------------------------+------------------------+----------------------+

+-----------------------------------------------------------------------------------------+
| Processes:                                                                              |
|  GPU   GI   CI              PID   Type   Process name                        GPU Memory |
|        ID   ID                                                               Usage      |
|=========================================================================================|
|  No running processes found                                                             |
+-----------------------------------------------------------------------------------------+
"""


def build_machine(root: Path, model: str, count: int = 8, **more: object) -> Machine:
    machine = Machine(root=root)
    machine.hardware_file.parent.mkdir(parents=True)
    machine.driver_file.parent.mkdir(parents=True)
    serials = [f"165022300{number:04d}" for number in range(count)]
    gpus = {"model": model, "count": count, "memory_mib": 81559, "serials": serials, **more}
    machine.hardware_file.write_text(json.dumps({"gpus": gpus}))
    machine.driver_file.write_text("580.178.04\n")
    return machine


@pytest.fixture
def h100(tmp_path: Path) -> Machine:
    return build_machine(tmp_path, "NVIDIA H100 80GB HBM3")


def smi(machine: Machine, line: str) -> tuple[int, str]:
    reply = run(machine, line.split())
    return reply.code, reply.text


def ask(machine: Machine, fields: str, gpu: int = 0) -> str:
    code, text = smi(machine, f"-i {gpu} --query-gpu={fields} --format=csv,noheader")
    assert code == 0
    return text.rstrip("\n")


def test_summary_has_the_real_form(h100: Machine) -> None:
    code, text = smi(h100, "-i 0")
    assert code == 0
    assert re.match(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} {7}\n", text)
    assert text.partition("\n")[2] == SUMMARY


def test_summary_lines_are_all_of_one_width(h100: Machine) -> None:
    smi(h100, "-mig 1")
    smi(h100, "mig -cgi 3g.40gb,19 -C")
    lines = smi(h100, "")[1].splitlines()[1:]
    assert {len(line) for line in lines if line} == {91}
    assert "|  0    2   0   0  |              13MiB / 40448MiB    |" in "\n".join(lines)


def test_query_prints_units_and_names_as_asked(h100: Machine) -> None:
    fields = "index,gpu_name,serial,pci.bus_id,memory.total,power.limit,utilization.gpu"
    assert smi(h100, f"-i 1 --query-gpu={fields} --format=csv") == (
        0,
        "index, gpu_name, serial, pci.bus_id, memory.total [MiB], power.limit [W], "
        "utilization.gpu [%]\n"
        "1, NVIDIA H100 80GB HBM3, 1650223000001, 00000000:43:00.0, 81559 MiB, 700.00 W, 0 %\n",
    )
    code, text = smi(h100, f"-i 1 --query-gpu={fields} --format=csv,noheader,nounits")
    assert text == ("1, NVIDIA H100 80GB HBM3, 1650223000001, 00000000:43:00.0, 81559, 700.00, 0\n")
    assert code == 0


def test_query_covers_what_verification_asks_for(h100: Machine) -> None:
    fields = "driver_version,persistence_mode,mig.mode.current,mig.mode.pending"
    assert ask(h100, fields) == "580.178.04, Disabled, Disabled, Disabled"
    fields = "pcie.link.width.current,pcie.link.gen.current,compute_mode,ecc.mode.current"
    assert ask(h100, fields) == "16, 5, Default, Enabled"
    assert ask(h100, "ecc.errors.uncorrected.volatile.total,fabric.state,fabric.status") == (
        "0, Not Started, N/A"
    )


def test_query_of_an_unknown_field_fails(h100: Machine) -> None:
    assert smi(h100, "--query-gpu=colour --format=csv") == (
        2,
        'Field "colour" is not a valid field to query.\n\n',
    )


def test_gpus_without_a_driver_are_not_there(h100: Machine) -> None:
    h100.driver_file.unlink()
    assert smi(h100, "-L") == (
        9,
        "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. "
        "Make sure that the latest NVIDIA driver is installed and running.\n",
    )


def test_a_host_without_gpus_has_no_driver_to_talk_to(tmp_path: Path) -> None:
    assert smi(Machine(root=tmp_path), "")[0] == 9


def test_gpu_that_does_not_exist_is_not_found(h100: Machine) -> None:
    assert smi(h100, "-i 8 -L") == (6, "No devices were found\n")


def test_unknown_option_is_refused(h100: Machine) -> None:
    code, text = smi(h100, "--colour")
    assert code == 2
    assert text.startswith("Invalid combination of input arguments.")


def test_profiles_are_listed_as_on_a_real_h100(h100: Machine) -> None:
    smi(h100, "-i 0 -mig 1")
    assert smi(h100, "mig -i 0 -lgip") == (0, PROFILES_OF_AN_H100)


def test_profiles_of_a_gpu_without_mig_mode_have_none_free(h100: Machine) -> None:
    code, text = smi(h100, "mig -i 0 -lgip")
    assert code == 0
    assert "|   0  MIG 1g.10gb       19     0/7        9.75 " in text


def test_free_profiles_follow_what_exists(h100: Machine) -> None:
    smi(h100, "-i 0 -mig 1")
    smi(h100, "mig -i 0 -cgi 3g.40gb")
    text = smi(h100, "mig -i 0 -lgip")[1]
    free = re.findall(r"MIG (\S+) +\d+ +(\d/\d)", text)
    assert dict(free)["1g.10gb"] == "4/7"
    assert dict(free)["4g.40gb"] == "1/1"
    assert dict(free)["7g.80gb"] == "0/1"


def test_placements_are_listed_as_on_a_real_gpu(h100: Machine) -> None:
    assert smi(h100, "mig -i 0 -lgipp") == (0, PLACEMENTS)


def test_instances_are_listed_as_by_the_real_tool(h100: Machine) -> None:
    smi(h100, "-i 0 -mig 1")
    smi(h100, "mig -i 0 -cgi 9,19 -C")
    assert smi(h100, "mig -lgi") == (0, INSTANCES)
    assert smi(h100, "mig -lci") == (0, COMPUTE_INSTANCES)


def test_creating_says_what_was_created(h100: Machine) -> None:
    smi(h100, "-i 0 -mig 1")
    assert smi(h100, "mig -cgi 9,3g.40gb -C") == (
        0,
        "Successfully created GPU instance ID  2 on GPU  0 using profile MIG 3g.40gb (ID  9)\n"
        "Successfully created compute instance ID  0 on GPU  0 GPU instance ID  2 "
        "using profile MIG 3g.40gb (ID  2)\n"
        "Successfully created GPU instance ID  1 on GPU  0 using profile MIG 3g.40gb (ID  9)\n"
        "Successfully created compute instance ID  0 on GPU  0 GPU instance ID  1 "
        "using profile MIG 3g.40gb (ID  2)\n",
    )


def test_creating_too_much_keeps_what_fitted(h100: Machine) -> None:
    smi(h100, "-i 0 -mig 1")
    code, text = smi(h100, "mig -cgi 19,19,14,9")
    assert code == 23
    assert text.splitlines()[-2:] == [
        "Unable to create a GPU instance on GPU  0 using profile 9: Insufficient Resources",
        "Failed to create GPU instances: Insufficient Resources",
    ]
    assert smi(h100, "mig -lgi")[1].count("MIG ") == 3


def test_a_placement_can_be_asked_for(h100: Machine) -> None:
    smi(h100, "-i 0 -mig 1")
    assert smi(h100, "mig -cgi 19:3,9:4")[0] == 0
    placed = re.findall(r"MIG (\S+) .* (\d):\d", smi(h100, "mig -lgi")[1])
    assert sorted(placed) == [("1g.10gb", "3"), ("3g.40gb", "4")]
    assert smi(h100, "mig -cgi 19:3")[0] == 23


def test_profile_of_another_gpu_is_invalid(h100: Machine) -> None:
    smi(h100, "-i 0 -mig 1")
    assert smi(h100, "mig -cgi 1g.5gb") == (
        2,
        "Unable to create a GPU instance on GPU  0 using profile 1g.5gb: Invalid Argument\n"
        "Failed to create GPU instances: Invalid Argument\n",
    )


def test_seven_small_instances_on_all_eight_gpus(h100: Machine) -> None:
    smi(h100, "-mig 1")
    assert smi(h100, f"mig -cgi {','.join(['1g.10gb'] * 7)} -C")[0] == 0
    listing = smi(h100, "-L")[1]
    assert len(re.findall(r"^  MIG 1g\.10gb     Device  [0-6]: \(UUID: MIG-", listing, re.M)) == 56
    assert len(set(re.findall(r"MIG-[0-9a-f-]{36}", listing))) == 56


def test_list_names_gpus_and_mig_devices(h100: Machine) -> None:
    smi(h100, "-i 0 -mig 1")
    smi(h100, "mig -i 0 -cgi 20,14 -C")
    lines = smi(h100, "-L")[1].splitlines()
    assert re.fullmatch(r"GPU 0: NVIDIA H100 80GB HBM3 \(UUID: GPU-[0-9a-f-]{36}\)", lines[0])
    assert lines[1].startswith("  MIG 2g.20gb     Device  0: (UUID: MIG-")
    assert lines[2].startswith("  MIG 1g.10gb+me  Device  1: (UUID: MIG-")
    assert len(lines) == 10


def test_gpu_instance_in_use_cannot_be_destroyed(h100: Machine) -> None:
    smi(h100, "-i 0 -mig 1")
    smi(h100, "mig -cgi 9 -C")
    assert smi(h100, "mig -dgi") == (
        19,
        "Unable to destroy GPU instance ID  2 from GPU  0: In use by another client\n"
        "Failed to destroy GPU instances: In use by another client\n",
    )
    assert smi(h100, "mig -dci") == (
        0,
        "Successfully destroyed compute instance ID  0 from GPU  0 GPU instance ID  2\n",
    )
    assert smi(h100, "mig -dgi") == (0, "Successfully destroyed GPU instance ID  2 from GPU  0\n")
    assert smi(h100, "mig -lgi") == (6, "No GPU instances found: Not Found\n")


def test_filters_choose_instances(h100: Machine) -> None:
    smi(h100, "-i 0 -mig 1")
    smi(h100, "mig -cgi 9,19 -C")
    assert smi(h100, "mig -dci -ci 0 -gi 7")[0] == 0
    assert smi(h100, "mig -dgi -gi 7 -i 0") == (
        0,
        "Successfully destroyed GPU instance ID  7 from GPU  0\n",
    )
    assert smi(h100, "mig -lgi -gi 2")[1].count("MIG ") == 1
    assert smi(h100, "mig -lci -gi 7") == (6, "No compute instances found: Not Found\n")


def test_compute_instances_can_be_created_later(h100: Machine) -> None:
    smi(h100, "-i 0 -mig 1")
    smi(h100, "mig -cgi 9")
    assert smi(h100, "-L -i 0")[1].count("MIG") == 0
    assert smi(h100, "mig -cci -gi 2") == (
        0,
        "Successfully created compute instance ID  0 on GPU  0 GPU instance ID  2 "
        "using profile MIG 3g.40gb (ID  2)\n",
    )
    assert smi(h100, "mig -cci")[0] == 23


def test_mig_mode_holds_at_once_on_hopper(h100: Machine) -> None:
    smi(h100, "-pm 1")
    assert smi(h100, "-i 0 -mig 1") == (
        0,
        "Enabled MIG Mode for GPU 00000000:1B:00.0\nAll done.\n",
    )
    assert ask(h100, "mig.mode.current,mig.mode.pending,utilization.gpu") == (
        "Enabled, Enabled, [N/A]"
    )
    assert ask(h100, "mig.mode.current", gpu=1) == "Disabled"


def test_mig_mode_without_persistence_mode_warns(h100: Machine) -> None:
    code, text = smi(h100, "-i 0 -mig 1")
    assert code == 0
    assert "Warning: persistence mode is disabled on device 00000000:1B:00.0." in text


def test_mig_mode_waits_for_a_reset_on_ampere(tmp_path: Path) -> None:
    a100 = build_machine(tmp_path, "NVIDIA A100-SXM4-80GB", count=1)
    code, text = smi(a100, "-i 0 -mig 1")
    assert code == 0
    assert text.startswith("Warning: MIG mode is in pending enable state for GPU 00000000:1B:00.0")
    assert ask(a100, "mig.mode.current,mig.mode.pending") == "Disabled, Enabled"
    assert smi(a100, "--gpu-reset -i 0") == (
        0,
        "GPU 00000000:1B:00.0 was successfully reset.\nAll done.\n",
    )
    assert ask(a100, "mig.mode.current") == "Enabled"


def test_mig_mode_with_instances_cannot_be_left(h100: Machine) -> None:
    smi(h100, "-i 0 -mig 1")
    smi(h100, "mig -cgi 0")
    assert smi(h100, "-i 0 -mig 0") == (
        19,
        "Unable to disable MIG Mode for GPU 00000000:1B:00.0: In use by another client\n"
        "Terminating early due to previous errors.\n",
    )


def test_commands_on_instances_need_mig_mode(h100: Machine) -> None:
    assert smi(h100, "mig -lgi") == (6, "No MIG-enabled devices found.\n")
    assert smi(h100, "mig -cgi 19 -C") == (6, "No MIG-enabled devices found.\n")


def test_model_without_mig_says_so(tmp_path: Path) -> None:
    l40s = build_machine(tmp_path, "NVIDIA L40S", count=2)
    assert smi(l40s, "mig -lgip") == (6, "No MIG-supported devices found.\n")
    assert ask(l40s, "mig.mode.current") == "[N/A]"
    assert (
        "Unable to enable MIG Mode for GPU 00000000:1B:00.0: Not Supported"
        in (smi(l40s, "-mig 1")[1])
    )


def test_persistence_mode_is_switched(h100: Machine) -> None:
    assert smi(h100, "-i 0 -pm 1") == (
        0,
        "Enabled persistence mode for GPU 00000000:1B:00.0.\nAll done.\n",
    )
    assert ask(h100, "persistence_mode") == "Enabled"
    assert smi(h100, "-i 0 -pm 1")[1].startswith("Persistence mode is already Enabled for GPU")


def test_details_show_mode_and_fabric(h100: Machine) -> None:
    text = smi(h100, "-q -i 0")[1]
    assert "    MIG Mode\n        Current                               : Disabled\n" in text
    assert "    Fabric\n        State                                 : Not Started\n" in text


def test_listing_changes_no_state(h100: Machine) -> None:
    for line in ("", "-L", "-q", "mig -lgip", "mig -lgi", "--query-gpu=index --format=csv"):
        smi(h100, line)
    assert not h100.state_file.exists()


def test_host_with_a_rebooted_run_folder_has_no_mig(h100: Machine) -> None:
    smi(h100, "-mig 1")
    h100.state_file.unlink()
    assert ask(h100, "mig.mode.current") == "Disabled"


def test_processes_are_listed_and_keep_their_gpu(h100: Machine) -> None:
    smi(h100, "-i 0 -mig 1")
    smi(h100, "mig -i 0 -cgi 9 -C")
    clients = [
        {"gpu": 0, "instance": 2, "pid": 4711, "name": "./train", "memory_mib": 8000},
        {"gpu": 3, "pid": 4712},
    ]
    h100.clients_file.write_text(json.dumps(clients))
    apps = "--query-compute-apps=pid,used_memory --format=csv"
    assert smi(h100, apps) == (0, "pid, used_memory [MiB]\n4711, 8000 MiB\n4712, 0 MiB\n")
    assert smi(h100, f"-i 1 {apps},noheader") == (0, "")
    assert "|    0     2    0            4711      C   ./train " in smi(h100, "")[1]
    assert {len(line) for line in smi(h100, "")[1].splitlines()[1:] if line} == {91}
    assert smi(h100, "mig -dci")[0] == 19
    assert smi(h100, "-i 3 -mig 1")[0] == 19
    assert smi(h100, "-i 3 --gpu-reset")[0] == 19


def test_changes_wait_for_each_other(h100: Machine) -> None:
    lock_file = h100.state_file.parent / "emulated-gpus.lock"
    with h100.changing(), lock_file.open("w") as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_what_was_done_before_an_error_is_kept(h100: Machine) -> None:
    def interrupted() -> None:
        with h100.changing() as gpus:
            gpus[0].mig = True
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert ask(h100, "mig.mode.current") == "Enabled"
