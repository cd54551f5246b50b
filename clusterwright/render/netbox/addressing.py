"""Prefixes and addresses."""

from collections.abc import Iterator

from clusterwright.design.plan import SitePlan
from clusterwright.render.csv_text import Cell
from clusterwright.render.names import list_names
from clusterwright.render.netbox.ports import address_ports
from clusterwright.render.table.table import Table


def prefix_table(plan: SitePlan) -> Table:
    """Return the prefix of each network."""
    return Table(
        name="prefixes",
        columns=("prefix", "status", "description"),
        rows=[
            (str(network.prefix), "active", f"{plan.site}, {network.name}")
            for network in (plan.inband, plan.oob)
        ],
    )


def address_table(plan: SitePlan) -> Table:
    """Return every address on the interface that has it."""
    return Table(
        name="ip-addresses",
        columns=("address", "status", "dns_name", "device", "interface", "is_primary", "is_oob"),
        rows=list(_addresses(plan)),
    )


def _addresses(plan: SitePlan) -> Iterator[tuple[Cell, ...]]:
    """A host is reached in band; what has no address there is reached where it is managed."""
    lengths = {network.name: network.prefix.prefixlen for network in (plan.inband, plan.oob)}
    ports = address_ports(plan)
    for one in list_names(plan):
        device = one.device
        oob = one.network == "oob"
        primary = not one.inside and (not oob or device not in ports["inband"])
        yield (
            f"{one.address}/{lengths[one.network]}",
            "active",
            f"{one.name}.{plan.domain}",
            device,
            ports[one.network][device],
            "true" if primary else "false",
            "true" if oob and not one.inside else "false",
        )
