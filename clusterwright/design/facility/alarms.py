"""At which currents a PDU must warn: what may flow for hours."""

from collections.abc import Mapping
from dataclasses import dataclass

from clusterwright.catalogue.entries.power import RATED_AMPS
from clusterwright.design.plan import Pdu

_OUTLET_AMPS: Mapping[str, float] = {str(kind): amps for kind, amps in RATED_AMPS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """Amperes by branch, and by the number of each outlet in use; what is not known is absent."""

    branches: Mapping[str, float]
    outlets: Mapping[int, float]


def alarms_of(pdu: Pdu) -> Alarms:
    """Return the thresholds that a PDU must hold: none where its model holds none."""
    if not pdu.holds_alarms:
        return Alarms(branches={}, outlets={})
    return Alarms(
        branches={
            bank.branch: round(bank.breaker_amps * pdu.continuous_load, 2)
            for bank in pdu.banks
            if bank.branch and bank.breaker_amps is not None
        },
        outlets={
            outlet.number: _OUTLET_AMPS[outlet.type]
            for outlet in pdu.outlets
            if outlet.type in _OUTLET_AMPS
        },
    )
