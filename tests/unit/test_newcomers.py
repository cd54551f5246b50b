"""Ports of management switches for whoever comes unannounced: none is lost, none is given twice."""

from dataclasses import replace
from itertools import product

import pytest

from clusterwright.design.networks.controllers import Managed
from clusterwright.design.networks.served import Served
from clusterwright.design.networks.switch_ports import SwitchPorts
from clusterwright.design.newcomers import MANAGEMENT_HOSTS

STORES = 24


def served(room: int, fixed: int, hosts: int = 0, stores: int = 0) -> Served:
    """Return racks whose switches have so many ports, and who is there."""
    panel = SwitchPorts(
        down=tuple(str(port) for port in range(room)), up=(), down_gbps=(1,), up_gbps=()
    )
    return Served(
        rack="r1",
        racks=("r1",),
        fixed=_ports("pdu", fixed),
        hosts=_ports("host", hosts),
        stores=_ports("storage", stores),
        own=max(1, -(-fixed // room)),
        by_rack=(fixed,),
        model="any",
        panel=panel,
    )


def _ports(tier: str, count: int) -> tuple[Managed, ...]:
    return tuple(Managed(tier=tier, device=f"{tier}{n}", ordinal=n) for n in range(count))


def places(one: Served) -> dict[str, tuple[int, int]]:
    return {port.device: (switch, number) for switch, number, port in one.places()}


SIZES = list(product((1, 8, 20), (0, 7, 19)))


@pytest.mark.parametrize(("room", "fixed"), SIZES)
def test_every_newcomer_has_a_port_of_its_own(room, fixed):
    for hosts, stores in product(range(MANAGEMENT_HOSTS + 1), range(0, STORES, 4)):
        one = served(room, fixed, hosts, stores)
        found = list(one.places())
        assert len(found) == fixed + hosts + stores
        taken = {(switch, number) for switch, number, _ in found}
        assert len(taken) == len(found)
        assert all(switch < one.switches and number < room for switch, number in taken)


@pytest.mark.parametrize(("room", "fixed"), SIZES)
def test_a_storage_server_that_comes_moves_nobody(room, fixed):
    for hosts, stores in product(range(MANAGEMENT_HOSTS + 1), range(0, STORES, 4)):
        before = places(served(room, fixed, hosts, stores))
        assert before.items() <= places(served(room, fixed, hosts, stores + 1)).items()


@pytest.mark.parametrize(("room", "fixed"), SIZES)
def test_a_host_that_comes_moves_one_storage_server_where_all_ports_are_taken(room, fixed):
    for hosts, stores in product(range(MANAGEMENT_HOSTS), range(0, STORES, 4)):
        one = served(room, fixed, hosts, stores)
        after = places(replace(one, hosts=_ports("host", hosts + 1)))
        moved = {name for name, place in places(one).items() if after[name] != place}
        full = fixed + hosts + stores >= one.own * room
        assert len(moved) <= 1 if full else moved == set()
        assert all(name.startswith("storage") for name in moved)
