"""What is set on devices, in one shape for everything: who, what, value."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from itertools import chain

from clusterwright.design.plan import CoolingLoop, Node, PowerSupply, SitePlan

Fact = tuple[str, str, str]
"""Subject, what of it, its value in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Something that changes on a device that stays; empty where there is nothing to be said."""

    subject: str
    what: str
    was: str
    becomes: str


def compare_settings(
    old: SitePlan, new: SitePlan, renamed: Mapping[str, str]
) -> tuple[Setting, ...]:
    """Return what changes on every device that is in both plans, under its new name."""
    names = (Setting(subject=b, what="name", was=a, becomes=b) for a, b in renamed.items())
    return (*names, *_changes(old, new, renamed))


def _changes(old: SitePlan, new: SitePlan, renamed: Mapping[str, str]) -> Iterator[Setting]:
    before, after = _by_subject(_facts(old)), _by_subject(_facts(new))
    for name, was in before.items():
        subject = renamed.get(name, name)
        becomes = after.get(subject)
        if becomes is None or was == becomes:
            continue
        for what in dict.fromkeys((*was, *becomes)):
            if was.get(what) != becomes.get(what):
                yield Setting(
                    subject=subject,
                    what=what,
                    was=was.get(what, ""),
                    becomes=becomes.get(what, ""),
                )


def _by_subject(facts: Iterable[Fact]) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for subject, what, value in facts:
        found.setdefault(subject, {})[what] = value
    return found


def _facts(plan: SitePlan) -> Iterator[Fact]:
    yield from chain.from_iterable(map(_node, plan.nodes))
    yield from chain.from_iterable(map(_loop, plan.loops))
    for host in (*plan.hosts, *plan.storage_servers):
        yield host.name, "in-band address", str(host.address)
    for name, address in _controllers(plan):
        yield name, "out-of-band address", str(address)
    for device in (*plan.hosts, *plan.switches, *plan.storage_servers):
        yield from _cords(device.name, device.power_supplies)
    for package in plan.software.gpu_driver_packages:
        yield "GPU driver", package.name, package.version


def _controllers(plan: SitePlan) -> Iterator[tuple[str, IPv4Address]]:
    yield from ((node.name, node.controller.address) for node in plan.nodes)
    yield from ((one.name, one.address) for node in plan.nodes for one in node.board_controllers)
    yield from ((switch.name, switch.address) for switch in plan.switches)
    yield from ((pdu.name, pdu.controller.address) for pdu in plan.pdus)
    yield from ((loop.cdu, loop.controller.address) for loop in plan.loops)
    yield from ((shelf.name, shelf.controller.address) for shelf in plan.power_shelves)
    yield from ((store.name, store.controller.address) for store in plan.storage_servers)


def _cords(subject: str, supplies: Iterable[PowerSupply]) -> Iterator[Fact]:
    for supply in supplies:
        yield subject, supply.name, f"{supply.pdu} outlet {supply.outlet}"


def _node(node: Node) -> Iterator[Fact]:
    yield node.name, "pool", node.pool
    yield node.name, "MIG", _mig(node)
    yield node.name, "boot", f"{node.boot.target}, {node.boot.enabled}, {node.boot.mode}"
    for attribute in node.bios:
        yield node.name, f"BIOS {attribute.name}", str(attribute.value)


def _mig(node: Node) -> str:
    """Say a layout; equal counts of equal profiles lie at equal places."""
    counts = Counter(device.profile for device in node.gpus.mig_devices)
    return " + ".join(f"{count}x{profile}" for profile, count in counts.items()) or "none"


def _loop(loop: CoolingLoop) -> Iterator[Fact]:
    yield loop.cdu, "racks", ", ".join(loop.racks)
    yield loop.cdu, "supply temperature", f"{loop.supply_temperature_c:g} °C"
    yield loop.cdu, "control mode", loop.control_mode
    if loop.differential_pressure_kpa is not None:
        yield loop.cdu, "differential pressure", f"{loop.differential_pressure_kpa:g} kPa"
    if loop.flow_lpm is not None:
        yield loop.cdu, "flow", f"{loop.flow_lpm:g} L/min"
