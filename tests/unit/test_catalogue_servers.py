"""Servers, the racks that are bought whole, and what feeds and cools them."""

from math import isclose, sqrt

import pytest

from clusterwright.catalogue import load_catalogue
from clusterwright.catalogue.entry import OUTLET_FOR

CATALOGUE = load_catalogue()
SERVERS = CATALOGUE.servers

DGX_H100_PORTS = {
    "OSFP4P2": ("18:00.0", "ibp24s0", "mlx5_0", 0, 0),
    "OSFP3P2": ("40:00.0", "ibp64s0", "mlx5_3", 1, 0),
    "OSFP3P1": ("4f:00.0", "ibp79s0", "mlx5_4", 2, 0),
    "OSFP4P1": ("5e:00.0", "ibp94s0", "mlx5_5", 3, 0),
    "OSFP1P2": ("9a:00.0", "ibp154s0", "mlx5_6", 4, 1),
    "OSFP2P2": ("c0:00.0", "ibp192s0", "mlx5_9", 5, 1),
    "OSFP2P1": ("ce:00.0", "ibp206s0", "mlx5_10", 6, 1),
    "OSFP1P1": ("dc:00.0", "ibp220s0", "mlx5_11", 7, 1),
}
DGX_H100_SLOTS = {
    "SLOT1P1": ("aa:00.0", "ibp170s0f0", "mlx5_7", "storage", 1),
    "SLOT1P2": ("aa:00.1", "enp170s0f1np1", "mlx5_8", "in-band", 1),
    "SLOT2P1": ("29:00.0", "ibp41s0f0", "mlx5_1", "storage", 0),
    "SLOT2P2": ("29:00.1", "enp41s0f1np1", "mlx5_2", "in-band", 0),
}


@pytest.mark.parametrize("name", ["dgx-h100", "dgx-h200"])
def test_the_ports_of_a_dgx_are_those_of_its_guide(name):
    """DGX H100/H200 User Guide, port map."""
    server = SERVERS[name]
    assert {
        port.cage: (port.pci_address, port.name, port.rdma_device, port.gpu, port.numa_node)
        for port in server.compute_ports
    } == DGX_H100_PORTS
    assert {
        port.cage: (port.pci_address, port.name, port.rdma_device, port.role, port.numa_node)
        for port in server.ports
        if port.role in ("storage", "in-band")
    } == DGX_H100_SLOTS


@pytest.mark.parametrize(
    ("name", "watts", "units", "kg", "supplies"),
    [
        ("dgx-a100", 6500, 6, 123.16, (6, 3, 3000)),
        ("dgx-h100", 10200, 8, 130.45, (6, 4, 3300)),
        ("dgx-h200", 10200, 8, 130.45, (6, 4, 3300)),
        ("dgx-b200", 14300, 10, 142.4, (6, 5, 3300)),
        ("dgx-b300", 14500, 10, 168, (12, 6, 3200)),
    ],
)
def test_a_dgx_is_what_its_guide_says(name, watts, units, kg, supplies):
    server = SERVERS[name]
    assert (server.power_max_watts, server.height_units, server.weight_kg) == (watts, units, kg)
    has = server.power_supplies
    assert (has.count, has.needed, has.capacity_watts) == supplies


@pytest.mark.parametrize("name", [name for name, server in SERVERS.items() if server.gpus])
def test_every_gpu_of_a_server_has_one_port(name):
    server = SERVERS[name]
    assert sorted(port.gpu for port in server.compute_ports) == list(range(server.gpus.count))


@pytest.mark.parametrize("name", SERVERS)
def test_no_port_of_a_server_is_there_twice(name):
    ports = [*SERVERS[name].compute_ports, *SERVERS[name].ports]
    for key in ("name", "cage", "pci_address", "rdma_device"):
        given = [getattr(port, key) for port in ports if getattr(port, key)]
        assert sorted(given) == sorted(set(given)), key


@pytest.mark.parametrize("name", SERVERS)
def test_ports_are_no_faster_than_their_nic(name):
    for port in [*SERVERS[name].compute_ports, *SERVERS[name].ports]:
        if port.nic and port.speed_gbps:
            assert port.speed_gbps <= CATALOGUE.nics[port.nic].speed_gbps, port.cage


@pytest.mark.parametrize("name", SERVERS)
def test_a_twin_port_cage_carries_two_ports(name):
    shared = [port.transceiver for port in SERVERS[name].compute_ports if port.transceiver]
    assert {shared.count(cage) for cage in shared} <= {2}


@pytest.mark.parametrize("name", SERVERS)
def test_the_connector_of_a_port_is_one_its_nic_has(name):
    for port in SERVERS[name].ports:
        if port.nic and port.connector:
            assert port.connector in CATALOGUE.nics[port.nic].connectors, port.cage


@pytest.mark.parametrize("name", [*SERVERS, *CATALOGUE.switches])
def test_power_supplies_carry_their_device(name):
    model = SERVERS.get(name) or CATALOGUE.switches[name]
    supplies, watts = model.power_supplies, model.power_max_watts
    if supplies and supplies.capacity_watts and watts:
        assert supplies.needed * supplies.capacity_watts >= watts
    assert not (supplies and getattr(model, "power_input", "ac") == "busbar")


@pytest.mark.parametrize("name", SERVERS)
def test_no_more_heat_leaves_by_the_coolant_than_there_is(name):
    server = SERVERS[name]
    assert (server.liquid_watts or 0) <= (server.power_max_watts or float("inf"))


@pytest.mark.parametrize("name", [name for name, server in SERVERS.items() if server.gpus])
def test_a_server_draws_at_least_what_its_gpus_do(name):
    server = SERVERS[name]
    each = CATALOGUE.gpus[server.gpus.model].power_max_watts
    if server.power_max_watts and each:
        assert server.gpus.count * each <= server.power_max_watts


@pytest.mark.parametrize("name", [name for name, server in SERVERS.items() if server.air.flow_cfm])
def test_the_air_of_a_server_warms_by_about_16_kelvin(name):
    """NVIDIA's fans are laid out alike, so a mistyped flow or power stands out."""
    server = SERVERS[name]
    warms_k = server.power_max_watts / 1000 / (1.206 * server.air.flow_cfm * 0.000471947)
    assert 12 <= warms_k <= 20


def test_what_has_no_figure_says_so():
    """None of these can be passed by a check of power or cooling."""
    unknown = {name: one.unknown for name, one in SERVERS.items() if one.unknown}
    assert unknown == {
        "cpu-2u": ("power_max_watts", "power_supplies"),
        "gb200-compute-tray": ("liquid_watts",),
        "gb300-compute-tray": ("power_max_watts", "liquid_watts"),
        "hgx-b200-air": ("power_supplies",),
        "hgx-b200-liquid": ("liquid_watts", "power_supplies"),
        "storage-hdd-4u": ("power_max_watts", "power_supplies"),
        "storage-nvme-2u": ("power_max_watts", "power_supplies"),
    }


@pytest.mark.parametrize("name", CATALOGUE.rack_systems)
def test_a_rack_that_is_bought_whole_adds_up(name):
    system = CATALOGUE.rack_systems[name]
    tray = SERVERS[system.compute_trays.model]
    shelf = CATALOGUE.power_shelves[system.power_shelves.model]
    assert system.compute_trays.count * tray.gpus.count == system.nvlink_gpus
    assert len(tray.compute_ports) == system.rails
    assert tray.power_input == "busbar"
    assert CATALOGUE.racks[system.rack].busbar
    assert system.power_shelves.count * shelf.capacity_watts >= system.power_max_watts
    assert (system.liquid_watts or 0) <= system.power_max_watts
    assert system.compute_trays.count * (tray.power_max_watts or 0) <= system.power_max_watts
    units = (
        system.compute_trays.count * tray.height_units
        + system.nvlink_trays.count * system.nvlink_trays.height_units
        + system.power_shelves.count * shelf.height_units
    )
    assert units <= CATALOGUE.racks[system.rack].height_units


def test_the_nvlink_domain_of_nvl72_is_as_fast_as_its_gpus():
    system = CATALOGUE.rack_systems["gb200-nvl72"]
    tray = SERVERS[system.compute_trays.model]
    each = CATALOGUE.gpus[tray.gpus.model].nvlink_gbytes_per_s
    assert isclose(system.nvlink_gpus * each / 1000, system.nvlink_tbytes_per_s, rel_tol=0.01)


@pytest.mark.parametrize("name", CATALOGUE.power_shelves)
def test_a_power_shelf_is_the_sum_of_its_supplies(name):
    shelf = CATALOGUE.power_shelves[name]
    assert shelf.supplies.count * shelf.supplies.capacity_watts == shelf.capacity_watts


@pytest.mark.parametrize("name", CATALOGUE.pdus)
def test_a_pdu_gives_what_its_breaker_lets_through(name):
    pdu = CATALOGUE.pdus[name]
    if pdu.rated_va:
        phases = sqrt(3) if pdu.phases == 3 else 1
        breaker_va = phases * pdu.line_volts * pdu.input_amps
        share = 0.8 if pdu.rating_is_continuous else 1.0
        assert isclose(pdu.rated_va, breaker_va * share, rel_tol=0.01)
        assert (pdu.power_limit_watts or 0) <= pdu.rated_va
        assert min(abs(pdu.outlet_volts - v) for v in (pdu.line_volts, pdu.line_volts / phases)) < 2


def test_every_inlet_finds_an_outlet_on_a_pdu():
    outlets = {bank.type for pdu in CATALOGUE.pdus.values() for bank in pdu.banks}
    inlets = {
        model.power_supplies.inlet
        for model in [*SERVERS.values(), *CATALOGUE.switches.values()]
        if model.power_supplies and model.power_supplies.inlet
    }
    assert inlets == {"C14", "C16", "C20"}
    assert {OUTLET_FOR[inlet] for inlet in inlets} <= outlets


def test_a_litre_of_coolant_carries_what_the_tables_say():
    carries = CATALOGUE.coolants["pg25"].watts_per_lpm_k
    assert [round(carries(c) / 1000, 4) for c in (20, 30, 45)] == [0.0667, 0.0669, 0.0669]
    assert round(CATALOGUE.coolants["water"].watts_per_lpm_k(25) / 1000, 4) == 0.0695


@pytest.mark.parametrize("name", CATALOGUE.racks)
def test_a_tank_is_filled_with_what_does_not_conduct(name):
    immersion = CATALOGUE.racks[name].immersion
    assert immersion is None or CATALOGUE.coolants[immersion.coolant].dielectric


@pytest.mark.parametrize("name", CATALOGUE.cdus)
def test_a_cdu_can_carry_its_capacity_with_the_flow_it_gives(name):
    cdu = CATALOGUE.cdus[name]
    low, high = cdu.supply_temperature_min_c, cdu.supply_temperature_max_c
    assert (low is None) == (high is None)
    assert low is None or low < high
    if cdu.flow_max_lpm:
        warms_k = (
            cdu.capacity_watts / CATALOGUE.coolants["pg25"].watts_per_lpm_k(30) / (cdu.flow_max_lpm)
        )
        assert 5 <= warms_k <= 15
