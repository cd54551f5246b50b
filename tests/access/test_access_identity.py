"""Who a server is, read from trees that are shaped otherwise than the lab's."""

from pathlib import Path
from typing import Any

import pytest

from clusterwright.access.identity import IdentityState, read
from tests.access.redfish_service import Service, serving

SYSTEMS = "/redfish/v1/Systems"
BOARD, HOST = f"{SYSTEMS}/HGX_Baseboard_0", f"{SYSTEMS}/DGX"
CHASSIS = "/redfish/v1/Chassis/DGX"
ADAPTERS = f"{CHASSIS}/NetworkAdapters"


def at(path: str) -> dict[str, str]:
    return {"@odata.id": path}


def processors(service: Service, system: str, kind: str, model: str, count: int) -> None:
    paths = [f"{system}/Processors/{kind}{n}" for n in range(count)]
    for path in paths:
        service.add(path, ProcessorType=kind, Model=model)
    service.collect(f"{system}/Processors", *paths)


def server(service: Service, **chassis: Any) -> None:
    service.resources["/redfish/v1/"] |= {"Systems": at(SYSTEMS)}
    service.collect(SYSTEMS, BOARD, HOST)
    service.add(BOARD, Model="HGX H100 8-GPU", Processors=at(f"{BOARD}/Processors"))
    service.add(
        HOST,
        Model="DGXH100 ",
        SKU="965-24387-0002-003",
        SerialNumber="1660224000069",
        Bios=at(f"{HOST}/Bios"),
        PowerState="On",
        Processors=at(f"{HOST}/Processors"),
        Links={"Chassis": [at(CHASSIS)]},
    )
    processors(service, HOST, "CPU", "Xeon", 2)
    processors(service, BOARD, "GPU", "H100 80GB HBM3", 8)
    service.add(CHASSIS, **chassis)


@pytest.mark.asyncio
async def test_gpus_on_a_baseboard_and_ports_of_old_schemas_are_found(certificates: Path) -> None:
    async with serving(certificates) as service, service.client() as client:
        server(service, NetworkAdapters=at(ADAPTERS))
        service.collect(ADAPTERS, f"{ADAPTERS}/Card1", f"{ADAPTERS}/Card2")
        service.add(f"{ADAPTERS}/Card1", Id="Card1", NetworkPorts=at(f"{ADAPTERS}/Card1/NP"))
        service.add(f"{ADAPTERS}/Card2", Id="Card2", Ports=at(f"{ADAPTERS}/Card2/Ports"))
        service.collect(f"{ADAPTERS}/Card1/NP", f"{ADAPTERS}/Card1/NP/0", f"{ADAPTERS}/Card1/NP/1")
        for n in (0, 1):
            address = [f"B8:3F:D2:00:00:0{n}"]
            service.add(f"{ADAPTERS}/Card1/NP/{n}", Id=f"{n}", AssociatedNetworkAddresses=address)
        service.collect(f"{ADAPTERS}/Card2/Ports", f"{ADAPTERS}/Card2/Ports/0")
        service.add(
            f"{ADAPTERS}/Card2/Ports/0",
            Id="0",
            InfiniBand={"AssociatedPortGUIDs": ["B83F:D203:0000:0002"]},
            Ethernet={"AssociatedMACAddresses": ["B8:3F:D2:00:00:02"]},
        )
        assert await read(client) == IdentityState(
            models=("DGXH100", "965-24387-0002-003"),
            serial="1660224000069",
            ports={
                "Card1/0": ("B8:3F:D2:00:00:00",),
                "Card1/1": ("B8:3F:D2:00:00:01",),
                "Card2": ("B8:3F:D2:00:00:02", "B83F:D203:0000:0002"),
            },
            gpus={"H100 80GB HBM3": 8},
            tpm=False,
        )


@pytest.mark.asyncio
async def test_a_bmc_without_adapters_says_nothing_of_them(certificates: Path) -> None:
    async with serving(certificates) as service, service.client() as client:
        server(service)
        assert (await read(client)).ports is None
