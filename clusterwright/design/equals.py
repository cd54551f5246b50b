"""What of a site may have equals, so that one sentence is enough for all of them."""

from collections.abc import Mapping

from clusterwright.design import power
from clusterwright.design.draft import Draft

_MANY = {
    "node": "nodes",
    "host": "hosts",
    "switch": "switches",
    "cdu": "CDUs",
    "power-shelf": "power shelves",
    "nvlink-switch": "NVLink switches",
    "storage": "storage servers",
    "panel": "panels",
}


def list_equals(draft: Draft) -> Mapping[str, str]:
    """Return the kind of every rack, unit and device by its name, as many of it are called."""
    site = draft.loaded.site
    return {
        **{one.name: "units" for one in site.compute},
        **{one.name: "storage systems" for one in site.storage},
        **{loop.name: "loops" for loop in site.facility.cooling.loops},
        **{one.name: _MANY[one.kind] for one in draft.occupants},
        **{pdu.name: "PDUs" for pdu in power.name_pdus(draft.circuits)},
        **dict.fromkeys(draft.racks, "racks"),
    }
