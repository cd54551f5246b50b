"""Does each server stand where it was delivered for, with all its parts."""

from collections.abc import Iterator, Mapping
from functools import partial

from clusterwright.access import identity
from clusterwright.access.guard import Difference
from clusterwright.access.identity import IdentityState
from clusterwright.design.plan import Node, SitePlan
from clusterwright.errors import DeviceError
from clusterwright.verify.delivered import expected_servers
from clusterwright.verify.devices import Connect, at_once
from clusterwright.verify.report import Finding, Kind, Report, Unproven, join_reports
from clusterwright.verify.scope import FACILITY, nodes_in

SERIAL = "the server is the one that was delivered for its place"
ADAPTERS = "every network adapter is the delivered one"
GPUS = "the BMC finds every GPU"
TPM = "the server has a TPM"
_SENTENCES = {"serial": SERIAL, "nics": ADAPTERS, "gpus": GPUS, "tpm": TPM}
_NOT_RECORDED = (
    "the record does not know what was delivered; read its manifest in with clusterwright intake"
)


async def check_identities(plan: SitePlan, rack: str | None, connect: Connect) -> Report:
    """Ask every BMC who its server is, and say of strangers where they belong."""
    nodes, expected = nodes_in(plan, rack), expected_servers(plan)
    answers = await at_once(partial(_read, node, connect) for node in nodes)
    met = {node.name: one for node, one in zip(nodes, answers, strict=True)}
    actual = {name: one for name, one in met.items() if isinstance(one, IdentityState)}
    places = identity.misplaced(expected, actual)
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
    known = _known(expected)
    reasons = dict.fromkeys(known.keys(), met) if isinstance(met, str) else {}
    reasons |= {one: _NOT_RECORDED for one, there in known.items() if not there}
    wrong = {} if isinstance(met, str) else _wrong(expected, met)
    findings = [
        _finding(name, check, found, places)
        for check, found in wrong.items()
        if check not in reasons
    ]
    return Report(
        site=site,
        passes={FACILITY: len(known) - len(reasons) - len(findings)},
        findings=tuple(findings),
        unproven=tuple(
            Unproven(layer=FACILITY, subject=name, check=check, reason=reason)
            for check, reason in reasons.items()
        ),
    )


def _known(expected: IdentityState) -> dict[str, bool]:
    """Return the checks, and whether enough is known for each."""
    known = {SERIAL: bool(expected.serial), ADAPTERS: bool(expected.nics)}
    asked = {GPUS: bool(expected.gpus), TPM: bool(expected.tpm)}
    return {**known, **{check: True for check, wanted in asked.items() if wanted}}


def _wrong(expected: IdentityState, met: IdentityState) -> Mapping[str, list[Difference]]:
    found: dict[str, list[Difference]] = {}
    for difference in identity.differences(expected, met):
        found.setdefault(_SENTENCES[difference.path.partition(".")[0]], []).append(difference)
    return found


def _finding(name: str, check: str, found: list[Difference], places: tuple[str, ...]) -> Finding:
    lost = all(one.actual == identity.NOT_FOUND for one in found)
    whereabouts = next(_about(places, name), "")
    return Finding(
        layer=FACILITY,
        subject=name,
        kind=Kind.MISSING if lost else Kind.DRIFT,
        check=check,
        expected=", ".join(one.expected for one in found),
        actual=", ".join(one.actual for one in found),
        remedy=whereabouts or found[0].remedy,
    )


def _about(places: tuple[str, ...], name: str) -> Iterator[str]:
    """Such a sentence begins with "su1-n1:", or with "su1-n1 and su1-n2 stand"."""
    for said in places:
        words = said.replace(":", " ").split()
        if name in words[: 3 if words[1:2] == ["and"] else 1]:
            yield said
