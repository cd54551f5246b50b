"""The currents at which the sensors of a PDU warn."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from clusterwright.access.pdu_outlets import Strip, find_branches
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Resource
from clusterwright.access.redfish.walk import fetch

K = TypeVar("K", int, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One threshold and the sensor that holds it."""

    sensor: str
    amps: float

    async def write(self, client: Redfish, amps: float) -> None:
        """Let the sensor warn at another current."""
        await client.patch(self.sensor, {"Thresholds": {"UpperCaution": {"Reading": amps}}})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """Those of branches and of outlets; what holds none is absent."""

    branches: Mapping[str, Alarm]
    outlets: Mapping[int, Alarm]


async def find_alarms(
    client: Redfish,
    strip: Strip,
    branches: Collection[str] | None,
    outlets: Collection[int] | None,
) -> Alarms:
    """Return the thresholds of the branches and outlets that are named, or of all."""
    if branches is not None and outlets is not None and not branches and not outlets:
        return Alarms(branches={}, outlets={})
    circuits = {} if branches is not None and not branches else await find_branches(client, strip)
    of_branches = _chosen({n: one.current_sensor for n, one in circuits.items()}, branches)
    of_outlets = _chosen({n: one.current_sensor for n, one in strip.outlets.items()}, outlets)
    sensors = await fetch(client, (*of_branches.values(), *of_outlets.values()), Resource)
    return Alarms(branches=_held(of_branches, sensors), outlets=_held(of_outlets, sensors))


def _chosen(sensors: Mapping[K, str], wanted: Collection[K] | None) -> dict[K, str]:
    return {
        name: sensor
        for name, sensor in sensors.items()
        if sensor and (wanted is None or name in wanted)
    }


def _held(sensors: Mapping[K, str], found: Mapping[str, Resource]) -> dict[K, Alarm]:
    read = {
        name: found[path].at("Thresholds/UpperCaution/Reading") for name, path in sensors.items()
    }
    return {
        name: Alarm(sensor=sensors[name], amps=float(amps))
        for name, amps in read.items()
        if isinstance(amps, int | float)
    }
