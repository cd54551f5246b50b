"""A server's TPM."""

from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.tree import Body, Tree


def add_tpm(tree: Tree, chassis: str, system: str, serial: str) -> tuple[Body, Body]:
    """Place the TPM; return the links to its collection and to itself."""
    path = f"{chassis}/TrustedComponents"
    tree.add_collection(path, "TrustedComponent", "Trusted Components")
    own = tree.add(
        f"{path}/TPM",
        {
            "@odata.type": "#TrustedComponent.v1_4_0.TrustedComponent",
            "Id": "TPM",
            "Name": "Trusted Platform Module 2.0",
            "TrustedComponentType": "Discrete",
            "Manufacturer": "Emulated",
            "Model": "TPM2_0",
            "FirmwareVersion": "7.2",
            "SerialNumber": f"{serial}-TPM",
            "Status": healthy(),
            "Links": {"ComponentsProtected": [link(system)]},
        },
    )
    return link(path), link(own)
