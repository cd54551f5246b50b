"""A server's processors: CPUs, and GPUs as the plan has them."""

from clusterwright.design.plan import Gpus
from clusterwright.lab.facility.tree import Tree, healthy

CPU_MODEL = "Emulated CPU"


def add_processors(tree: Tree, system: str, gpus: Gpus) -> None:
    """Place two CPUs and the planned GPUs."""
    path = f"{system}/Processors"
    tree.add_collection(path, "Processor", "Processors")
    models = [(f"CPU{i}", "CPU", CPU_MODEL) for i in range(2)]
    models += [(f"GPU{i}", "GPU", gpus.model) for i in range(gpus.count)]
    for name, kind, model in models:
        tree.add(
            f"{path}/{name}",
            {
                "@odata.type": "#Processor.v1_22_0.Processor",
                "Id": name,
                "Name": name,
                "ProcessorType": kind,
                "Model": model,
                "Status": healthy(),
            },
        )
