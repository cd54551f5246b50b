"""Which resources a layer and a rack mean."""

import json
from collections.abc import Iterable, Iterator

from clusterwright.design.facility import leak_policies
from clusterwright.design.plan import FirmwareBaseline, Platform, SitePlan
from clusterwright.errors import UsageError

LAYERS = ("facility", "hosts")
_OURS = "clusterwright:"


def targets(plan: SitePlan, *, layer: str | None, rack: str | None) -> tuple[str, ...]:
    """Return the names of the resources to deploy; an empty tuple means all of them.

    Raises:
        UsageError: there is no such layer or rack.
    """
    refuse_unknown("layer", layer, LAYERS)
    refuse_unknown("rack", rack, tuple(rack.name for rack in plan.racks))
    if layer is None and rack is None:
        return ()
    facility = facility_names(plan, rack) if layer in (None, "facility") else ()
    hosts = layer in (None, "hosts")
    systems = system_names(plan, rack) if hosts else ()
    plays = play_names(plan, rack) if hosts else ()
    return (*facility, *systems, *plays)


def with_gone(plan: SitePlan, names: tuple[str, ...], state: str) -> tuple[str, ...]:
    """Return the names, and those of resources that the plan no longer has.

    The engine takes them out of the state in every run, and refuses a run in which it may not.
    """
    if not names:
        return ()
    declared = {one for layer in LAYERS for one in targets(plan, layer=layer, rack=None)}
    known = json.loads(state).get("deployment", {}).get("resources") or ()
    managed = (one["urn"].rpartition("::")[2] for one in known if one["type"].startswith(_OURS))
    return tuple(dict.fromkeys((*names, *(name for name in managed if name not in declared))))


def refuse_unknown(kind: str, name: str | None, known: tuple[str, ...]) -> None:
    if name is not None and name not in known:
        raise UsageError(
            f"{kind} {name}: there is no such {kind}; choose one of {', '.join(known)}"
        )


def facility_names(plan: SitePlan, rack: str | None) -> tuple[str, ...]:
    """Return what stacks/facility.py declares, by the names that it gives."""
    loops = [loop for loop in plan.loops if rack is None or rack in loop.racks]
    pdus = [pdu for pdu in plan.pdus if rack in (None, pdu.rack)]
    shelves = [shelf for shelf in plan.power_shelves if rack in (None, shelf.mount.rack)]
    nodes = [node for node in plan.nodes if rack in (None, node.mount.rack)]
    controllers = (
        *(loop.controller for loop in loops),
        *(pdu.controller for pdu in pdus),
        *(shelf.controller for shelf in shelves),
        *(one for node in nodes for one in (node.controller, *node.board_controllers)),
    )
    models = (
        *((loop.cdu, loop.cdu_model) for loop in loops),
        *((pdu.name, pdu.model) for pdu in pdus),
        *((shelf.name, shelf.model) for shelf in shelves),
        *((node.name, node.server) for node in nodes),
        *((board.name, board.model) for node in nodes for board in node.board_controllers),
    )
    named = {*(loop.cdu for loop in loops), *(node.name for node in nodes)}
    return (
        *(loop.name for loop in loops),
        *(pdu.name for pdu in pdus),
        *(shelf.name for shelf in shelves),
        *(node.name for node in nodes),
        *(f"{one.name}-controller" for one in controllers if plan.controllers),
        *_of_models(models, plan.firmware, "firmware"),
        *_of_models(((n.name, n.server) for n in nodes), plan.platforms, "platform"),
        *(f"{one.subject}-leak" for one in leak_policies(plan) if one.subject in named),
    )


def _of_models(
    devices: Iterable[tuple[str, str]], declared: Iterable[Platform | FirmwareBaseline], what: str
) -> Iterator[str]:
    models = {one.model for one in declared}
    yield from (f"{name}-{what}" for name, model in devices if model in models)


def system_names(plan: SitePlan, rack: str | None) -> tuple[str, ...]:
    here = {node.name for node in plan.nodes if rack in (None, node.mount.rack)}
    return tuple(f"{one.host}-os" for one in plan.installations if one.host in here)


def play_names(plan: SitePlan, rack: str | None) -> tuple[str, ...]:
    racks = dict.fromkeys(host.mount.rack for host in plan.hosts)
    return tuple(f"{name}-hosts" for name in racks if rack in (None, name))


def target_options(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the engine's options for them: globs, for the rest of a URN follows from the stack."""
    return tuple(word for name in names for word in ("--target", f"**::{name}"))
