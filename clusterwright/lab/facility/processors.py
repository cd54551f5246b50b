"""A server's processors: CPUs, and GPUs as the plan has them."""

from uuid import NAMESPACE_OID, uuid5

from clusterwright.design.plan import Gpus
from clusterwright.lab.facility.fragments import healthy, status
from clusterwright.lab.facility.heat import Heat
from clusterwright.lab.facility.tree import Body, Tree

CPU_MODEL = "Emulated CPU"


def add_processors(tree: Tree, system: str, gpus: Gpus, heat: Heat, serial: str) -> None:
    """Place two CPUs and the planned GPUs."""
    path = f"{system}/Processors"
    tree.add_collection(path, "Processor", "Processors")
    for index in range(2):
        tree.add(f"{path}/CPU{index}", _processor(f"CPU{index}", "CPU", CPU_MODEL))
    add_gpus(tree, system, gpus, heat, serial)


def add_gpus(tree: Tree, system: str, gpus: Gpus, heat: Heat, serial: str) -> None:
    """Place the planned GPUs among the processors of a system."""
    path = f"{system}/Processors"
    for index in range(gpus.count):
        _add_gpu(tree, path, gpus, heat, name=f"GPU{index}", serial=f"{serial}-G{index}")


def _add_gpu(  # noqa: PLR0913
    tree: Tree, path: str, gpus: Gpus, heat: Heat, *, name: str, serial: str
) -> None:
    def shown() -> Body:
        return {
            **_processor(name, "GPU", gpus.model),
            "Manufacturer": "NVIDIA",
            "SerialNumber": serial,
            "UUID": str(uuid5(NAMESPACE_OID, serial)),
            "Status": status(heat.health),
            "Throttled": heat.throttled,
            "ThrottleCauses": ["ThermalLimit"] if heat.throttled else [],
        }

    tree.add(f"{path}/{name}", shown)


def _processor(name: str, kind: str, model: str) -> Body:
    return {
        "@odata.type": "#Processor.v1_22_0.Processor",
        "Id": name,
        "Name": name,
        "ProcessorType": kind,
        "Model": model,
        "Status": healthy(),
    }
