"""Does each server stand where it was delivered for, with all its parts."""

from collections.abc import Iterator
from functools import partial

from clusterwright.access import identity, strangers
from clusterwright.access.guard import Difference
from clusterwright.access.identity import IdentityState
from clusterwright.access.server_parts import NOT_DELIVERED, NOT_FOUND
from clusterwright.design.plan import Node, SitePlan
from clusterwright.errors import DeviceError
from clusterwright.verify.delivered import expected_servers
from clusterwright.verify.devices import Connect, at_once
from clusterwright.verify.report import Finding, Kind, Report, Unproven, join_reports
from clusterwright.verify.scope import FACILITY, nodes_in

MODEL = "the server is of the delivered model"
SERIAL = "the server is the one that was delivered for its place"
ADAPTER = "network adapter {} is the delivered one"
ADAPTERS = "every network adapter is a delivered one"
GPUS = "the BMC finds every GPU"
OTHER_GPUS = "every GPU is of the planned model"
TPM = "the server has a TPM"
_SENTENCES = {"model": MODEL, "serial": SERIAL, "gpus": GPUS, "tpm": TPM}
_NOT_RECORDED = (
    "the record does not know what was delivered; read its manifest in with clusterwright intake"
)
_NOT_ALL_RECORDED = (
    "the record does not know {}; read a manifest that has them in with clusterwright intake"
)
_UNTOLD = "its BMC tells nothing of {}; update its firmware, or count them by hand"


async def check_identities(plan: SitePlan, rack: str | None, connect: Connect) -> Report:
    """Ask every BMC who its server is, and say of strangers where they belong."""
    nodes, expected = nodes_in(plan, rack), expected_servers(plan)
    answers = await at_once(partial(_read, node, connect) for node in nodes)
    met = {node.name: one for node, one in zip(nodes, answers, strict=True)}
    actual = {name: one for name, one in met.items() if isinstance(one, IdentityState)}
    places = strangers.misplaced(expected, actual)
    return join_reports(
        plan.site,
        (_of_node(plan.site, name, expected[name], one, places) for name, one in met.items()),
    )


async def _read(node: Node, connect: Connect) -> IdentityState | str:
    try:
        async with connect(node.controller) as client:
            return await identity.read(client)
    except DeviceError as error:
        return str(error)


def _of_node(
    site: str,
    name: str,
    expected: IdentityState,
    met: IdentityState | str,
    places: tuple[str, ...],
) -> Report:
    found: tuple[Difference, ...] = ()
    if isinstance(met, str):
        checks = set(_checks(expected))
        reasons = {**dict.fromkeys(checks, met), **dict(_unknown(expected))}
    else:
        expected = _without_parts_of_a_stranger(expected, met)
        checks, found = set(_checks(expected)), identity.differences(expected, met)
        reasons = {**dict(_unknown(expected)), **dict(_untold(expected, met))}
    # Of all that cannot be told, one sentence about the adapters is enough.
    ports = set(map(ADAPTER.format, expected.ports or ()))
    findings = tuple(_finding(name, one, strangers.said_of(name, places)) for one in found)
    return Report(
        site=site,
        passes={FACILITY: len(checks - {one.check for one in findings} - reasons.keys())},
        findings=findings,
        unproven=tuple(
            Unproven(layer=FACILITY, subject=name, check=check, reason=reason)
            for check, reason in reasons.items()
            if check not in ports
        ),
    )


def _without_parts_of_a_stranger(expected: IdentityState, met: IdentityState) -> IdentityState:
    """Another server has other ports, every one of them: its serial number says it all."""
    if not expected.serial or expected.serial == met.serial:
        return expected
    return IdentityState(models=expected.models, serial=expected.serial, ports={})


def _checks(expected: IdentityState) -> Iterator[str]:
    """Yield what can be said of a server, as far as something is known of it."""
    yield from (check for check, known in _known(expected) if known)
    yield from map(ADAPTER.format, expected.ports or ())
    if expected.gpus:
        yield from (GPUS, OTHER_GPUS)
    if expected.tpm:
        yield TPM


def _known(expected: IdentityState) -> Iterator[tuple[str, bool]]:
    """What every record should know; of a stranger, no port is asked for."""
    yield MODEL, bool(expected.models)
    yield SERIAL, bool(expected.serial)
    if expected.ports != {}:
        yield ADAPTERS, expected.ports is not None


def _unknown(expected: IdentityState) -> Iterator[tuple[str, str]]:
    yield from ((check, _NOT_RECORDED) for check, known in _known(expected) if not known)


def _untold(expected: IdentityState, actual: IdentityState) -> Iterator[tuple[str, str]]:
    """Yield what cannot be said although the BMC answers, with the reason."""
    parts = {
        identity.ADAPTERS: (ADAPTERS, *map(ADAPTER.format, expected.ports or ())),
        identity.GPUS: (GPUS, OTHER_GPUS),
    }
    for kind in identity.untold(expected, actual):
        yield from ((check, _UNTOLD.format(kind)) for check in parts[kind])
    if expected.ports and (ports := identity.unknown_ports(expected, actual)):
        yield ADAPTERS, _NOT_ALL_RECORDED.format(", ".join(ports))


def _finding(name: str, found: Difference, whereabouts: str) -> Finding:
    return Finding(
        layer=FACILITY,
        subject=name,
        kind=_kind(found),
        check=_check(found),
        expected=found.expected,
        actual=_actual(found),
        remedy=whereabouts or found.remedy,
    )


def _check(found: Difference) -> str:
    group, _, part = found.path.partition(".")
    if found.expected == NOT_DELIVERED:
        return ADAPTERS if group == "nics" else OTHER_GPUS
    return ADAPTER.format(part) if group == "nics" else _SENTENCES[group]


def _actual(found: Difference) -> str:
    """What nobody expects has to be named as well."""
    group, _, part = found.path.partition(".")
    if found.expected != NOT_DELIVERED:
        return found.actual
    return f"{part} ({found.actual})" if group == "nics" else f"{found.actual} × {part}"


def _kind(found: Difference) -> Kind:
    if found.expected == NOT_DELIVERED:
        return Kind.UNEXPECTED
    if found.actual == NOT_FOUND:
        return Kind.MISSING
    if found.path.startswith("gpus."):
        return Kind.MISSING if int(found.actual) < int(found.expected) else Kind.UNEXPECTED
    return Kind.DRIFT
