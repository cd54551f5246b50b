"""Design a loaded definition into a plan: pure, and in the order of this page."""

from dataclasses import replace
from ipaddress import IPv4Network
from itertools import chain

from clusterwright.design import addresses, cooling, fabric, mig, power, space
from clusterwright.design.bill import list_bill
from clusterwright.design.cabling import lay_cables
from clusterwright.design.devices import (
    plan_management,
    plan_node,
    plan_racks,
    plan_switches,
)
from clusterwright.design.occupants import list_occupants
from clusterwright.design.plan import Disruption, HardwareAddress, Maintenance, Network, SitePlan
from clusterwright.design.proof import find_unproven
from clusterwright.design.racks import list_racks
from clusterwright.design.seats import list_seats, taken
from clusterwright.design.software import plan_software
from clusterwright.errors import DefinitionError
from clusterwright.load import LoadedSite


def design(loaded: LoadedSite) -> SitePlan:
    """Return everything that follows from a definition.

    Raises:
        DefinitionError: the site cannot be built as defined; with every mistake.
    """
    site = loaded.site
    racks = list_racks(loaded)
    seats = list_seats(loaded)
    nodes = taken(seats)
    asked = fabric.ask_of(loaded)
    size = fabric.size_fabric(asked)
    switches = fabric.list_places(asked, size) if size else ()
    occupants = list_occupants(loaded, seats, switches)
    circuits = power.lay_out(loaded, racks, occupants)
    balances = power.balance_feeds(loaded, circuits)
    allotted = addresses.allot(loaded, [switch.name if switch else "" for switch in switches])

    problems = tuple(
        chain(
            space.find_problems(racks, occupants),
            power.find_problems(loaded, circuits, balances),
            cooling.find_problems(loaded, occupants),
            fabric.find_problems(loaded, asked, size),
            addresses.find_problems(loaded, allotted),
            mig.find_problems(loaded),
        )
    )
    if problems or size is None:
        raise DefinitionError(tuple(loaded.source.mistake(problem) for problem in problems))

    mounts = space.mount_all(racks, occupants)
    delays = power.stagger(loaded, circuits)
    cords = power.plug_in(circuits, delays)
    cabling = lay_cables(
        loaded.catalogue,
        site.facility.trays,
        joints=fabric.list_joints(loaded, asked, size, nodes),
        racks=racks,
        mounts=mounts,
        models={one.name: one.model for one in occupants},
    )
    if cabling.problems:
        raise DefinitionError(tuple(loaded.source.mistake(one) for one in cabling.problems))

    plan = SitePlan(
        site=site.site,
        emulated=site.emulated,
        racks=plan_racks(racks, occupants),
        nodes=tuple(plan_node(loaded, seat, mounts, cords, allotted) for seat in nodes),
        management_hosts=plan_management(loaded, mounts, cords, allotted),
        switches=plan_switches(loaded, switches, mounts, cords, allotted),
        links=cabling.links,
        pdus=power.plan_pdus(circuits, cords, allotted.oob_of_device),
        power_shelves=power.plan_shelves(circuits, mounts, allotted.oob_of_device),
        feed_balances=balances,
        start_up=delays.groups,
        loops=cooling.plan_loops(loaded, allotted),
        domain=site.domain or f"{site.site}.internal",
        inband=_network("inband", site.fabrics.inband.prefix),
        oob=_network("oob", site.fabrics.oob.prefix),
        hardware_addresses=tuple(
            HardwareAddress(name=name, mac=mac) for name, mac in sorted(loaded.record.macs.items())
        ),
        software=plan_software(loaded),
        maintenance=Maintenance(
            allow=frozenset(Disruption(name) for name in site.maintenance.allow),
            at_once=site.maintenance.at_once,
        ),
        usages=(
            *space.find_usages(racks, occupants),
            *power.find_usages(circuits, balances),
            *cooling.find_usages(loaded, occupants),
        ),
        unproven=(
            *find_unproven(loaded, occupants),
            *power.find_unproven(loaded, circuits),
            *cabling.unproven,
        ),
        bundles=cabling.bundles,
    )
    return replace(plan, bill=list_bill(loaded, plan, occupants, cabling))


def _network(name: str, prefix: IPv4Network) -> Network:
    return Network(name=name, prefix=prefix, gateway=prefix.network_address + 1)
