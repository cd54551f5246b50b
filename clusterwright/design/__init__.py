"""Design a loaded definition into a plan: pure, and in the order of this page."""

from dataclasses import replace
from ipaddress import IPv4Network
from itertools import chain

from clusterwright.design import addresses, cooling, mig, networks, power, space
from clusterwright.design.bill import list_bill
from clusterwright.design.cabling import lay_cables
from clusterwright.design.devices import (
    plan_management,
    plan_node,
    plan_panels,
    plan_racks,
    plan_stores,
    plan_switches,
    upright,
)
from clusterwright.design.occupants import list_occupants
from clusterwright.design.plan import Disruption, Maintenance, Network, SitePlan
from clusterwright.design.proof import find_unproven
from clusterwright.design.racks import list_racks
from clusterwright.design.seats import list_seats, taken
from clusterwright.design.software import plan_software
from clusterwright.design.stores import list_stores
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
    stores = list_stores(loaded)
    joined = networks.plan_networks(loaded, seats, stores)
    occupants = list_occupants(loaded, seats, joined.switches, stores)
    allotted = addresses.allot(loaded, joined.names, [store.name for store in stores])
    circuits = power.lay_out(loaded, racks, occupants)
    balances = power.balance_feeds(loaded, circuits)

    problems = tuple(
        chain(
            space.find_problems(racks, occupants),
            power.find_problems(loaded, circuits, balances),
            cooling.find_problems(loaded, occupants),
            networks.find_problems(loaded, joined, nodes, stores),
            addresses.find_problems(loaded, allotted),
            mig.find_problems(loaded),
        )
    )
    if problems:
        raise DefinitionError(tuple(loaded.source.mistake(problem) for problem in problems))

    mounts = space.mount_all(racks, occupants)
    delays = power.stagger(loaded, circuits)
    cords = power.plug_in(circuits, delays)
    pdus = power.plan_pdus(circuits, cords, allotted.oob.__getitem__)
    cabling = lay_cables(
        loaded.catalogue,
        site.facility.trays,
        joints=networks.list_all_joints(loaded, joined, nodes),
        racks=racks,
        mounts={**mounts, **upright(pdus, racks)},
        models={
            **{one.name: one.model for one in occupants},
            **{pdu.name: pdu.model for pdu in pdus},
        },
    )
    if cabling.problems:
        raise DefinitionError(tuple(loaded.source.mistake(one) for one in cabling.problems))

    plan = SitePlan(
        site=site.site,
        emulated=site.emulated,
        racks=plan_racks(racks, occupants),
        nodes=tuple(plan_node(loaded, seat, mounts, cords, allotted) for seat in nodes),
        management_hosts=plan_management(loaded, mounts, cords, allotted),
        switches=plan_switches(joined.switches, mounts, cords, allotted),
        storage_servers=plan_stores(stores, mounts, cords, allotted),
        panels=plan_panels(loaded, mounts),
        nvlink_domains=networks.plan_domains(loaded, nodes),
        links=cabling.links,
        pdus=pdus,
        power_shelves=power.plan_shelves(circuits, mounts, allotted.oob.__getitem__),
        feed_balances=balances,
        start_up=delays.groups,
        loops=cooling.plan_loops(loaded, allotted),
        inband=_network("inband", site.fabrics.inband.prefix),
        oob=_network("oob", site.fabrics.oob.prefix),
        software=plan_software(loaded),
        maintenance=Maintenance(
            allow=frozenset(Disruption(name) for name in site.maintenance.allow),
            at_once=site.maintenance.at_once,
        ),
        usages=(
            *space.find_usages(racks, occupants),
            *power.find_usages(circuits, balances),
            *cooling.find_usages(loaded, occupants),
            *networks.find_usages(loaded, joined, allotted),
        ),
        unproven=(
            *find_unproven(loaded, occupants),
            *power.find_unproven(loaded, circuits),
            *networks.find_unproven(loaded, joined),
            *cabling.unproven,
        ),
        bundles=cabling.bundles,
    )
    return replace(plan, bill=list_bill(loaded, plan, occupants, cabling))


def _network(name: str, prefix: IPv4Network) -> Network:
    return Network(name=name, prefix=prefix, gateway=prefix.network_address + 1)
