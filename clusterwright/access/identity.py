"""Which server stands behind a BMC, against the one that should. Nothing of it can be applied."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from clusterwright.access.guard import Difference
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import members
from clusterwright.access.system import find_system

NOT_FOUND = "(not found)"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityState:
    """A server as a manifest describes it, or as it is.

    `nics` holds the MAC or GUID of each adapter's first port by the adapter's id, `addresses` those
    of all ports in lower case, as far as read, `gpus` the number of GPUs by their model. What is
    empty, or None, in an expected identity is not known, and not compared.
    """

    model: str = ""
    serial: str = ""
    nics: Mapping[str, str] = field(default_factory=dict)
    addresses: frozenset[str] = frozenset()
    gpus: Mapping[str, int] = field(default_factory=dict)
    tpm: bool | None = None


class _System(Resource):
    model = Field("Model", str, "")
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


class _Port(Resource):
    macs: Field[list[str]] = Field("Ethernet/AssociatedMACAddresses", list, [])
    guids: Field[list[str]] = Field("InfiniBand/AssociatedPortGUIDs", list, [])


async def read(client: Redfish) -> IdentityState:
    """Return who the server is, by what its BMC finds in it now."""
    system = _System(client.name, (await find_system(client)).body)
    processors = await members(client, system.processors, _Processor) if system.processors else []
    adapters = await _nics(client, system)
    return IdentityState(
        model=system.model.strip(),
        serial=system.serial.strip(),
        nics={name: next(iter(found), "") for name, found in adapters.items()},
        addresses=frozenset(one.lower() for found in adapters.values() for one in found),
        gpus=dict(Counter(one.model for one in processors if one.kind == "GPU")),
        tpm=bool(system.trusted) or any(_present(module) for module in system.modules),
    )


def differences(expected: IdentityState, actual: IdentityState) -> tuple[Difference, ...]:
    """Compare what is known of the expected server with the one that is there."""
    found = []
    for path in ("model", "serial"):
        wanted, there = getattr(expected, path), getattr(actual, path)
        if wanted and wanted != there:
            found.append(_difference(path, wanted, there, _ANOTHER))
    found += _nic_differences(expected, actual)
    found += _gpu_differences(expected, actual)
    if expected.tpm and not actual.tpm:
        found.append(_difference("tpm", "one", NOT_FOUND, _TPM))
    return tuple(found)


def sentences(name: str, found: tuple[Difference, ...]) -> tuple[str, ...]:
    """Say for an operator what is wrong with the server `name`, one sentence each."""
    return tuple(
        f"{name}: {_SUBJECTS[(parts := d.path.partition('.'))[0]].format(parts[2])} is {d.actual}, "
        f"but {d.expected} is expected: {d.remedy}"
        for d in found
    )


def misplaced(
    expected: Mapping[str, IdentityState], actual: Mapping[str, IdentityState]
) -> tuple[str, ...]:
    """Say of every server that another one's serial number is met in its place."""
    owners = {one.serial: name for name, one in expected.items() if one.serial}
    where = {
        name: owners[one.serial]
        for name, one in actual.items()
        if owners.get(one.serial, name) != name
    }
    said = []
    for place, owner in sorted(where.items()):
        if where.get(owner) != place:
            said.append(
                f"{place}: {owner} stands in its place: move it, or exchange their management "
                f"cables, or correct the manifest"
            )
        elif place < owner:
            said.append(
                f"{place} and {owner} stand in each other's place: exchange them or their "
                f"management cables, or correct the manifest"
            )
    return tuple(said)


def _nic_differences(expected: IdentityState, actual: IdentityState) -> list[Difference]:
    found = []
    anywhere = {address.upper() for address in actual.nics.values()}
    for name, address in expected.nics.items():
        if address and address.lower() in actual.addresses:
            # A BMC may have names of its own for adapters.
            continue
        there = actual.nics.get(name, NOT_FOUND)
        if there == NOT_FOUND and address.upper() in anywhere:
            continue  # a manifest may call the adapter otherwise than its BMC does
        if there == NOT_FOUND:
            found.append(_difference(f"nics.{name}", address or "one", there, _RESEAT))
        elif address and address.upper() != there.upper():
            found.append(_difference(f"nics.{name}", address, there, _REPLACED))
    return found


def _gpu_differences(expected: IdentityState, actual: IdentityState) -> list[Difference]:
    """Compare GPUs by model: one name of it may be longer than the other, "NVIDIA" before it."""
    if not expected.gpus:
        return []
    there = dict.fromkeys(expected.gpus, 0)
    for model, count in actual.gpus.items():
        known = next((one for one in expected.gpus if _alike(one, model)), model)
        there[known] = there.get(known, 0) + count
    return [
        _difference(f"gpus.{model}", str(expected.gpus.get(model, 0)), str(count), _GPU)
        for model, count in sorted(there.items())
        if expected.gpus.get(model, 0) != count
    ]


def _alike(one: str, other: str) -> bool:
    one, other = one.lower(), other.lower()
    return bool(one and other) and (one in other or other in one)


async def _nics(client: Redfish, system: _System) -> dict[str, list[str]]:
    adapters: list[_Adapter] = []
    for link in system.chassis:
        chassis = _Chassis(client.name, await client.get(str(link["@odata.id"])))
        if chassis.adapters:
            adapters += await members(client, chassis.adapters, _Adapter)
    addresses = await asyncio.gather(*(_addresses(client, adapter) for adapter in adapters))
    return {adapter.id: found for adapter, found in zip(adapters, addresses, strict=True)}


async def _addresses(client: Redfish, adapter: _Adapter) -> list[str]:
    ports = await members(client, adapter.ports, _Port) if adapter.ports else []
    return [str(one) for port in ports for one in (*port.macs, *port.guids)]


def _present(module: Mapping[str, object]) -> bool:
    status = module.get("Status")
    return not isinstance(status, dict) or status.get("State") not in {"Absent", "Disabled"}


def _difference(path: str, expected: str, actual: str, remedy: str) -> Difference:
    return Difference(path=path, expected=expected, actual=actual or NOT_FOUND, remedy=remedy)


_SUBJECTS = {
    "model": "its model",
    "serial": "its serial number",
    "nics": "network adapter {}",
    "gpus": "the number of GPUs {}",
    "tpm": "its TPM",
}
_ANOTHER = "another server stands here; put the right one in, or correct the manifest"
_RESEAT = "reseat or replace the adapter, then reset the server"
_REPLACED = "the adapter has been replaced; correct the manifest, and what DHCP knows"
_GPU = "look into the BMC's log; reseat or replace the baseboard, or correct the manifest"
_TPM = "fit a TPM, or enable it in the BIOS"
