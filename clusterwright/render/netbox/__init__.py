"""Files for NetBox's bulk import, in the order in which they are imported.

Columns are those of the import forms of NetBox 4; what a form does not ask for is left out, so that
one set of files suits all of its releases.

organisation  manufacturers, roles, the site
equipment     racks, device types, devices
power         panels, feeds, ports, outlets
ports         interfaces
addressing    prefixes, addresses
cables        data and power
"""

from collections.abc import Mapping

from clusterwright.design.plan import SitePlan
from clusterwright.render.netbox.addressing import address_table, prefix_table
from clusterwright.render.netbox.cables import cable_table
from clusterwright.render.netbox.equipment import device_table, device_type_table, rack_table
from clusterwright.render.netbox.organisation import manufacturer_table, role_table, site_table
from clusterwright.render.netbox.ports import interface_table
from clusterwright.render.netbox.power import feed_table, outlet_table, panel_table, port_table

_IN_ORDER = (
    manufacturer_table,
    role_table,
    site_table,
    rack_table,
    device_type_table,
    device_table,
    panel_table,
    feed_table,
    port_table,
    outlet_table,
    interface_table,
    prefix_table,
    address_table,
    cable_table,
)


def render_netbox(plan: SitePlan) -> Mapping[str, str]:
    """Render a file for each kind of object; each needs those before it."""
    tables = [make(plan) for make in _IN_ORDER]
    return {f"netbox/{n:02}-{table.name}.csv": table.csv for n, table in enumerate(tables, start=1)}
