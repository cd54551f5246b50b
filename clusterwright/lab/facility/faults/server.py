"""Faults of a server: what it is, what it has, what it does when it is told."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from clusterwright.lab.facility.bmc import Bmc
from clusterwright.lab.facility.faults.fault import CONTROLLERS, Fault, Undo, at_once
from clusterwright.lab.facility.identity import guid_of, mac_of
from clusterwright.lab.facility.network_adapters import nics_of
from clusterwright.lab.facility.node_tree import CHASSIS, SYSTEM
from clusterwright.lab.facility.tree import Body, Lens, Tree

if TYPE_CHECKING:
    from clusterwright.lab.facility.serve import Facility

BMC = frozenset({"bmc"})
_PORTS = 64


def _bmc(facility: "Facility", subject: str) -> Bmc:
    return facility.site.nodes[subject]


def _seen_through(tree: Tree, lens: Lens) -> Callable[[], None]:
    tree.lenses.append(lens)
    return lambda: tree.lenses.remove(lens)


def _hidden(tree: Tree, *paths: str) -> Callable[[], None]:
    tree.hidden |= set(paths)

    def undo() -> None:
        tree.hidden -= set(paths)

    return undo


def _deaf(facility: "Facility", subject: str) -> Callable[[], None]:
    power = _bmc(facility, subject).power
    power.deaf = True

    def undo() -> None:
        power.deaf = False

    return undo


def _lies(facility: "Facility", subject: str) -> Callable[[], None]:
    def lens(path: str, body: Body) -> Body:
        if path != SYSTEM:
            return body
        return {**body, "PowerState": "Off" if body["PowerState"] == "On" else "On"}

    return _seen_through(_bmc(facility, subject).tree, lens)


def _wrong_serial(facility: "Facility", subject: str) -> Callable[[], None]:
    bmc = _bmc(facility, subject)
    return _seen_through(bmc.tree, _renamed({bmc.identity.serial: "EMU-STRANGER"}))


def _swapped(facility: "Facility", subject: str) -> Callable[[], None]:
    one = _bmc(facility, subject)
    other = _neighbour(facility, subject)
    there, back = _names(one, other), _names(other, one)
    undo = [
        _seen_through(one.tree, _renamed(there)),
        _seen_through(other.tree, _renamed(back)),
    ]

    def both() -> None:
        for mend in undo:
            mend()

    return both


def _neighbour(facility: "Facility", subject: str) -> Bmc:
    """The next node of the same model, or the one before the last."""
    model = _bmc(facility, subject).node.server
    alike = [name for name, bmc in facility.site.nodes.items() if bmc.node.server == model]
    return _bmc(facility, alike[(alike.index(subject) + 1) % len(alike)])


def _has_neighbour(facility: "Facility", subject: str) -> bool:
    return _neighbour(facility, subject).node.name != subject


def _names(one: Bmc, other: Bmc) -> dict[str, str]:
    """What tells one server from the other, by what it is instead."""
    mine, theirs = one.identity.serial, other.identity.serial
    names = {mac_of(mine, n): mac_of(theirs, n) for n in range(_PORTS)}
    guids = {guid_of(mine, n): guid_of(theirs, n) for n in range(_PORTS)}
    return {**names, **guids, mine: theirs, one.identity.uuid: other.identity.uuid}


def _renamed(names: dict[str, str]) -> Lens:
    def lens(_: str, body: Body) -> Body:
        text = json.dumps(body)
        for name, instead in names.items():
            text = text.replace(name, instead)
        shown: Body = json.loads(text)
        return shown

    return lens


def _no_nic(facility: "Facility", subject: str) -> Callable[[], None]:
    bmc = _bmc(facility, subject)
    name = nics_of(bmc.model)[0].name
    places = (f"{CHASSIS}/NetworkAdapters/{name}", f"{SYSTEM}/EthernetInterfaces/{name}")
    return _hidden(bmc.tree, *places)


def _no_gpu(facility: "Facility", subject: str) -> Callable[[], None]:
    bmc = _bmc(facility, subject)
    last = bmc.gpus - 1
    return _hidden(bmc.tree, f"{SYSTEM}/Processors/GPU{last}", f"{CHASSIS}/Sensors/GPU{last}Temp")


def _reverts(facility: "Facility", subject: str) -> Callable[[], None]:
    firmware = facility.endpoints[subject].device.parts.firmware
    firmware.reverts = True

    def undo() -> None:
        firmware.reverts = False

    return undo


async def _leak(facility: "Facility", subject: str) -> Undo:
    detector = _bmc(facility, subject).leak
    if detector is None:
        raise ValueError(f"{subject}: has no leak detector")
    detector.find(leak=True)

    async def undo() -> None:
        detector.find(leak=False)

    return undo


FAULTS = (
    Fault(
        name="reset-ignored",
        about="The BMC accepts a reset and does nothing.",
        kinds=BMC,
        inject=at_once(_deaf),
    ),
    Fault(
        name="power-state-lies",
        about="The BMC says that the server is on when it is off, and the reverse.",
        kinds=BMC,
        inject=at_once(_lies),
    ),
    Fault(
        name="wrong-serial",
        about="Another server stands in this one's place.",
        kinds=BMC,
        inject=at_once(_wrong_serial),
    ),
    Fault(
        name="nodes-swapped",
        about="This server and the next one of its model stand in each other's place.",
        kinds=BMC,
        inject=at_once(_swapped),
        fits=_has_neighbour,
    ),
    Fault(
        name="nic-missing",
        about="The server's first network adapter is not found.",
        kinds=BMC,
        inject=at_once(_no_nic),
        fits=lambda facility, subject: bool(nics_of(_bmc(facility, subject).model)),
    ),
    Fault(
        name="gpu-missing",
        about="The server's last GPU is not found.",
        kinds=BMC,
        inject=at_once(_no_gpu),
    ),
    Fault(
        name="firmware-reverts",
        about="A new image does not start, and the old one runs again.",
        kinds=CONTROLLERS,
        inject=at_once(_reverts),
    ),
    Fault(
        name="node-leak",
        about="Coolant drips at the server's manifold.",
        kinds=BMC,
        inject=_leak,
        fits=lambda facility, subject: _bmc(facility, subject).leak is not None,
    ),
)
