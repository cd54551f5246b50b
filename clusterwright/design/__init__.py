"""Design a loaded definition into a plan: pure, and in the order of this page."""

from dataclasses import replace
from ipaddress import IPv4Network
from itertools import chain

from clusterwright.design import (
    addresses,
    cooling,
    hardware,
    holes,
    mig,
    networks,
    pins,
    power,
    space,
)
from clusterwright.design.bill import list_bill
from clusterwright.design.cabling import Means, lay_cables
from clusterwright.design.culprits import by_rack
from clusterwright.design.devices import (
    beside_racks,
    plan_management,
    plan_node,
    plan_panels,
    plan_stores,
    plan_switches,
)
from clusterwright.design.installation import plan_boot_service, plan_installations
from clusterwright.design.models import list_models
from clusterwright.design.occupants import list_occupants
from clusterwright.design.plan import Disruption, Maintenance, Network, SitePlan
from clusterwright.design.proof import find_unproven
from clusterwright.design.racks import list_floor, list_racks
from clusterwright.design.seats import find_problems as find_seat_problems
from clusterwright.design.seats import list_seats, taken
from clusterwright.design.servers import plan_firmware, plan_platforms, plan_policy
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
    seats = list_seats(loaded, racks)
    nodes = taken(seats)
    stores = list_stores(loaded)
    joined = networks.plan_networks(loaded, seats, stores)
    occupants = list_occupants(loaded, racks, seats, joined.switches, stores)
    inside = by_rack(occupants)
    elevation = space.elevate(racks, occupants, site.facility.mounts)
    circuits = power.lay_out(loaded, racks, occupants)
    balances = power.balance_feeds(loaded, circuits)
    cooled = cooling.gather_all(loaded, racks, inside)
    allotted = addresses.allot(loaded, joined.names, [store.name for store in stores])

    seating = tuple(find_seat_problems(loaded))
    wrong = networks.problems_by_network(loaded, joined, nodes, stores)
    # Where nodes have no place, nothing can be said of their ports.
    unsound = {name for name, found in wrong.items() if found or seating}
    # Storage joins the nodes that the compute fabric has room for.
    unsound |= {"storage"} if "compute" in unsound else set()
    room = power.rooms_of(circuits, inside, space.bearing(loaded, racks))
    mounts, upright = elevation.mounts, tuple(power.name_pdus(circuits))
    cabling = lay_cables(
        loaded.catalogue,
        site.facility.trays,
        joints=networks.list_all_joints(loaded, joined, seats, without=unsound),
        to_come=networks.list_joints_to_come(loaded, joined, seats, without=unsound),
        racks=racks,
        mounts={**beside_racks(loaded, upright, racks), **mounts},
        models={
            **{one.name: one.model for one in occupants},
            **{pdu.name: pdu.model for pdu in upright},
            **{cdu.name: cdu.model for loop in site.facility.cooling.loops for cdu in loop.cdus},
        },
        means=Means(
            room=room,
            occupants={one.name: one for one in occupants},
            servers={
                host.name: ("management", i, "server") for i, host in enumerate(site.management)
            },
            floor=site.facility.floor,
            rows=tuple(dict.fromkeys(rack.row for rack in racks.values())),
        ),
    )
    problems = tuple(
        holes.without_those_beyond(
            loaded,
            chain(
                seating,
                space.find_problems(loaded, racks, room, elevation),
                power.find_problems(loaded, circuits, balances),
                cooled.find_problems(),
                *wrong.values(),
                addresses.find_problems(loaded, allotted),
                pins.find_problems(loaded, allotted),
                mig.find_problems(loaded),
                cabling.problems,
            ),
        )
    )
    if problems:
        raise DefinitionError(tuple(loaded.source.mistake(problem) for problem in problems))

    delays = power.stagger(loaded, circuits)
    cords = power.plug_in(circuits, delays)
    pdus = power.plan_pdus(circuits, cords, allotted.oob.__getitem__)

    planned_nodes = tuple(plan_node(loaded, seat, mounts, cords, allotted) for seat in nodes)
    inband = _network("inband", site.fabrics.inband.prefix)
    domain = site.domain or f"{site.site}.internal"
    plan = SitePlan(
        site=site.site,
        emulated=site.emulated,
        racks=space.plan_racks(racks, occupants, mounts, pdus),
        nodes=planned_nodes,
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
        controllers=plan_policy(loaded),
        platforms=plan_platforms(loaded),
        firmware=plan_firmware(loaded),
        loops=cooling.plan_loops(loaded, allotted, cooled.duties, racks),
        coolants=cooling.plan_coolants(loaded),
        domain=domain,
        inband=inband,
        oob=_network("oob", site.fabrics.oob.prefix),
        hardware_addresses=(),
        software=plan_software(loaded),
        maintenance=Maintenance(
            allow=frozenset(Disruption(name) for name in site.maintenance.allow),
            at_once=site.maintenance.at_once,
        ),
        boot_service=plan_boot_service(loaded),
        installations=plan_installations(loaded, planned_nodes, inband, domain),
        usages=(
            *space.find_usages(loaded, racks, inside),
            *power.find_usages(circuits, balances),
            *cooled.usages(),
            *networks.find_usages(loaded, joined, allotted),
        ),
        unproven=(
            *find_unproven(loaded, occupants),
            *space.find_unproven(loaded, racks, inside),
            *power.find_unproven(loaded, circuits),
            *cooled.unproven(),
            *networks.find_unproven(loaded, joined),
            *cabling.unproven,
        ),
        bundles=cabling.bundles,
        equipment=space.plan_equipment(loaded, occupants, mounts, list_floor(loaded)),
        cooling=cooled.balance(),
    )
    # The record goes by the names that things have.
    named = pins.rename(plan, site.pins.names)
    return replace(
        named,
        hardware=hardware.list_hardware(named, loaded.record),
        hardware_addresses=hardware.list_addresses(named, loaded.record, loaded.catalogue),
        bill=list_bill(loaded, plan, occupants, cabling),
        models=list_models(loaded.catalogue, plan),
    )


def _network(name: str, prefix: IPv4Network) -> Network:
    return Network(name=name, prefix=prefix, gateway=prefix.network_address + 1)
