"""Design a loaded definition into a plan: draft, judge, plan. Pure, like all below it."""

from dataclasses import replace
from ipaddress import IPv4Network

from clusterwright.design import cooling, hardware, networks, pins, power, space
from clusterwright.design.bill import list_bill
from clusterwright.design.cabling import Cabling
from clusterwright.design.devices import (
    plan_management,
    plan_node,
    plan_panels,
    plan_stores,
    plan_switches,
)
from clusterwright.design.draft import Draft, draft_site
from clusterwright.design.gone import without_gone
from clusterwright.design.installation import plan_boot_service, plan_installations
from clusterwright.design.judgement import judge
from clusterwright.design.models import list_models
from clusterwright.design.plan import Disruption, Maintenance, Network, SitePlan, Unproven, Usage
from clusterwright.design.proof import find_unproven
from clusterwright.design.racks import list_floor
from clusterwright.design.servers import plan_firmware, plan_platforms, plan_policy
from clusterwright.design.software import plan_software
from clusterwright.load import LoadedSite


def design(loaded: LoadedSite) -> SitePlan:
    """Return everything that follows from a definition.

    Raises:
        DefinitionError: the site cannot be built as defined; with every mistake.
    """
    draft = draft_site(loaded)
    cables = judge(draft)
    plan = _plan(draft, cables)
    # The record goes by the names that things have.
    named = without_gone(pins.rename(plan, loaded.site.pins.names), loaded.record.holes)
    return replace(
        named,
        hardware=hardware.list_hardware(named, loaded.record),
        hardware_addresses=hardware.list_addresses(named, loaded.record, loaded.catalogue),
        bill=list_bill(loaded, plan, draft.occupants, cables),
        models=list_models(loaded.catalogue, plan),
    )


def _plan(draft: Draft, cables: Cabling) -> SitePlan:
    loaded, mounts, allotted = draft.loaded, draft.mounts, draft.addresses
    site = loaded.site
    delays = power.stagger(loaded, draft.circuits)
    cords = power.plug_in(draft.circuits, delays)
    pdus = power.plan_pdus(draft.circuits, cords, allotted.oob.__getitem__)
    nodes = tuple(plan_node(loaded, seat, mounts, cords, allotted) for seat in draft.nodes)
    inband = _network("inband", site.fabrics.inband.prefix)
    domain = site.domain or f"{site.site}.internal"
    return SitePlan(
        site=site.site,
        emulated=site.emulated,
        racks=space.plan_racks(draft.racks, draft.occupants, mounts, pdus),
        nodes=nodes,
        management_hosts=plan_management(loaded, mounts, cords, allotted),
        switches=plan_switches(loaded, draft.networks.switches, mounts, cords, allotted),
        storage_servers=plan_stores(draft.stores, mounts, cords, allotted),
        panels=plan_panels(loaded, mounts),
        nvlink_domains=networks.plan_domains(loaded, draft.nodes),
        links=cables.links,
        pdus=pdus,
        power_shelves=power.plan_shelves(draft.circuits, mounts, allotted.oob.__getitem__),
        feed_balances=draft.balances,
        start_up=delays.groups,
        controllers=plan_policy(loaded),
        platforms=plan_platforms(loaded),
        firmware=plan_firmware(loaded),
        loops=cooling.plan_loops(loaded, allotted, draft.cooled.duties, draft.racks),
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
        installations=plan_installations(loaded, nodes, inband, domain),
        usages=_usages(draft),
        unproven=_unproven(draft, cables),
        bundles=cables.bundles,
        equipment=space.plan_equipment(loaded, draft.occupants, mounts, list_floor(loaded)),
        cooling=draft.cooled.balance(),
    )


def _usages(draft: Draft) -> tuple[Usage, ...]:
    return (
        *space.find_usages(draft.loaded, draft.racks, draft.inside),
        *power.find_usages(draft.circuits, draft.balances),
        *draft.cooled.usages(),
        *networks.find_usages(draft.loaded, draft.networks, draft.addresses),
    )


def _unproven(draft: Draft, cables: Cabling) -> tuple[Unproven, ...]:
    return (
        *find_unproven(draft.loaded, draft.occupants),
        *space.find_unproven(draft.loaded, draft.racks, draft.inside),
        *power.find_unproven(draft.loaded, draft.circuits),
        *draft.cooled.unproven(),
        *networks.find_unproven(draft.loaded, draft.networks),
        *cables.unproven,
    )


def _network(name: str, prefix: IPv4Network) -> Network:
    return Network(name=name, prefix=prefix, gateway=prefix.network_address + 1)
