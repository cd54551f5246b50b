"""Which server stands behind a BMC, against the one that should. Nothing of it can be applied."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clusterwright.access.guard import Difference
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import members
from clusterwright.access.server_parts import (
    ANOTHER,
    NOT_FOUND,
    gpu_differences,
    model_differences,
    port_differences,
    strange_ports,
)
from clusterwright.access.system import find_system, list_systems

ADAPTERS = "network adapters"
GPUS = "GPUs"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityState:
    """A server as a manifest describes it, or as it is.

    `models` are words for its model, the first of them said to operators. `ports` holds the MACs
    and GUIDs of each network port, `gpus` the number of GPUs by their model; `port_count` is how
    many ports its model has, 0 where nobody says. What is empty, or None, in an expected identity
    is not known, and not compared; None in an actual one is what its BMC does not tell.
    """

    models: tuple[str, ...] = ()
    serial: str = ""
    ports: Mapping[str, tuple[str, ...]] | None = None
    port_count: int = 0
    gpus: Mapping[str, int] | None = None
    tpm: bool | None = None

    @property
    def all_ports_known(self) -> bool:
        """Whether a port that it does not name can be none of its own."""
        return 0 < self.port_count <= len(self.ports or {})


class _System(Resource):
    model = Field("Model", str, "")
    sku = Field("SKU", str, "")
    part_number = Field("PartNumber", str, "")
    serial = Field("SerialNumber", str, "")
    processors = Link("Processors")
    chassis: Field[list[dict[str, str]]] = Field("Links/Chassis", list, [])
    trusted: Field[list[dict[str, str]]] = Field("Links/TrustedComponents", list, [])
    modules: Field[list[dict[str, object]]] = Field("TrustedModules", list, [])


class _Processor(Resource):
    kind = Field("ProcessorType", str, "")
    model = Field("Model", str, "")


class _Chassis(Resource):
    adapters = Link("NetworkAdapters")


class _Adapter(Resource):
    id = Field("Id", str)
    ports = Link("Ports")
    network_ports = Link("NetworkPorts")
    """What BMCs have whose schemas are from before 2020."""


class _Port(Resource):
    id = Field("Id", str, "")
    macs: Field[list[str]] = Field("Ethernet/AssociatedMACAddresses", list, [])
    guids: Field[list[str]] = Field("InfiniBand/AssociatedPortGUIDs", list, [])
    either: Field[list[str]] = Field("AssociatedNetworkAddresses", list, [])


async def read(client: Redfish) -> IdentityState:
    """Return who the server is, by what its BMC finds in it now."""
    system = _System(client.name, (await find_system(client)).body)
    words = (system.model, system.part_number, system.sku)
    return IdentityState(
        models=tuple(dict.fromkeys(word.strip() for word in words if word.strip())),
        serial=system.serial.strip(),
        ports=await _ports(client, system),
        gpus=await _gpus(client),
        tpm=bool(system.trusted) or any(_present(module) for module in system.modules),
    )


def differences(expected: IdentityState, actual: IdentityState) -> tuple[Difference, ...]:
    """Compare what is known of the expected server with the one that is there."""
    return tuple(_differences(expected, actual))


def _differences(expected: IdentityState, actual: IdentityState) -> Iterator[Difference]:
    yield from model_differences(expected.models, actual.models)
    if expected.serial and expected.serial != actual.serial:
        yield _difference("serial", expected.serial, actual.serial, ANOTHER)
    if expected.ports and actual.ports is not None:
        known = expected.all_ports_known
        yield from port_differences(expected.ports, actual.ports, all_known=known)
    if expected.gpus and actual.gpus is not None:
        yield from gpu_differences(expected.gpus, actual.gpus)
    if expected.tpm and not actual.tpm:
        yield _difference("tpm", "one", NOT_FOUND, _TPM)


def unknown_ports(expected: IdentityState, actual: IdentityState) -> tuple[str, ...]:
    """Return the ports that are there and that the record, which does not know all, lacks."""
    if expected.all_ports_known or not actual.ports:
        return ()
    strange = strange_ports(expected.ports or {}, actual.ports)
    return tuple(f"{name} ({', '.join(found) or 'no address'})" for name, found in strange.items())


def untold(expected: IdentityState, actual: IdentityState) -> tuple[str, ...]:
    """Return the kinds of parts that are expected, and of which the BMC does not speak at all."""
    kinds = {
        ADAPTERS: (expected.ports, actual.ports),
        GPUS: (expected.gpus, actual.gpus),
    }
    return tuple(kind for kind, (wanted, there) in kinds.items() if wanted and there is None)


async def _ports(client: Redfish, system: _System) -> dict[str, tuple[str, ...]] | None:
    collections = []
    for link in system.chassis:
        chassis = _Chassis(client.name, await client.get(str(link["@odata.id"])))
        collections += [chassis.adapters] if chassis.adapters else []
    if not collections:
        return None
    adapters = [one for path in collections for one in await members(client, path, _Adapter)]
    found = await asyncio.gather(*(_ports_of(client, adapter) for adapter in adapters))
    return {name: addresses for ports in found for name, addresses in ports.items()}


async def _ports_of(client: Redfish, adapter: _Adapter) -> dict[str, tuple[str, ...]]:
    """An adapter with one port is named as that port; one without any is there all the same."""
    path = adapter.ports or adapter.network_ports
    ports = await members(client, path, _Port) if path else []
    if not ports:
        return {adapter.id: ()}
    single = len(ports) == 1
    return {
        adapter.id if single else f"{adapter.id}/{port.id}": (
            *port.macs,
            *port.guids,
            *port.either,
        )
        for port in ports
    }


async def _gpus(client: Redfish) -> dict[str, int] | None:
    """Count GPUs where most are listed: under the server, or under a baseboard beside it."""
    systems = [_System(client.name, one.body) for one in await list_systems(client)]
    lists = [await members(client, one.processors, _Processor) for one in systems if one.processors]
    gpus = [[one.model for one in found if one.kind == "GPU"] for found in lists]
    return dict(Counter(sorted(gpus, key=len)[-1])) if gpus else None


def _present(module: Mapping[str, object]) -> bool:
    status = module.get("Status")
    return not isinstance(status, dict) or status.get("State") not in {"Absent", "Disabled"}


def _difference(path: str, expected: str, actual: str, remedy: str) -> Difference:
    return Difference(path=path, expected=expected, actual=actual or NOT_FOUND, remedy=remedy)


_TPM = "fit a TPM, or enable it in the BIOS"
