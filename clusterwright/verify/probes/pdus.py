"""What is checked of a rack PDU."""

from collections.abc import Iterator
from functools import partial

from clusterwright.design.facility import alarms_of
from clusterwright.design.plan import Pdu
from clusterwright.verify.measurements import pdu as measurements
from clusterwright.verify.probes.probe import Device, Probe


def pdu_device(pdu: Pdu) -> Device:
    """Return the checks of a rack PDU; one that feeds nothing has none."""
    probes = tuple(_probes(pdu)) if pdu.outlets else ()
    return Device(subject=pdu.name, controller=pdu.controller, probes=probes)


def _probes(pdu: Pdu) -> Iterator[Probe]:
    yield Probe(
        sentence="every outlet in use is on",
        expected={f"outlet {outlet.number}": "On" for outlet in pdu.outlets},
        look=partial(measurements.outlets, numbers=tuple(one.number for one in pdu.outlets)),
        remedy="run clusterwright up {site}",
    )
    yield Probe(
        sentence="what the PDU measures can be",
        expected={},
        look=partial(measurements.nonsense, limit_va=pdu.limit_va),
        remedy="restart the PDU's controller; until it measures right, trust none of its readings",
    )
    limits = alarms_of(pdu).branches
    if limits:
        yield Probe(
            sentence="no branch carries more than it may for hours",
            expected={},
            look=partial(measurements.overloaded, limits_amps=limits),
            remedy="move cords to other branches, as the plan has them",
        )
