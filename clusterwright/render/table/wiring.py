"""Power cords and addresses."""

from clusterwright.design.plan import SitePlan
from clusterwright.render.names import list_names
from clusterwright.render.table.table import Table


def cord_table(plan: SitePlan) -> Table:
    """Return a row per power cord, PDU by PDU in the order of their outlets."""
    return Table(
        name="power cords",
        columns=(
            "rack",
            "pdu",
            "feed",
            "outlet",
            "outlet_type",
            "branch",
            "phase",
            "device",
            "power_supply",
            "power_on_delay_s",
        ),
        rows=[
            (
                pdu.rack,
                pdu.name,
                pdu.feed,
                outlet.number,
                outlet.type,
                outlet.branch,
                outlet.phase,
                outlet.consumer,
                outlet.power_supply,
                outlet.power_on_delay_s,
            )
            for pdu in plan.pdus
            for outlet in sorted(pdu.outlets, key=lambda outlet: outlet.number)
        ],
    )


def address_table(plan: SitePlan) -> Table:
    """Return a row per address, network by network in their order."""
    prefixes = {network.name: network.prefix for network in (plan.inband, plan.oob)}
    macs = {one.name: one.mac for one in plan.hardware_addresses}
    return Table(
        name="addresses",
        columns=("network", "address", "prefix_length", "name", "mac"),
        rows=[
            (
                one.network,
                str(one.address),
                prefixes[one.network].prefixlen,
                f"{one.name}.{plan.domain}",
                macs.get(one.name, ""),
            )
            for one in sorted(list_names(plan), key=lambda one: (one.network, one.address))
        ],
    )
