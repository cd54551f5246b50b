"""The currents at which a PDU's sensors warn: they can be written."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from clusterwright.lab.facility.checks import number
from clusterwright.lab.facility.sensors import Threshold
from clusterwright.lab.facility.tree import Writable

if TYPE_CHECKING:
    from clusterwright.lab.facility.pdu import Pdu

FACTORY_AMPS = 32.0
MOST_AMPS = 1000.0
_READING = "Thresholds/UpperCaution/Reading"


def threshold_of(pdu: "Pdu", sensor: str) -> Callable[[], Threshold]:
    """Return what the sensor of that name warns at now."""
    return lambda: Threshold(caution=pdu.memory.state.alarms_amps.get(sensor, FACTORY_AMPS))


def writable_of(pdu: "Pdu", sensor: str) -> Mapping[str, Writable]:
    """Return what PATCH may change of the sensor of that name."""

    def write(amps: float) -> None:
        pdu.memory.update(alarms_amps={**pdu.memory.state.alarms_amps, sensor: float(amps)})

    return {_READING: Writable(check=number(0, MOST_AMPS), write=write)}
