"""Limits of power that cannot be checked, because the catalogue has no figure for a model."""

from collections.abc import Iterable, Iterator

from clusterwright.catalogue.entry import Pdu
from clusterwright.design.plan import Unproven
from clusterwright.design.power.circuit import Circuits
from clusterwright.design.power.readings import knows_phases
from clusterwright.load import LoadedSite
from clusterwright.model.power import StartUp


def find_unproven(loaded: LoadedSite, circuits: Circuits) -> Iterator[Unproven]:
    """Yield what nobody may take for checked: one row for each model and limit."""
    yield from _pdus(circuits)
    yield from _supplies(loaded, circuits)


def _pdus(circuits: Circuits) -> Iterator[Unproven]:
    feedings = {one.feeding.pdu_model: one.feeding for one in circuits.values() if one.inside}
    for model, feeding in feedings.items():
        pdu = feeding.pdu
        if pdu is None:
            continue
        for figure, check in _lacking(pdu, phases=knows_phases(feeding)):
            yield _row(f"PDU model {model}", check, figure, model)
        if feeding.limit_va is None:
            check = "it gives no more than its rating with any one feed gone"
            yield _row(f"PDU model {model}", check, "rated_va", model)


def _lacking(pdu: Pdu, *, phases: bool) -> Iterator[tuple[str, str]]:
    if not pdu.banks:
        yield "banks", "every cord goes to an outlet of its type"
    if pdu.outlet_volts is None:
        yield "outlet_volts", "no outlet, branch or phase carries too much"
    if not pdu.banks or any(bank.breaker_amps is None for bank in pdu.banks):
        yield "breaker_amps", "no branch is over its breaker with any one feed gone"
    if not phases:
        yield "phases of outlets", "no phase carries too much with any one feed gone"


def _supplies(loaded: LoadedSite, circuits: Circuits) -> Iterator[Unproven]:
    models = {o.model: o.supplies for one in circuits.values() for o in one.inside if o.supplies}
    limited = _limits_inrush(loaded.site.facility.power.start_up)
    for model, supplies in models.items():
        if supplies.inlet is None:
            yield _row(model, "its cords fit their outlets", "inlet", model)
        if supplies.inrush_amps is None and limited:
            check = "what comes on at once draws no more than the limit of inrush"
            yield _row(model, check, "inrush_amps", model)


def _limits_inrush(rules: StartUp) -> bool:
    limits: Iterable[float | None] = (
        rules.branch_inrush_amps,
        rules.pdu_inrush_amps,
        rules.feed_inrush_amps,
    )
    return any(limit is not None for limit in limits)


def _row(subject: str, check: str, figure: str, model: str) -> Unproven:
    reason = f"the catalogue has no {figure} of {model}"
    return Unproven(subject=subject, check=check, reason=reason)
