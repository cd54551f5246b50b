"""Interfaces: every end of a cable, and what has an address without one."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from clusterwright.design.plan import Link, SitePlan
from clusterwright.render.names import list_names
from clusterwright.render.table.table import Table

_INFINIBAND = {
    100: "infiniband-edr",
    200: "infiniband-hdr",
    400: "infiniband-ndr",
    800: "infiniband-xdr",
}
_COPPER = {1: "1000base-t", 10: "10gbase-t"}
_CAGES = {
    1: "1000base-x-sfp",
    10: "10gbase-x-sfpp",
    25: "25gbase-x-sfp28",
    40: "40gbase-x-qsfpp",
    50: "50gbase-x-sfp56",
    100: "100gbase-x-qsfp28",
    200: "200gbase-x-qsfp56",
    400: "400gbase-x-osfp",
    800: "800gbase-x-osfp",
}
MANAGEMENT = "management"
"""The out-of-band port of a device to which no cable is planned."""
INBAND = "in-band"
BOND = "bond0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """An interface of a device; `speed_gbps` is None where no cable says it."""

    device: str
    name: str
    type: str
    speed_gbps: float | None
    management: bool
    lag: str = ""


def interface_table(plan: SitePlan) -> Table:
    """Return a row per interface; bonds before their members, which name them."""
    return Table(
        name="interfaces",
        columns=("device", "name", "type", "lag", "speed", "mgmt_only", "enabled"),
        rows=[
            (
                port.device,
                port.name,
                port.type,
                port.lag,
                None if port.speed_gbps is None else round(port.speed_gbps * 1_000_000),
                "true" if port.management else "false",
                "true",
            )
            for port in sorted(list_ports(plan).values(), key=lambda port: port.type != "lag")
        ],
    )


def list_ports(plan: SitePlan) -> Mapping[tuple[str, str], Port]:
    """Return every interface by device and name."""
    addressed = address_ports(plan)
    bonded = {device for device, name in addressed["inband"].items() if name == BOND}
    ports = {(port.device, port.name): port for port in _cabled(plan, bonded)}
    for network, names in addressed.items():
        for device, name in names.items():
            if (device, name) not in ports:
                ports[device, name] = Port(
                    device=device,
                    name=name,
                    type="lag" if name == BOND else "other",
                    speed_gbps=None,
                    management=network == "oob",
                )
    return ports


def _cabled(plan: SitePlan, bonded: Container[str]) -> Iterator[Port]:
    models = {model.name for model in plan.models if model.fabric_kind == "infiniband"}
    infiniband = {switch.name for switch in plan.switches if switch.model in models}
    for link in plan.links:
        kind = _type(link, infiniband=link.b.device in infiniband)
        member = link.fabric == "inband" and link.a.device in bonded
        yield Port(
            device=link.a.device,
            name=link.a.port,
            type=kind,
            speed_gbps=link.speed_gbps,
            management=link.fabric == "oob",
            lag=BOND if member else "",
        )
        yield Port(
            device=link.b.device,
            name=link.b.port,
            type=kind,
            speed_gbps=link.speed_gbps,
            management=False,
        )


def address_ports(plan: SitePlan) -> Mapping[str, Mapping[str, str]]:
    """Return, by network and device, the interface that has its address there."""
    cabled: dict[tuple[str, str], list[str]] = {}
    for link in plan.links:
        if link.fabric in ("inband", "oob"):
            cabled.setdefault((link.fabric, link.a.device), []).append(link.a.port)
    found: dict[str, dict[str, str]] = {"inband": {}, "oob": {}}
    for one in list_names(plan):
        ports = cabled.get((one.network, one.device), [])
        alone = {"inband": INBAND, "oob": MANAGEMENT}[one.network]
        bonded = one.network == "inband" and len(ports) > 1
        found[one.network][one.device] = BOND if bonded else ports[0] if ports else alone
    return found


def _type(link: Link, *, infiniband: bool) -> str:
    if infiniband:
        return _INFINIBAND.get(link.speed_gbps, "other")
    if link.medium == "twisted-pair" and link.speed_gbps in _COPPER:
        return _COPPER[link.speed_gbps]
    return _CAGES.get(link.speed_gbps, "other")
