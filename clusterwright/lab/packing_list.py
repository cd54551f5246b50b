"""What came with a lab's devices, by the files of the lab."""

import json

from clusterwright.catalogue import load_catalogue
from clusterwright.lab.instance import Lab
from clusterwright.lab.manifest import write_manifest
from clusterwright.lab.passwords import factory_credentials


def manifest_of(lab: Lab, only: str = "") -> str:
    """Return the packing list of all devices, or of one that came alone."""
    plan = lab.read_plan()

    def machine(name: str) -> int:
        file = lab.state / "devices" / f"{name}.controller.json"
        return int(json.loads(file.read_text()).get("machine", 1)) if file.exists() else 1

    return write_manifest(
        plan,
        load_catalogue(lab.folder.catalogue),
        factory_credentials(lab, plan),
        lab.certificates,
        machines=machine,
        only=only,
    )
