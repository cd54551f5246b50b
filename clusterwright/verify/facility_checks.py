"""Does the facility work as planned: what controllers, CDUs and PDUs measure and say."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish.walk import from_root
from clusterwright.design.plan import Controller, CoolingLoop, Node, Pdu, SitePlan
from clusterwright.errors import DeviceError, DeviceRefusedLogin, DeviceUntrusted
from clusterwright.verify import measurements
from clusterwright.verify.comparison import kind_of, narrow
from clusterwright.verify.devices import Connect, at_once
from clusterwright.verify.report import Finding, Report, Unproven, join_reports
from clusterwright.verify.scope import FACILITY, loops_in, nodes_in, pdus_in

ANSWERS = "the controller answers, with a certificate of the site's CA and the vault's login"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One sentence, the value that makes it true, and how to look."""

    sentence: str
    expected: object
    look: Callable[[Redfish], Awaitable[object]]
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device with all that is checked of it."""

    subject: str
    controller: Controller
    probes: tuple[Probe, ...]


async def check_facility(plan: SitePlan, rack: str | None, connect: Connect) -> Report:
    """Make every check of every device of the facility that should be there."""
    devices = (
        *(_node(node) for node in nodes_in(plan, rack)),
        *(_board(board) for node in nodes_in(plan, rack) for board in node.board_controllers),
        *(_loop(loop) for loop in loops_in(plan, rack)),
        *(_pdu(pdu) for pdu in pdus_in(plan, rack)),
    )
    reports = await at_once(partial(_check, plan.site, device, connect) for device in devices)
    return join_reports(plan.site, reports)


def _node(node: Node) -> Device:
    inputs = {supply.name: measurements.INPUT_NORMAL for supply in node.power_supplies}
    feeds = ", ".join(sorted({supply.pdu for supply in node.power_supplies}))
    power = Probe(
        sentence="the node is powered on",
        expected="On",
        look=measurements.power_state,
        remedy="run clusterwright up {site}",
    )
    supplies = Probe(
        sentence="every power supply has its line input",
        expected=inputs,
        look=measurements.line_inputs,
        remedy=f"see that its outlets of {feeds} are on, and its cords plugged",
    )
    probes = (power, supplies) if inputs else (power,)
    return Device(subject=node.name, controller=node.controller, probes=probes)


def _board(controller: Controller) -> Device:
    """What it controls is seen from the host; of itself it only has to answer."""
    return Device(subject=controller.name, controller=controller, probes=())


def _loop(loop: CoolingLoop) -> Device:
    wanted = (
        ("supply temperature", "SupplyTemperatureCelsius", loop.supply_temperature_c, "°C"),
        ("differential pressure", "DeltaPressurekPa", loop.differential_pressure_kpa, "kPa"),
        ("flow", "FlowLitersPerMinute", loop.flow_lpm, "l/min"),
    )
    near = (
        _near(name, sensor, set_point, unit)
        for name, sensor, set_point, unit in wanted
        if set_point is not None
    )
    return Device(subject=loop.cdu, controller=loop.controller, probes=(*near, _NO_LEAK))


def _near(name: str, sensor: str, set_point: float, unit: str) -> Probe:
    tolerance = measurements.tolerance_of(set_point, unit)
    wanted = f"{set_point:g} ± {tolerance:g} {unit}"

    async def look(client: Redfish) -> str:
        value = await measurements.measured(client, sensor)
        return wanted if abs(value - set_point) <= tolerance else f"{value:g} {unit}"

    return Probe(
        sentence=f"the measured {name} is near its set point",
        expected=wanted,
        look=look,
        remedy="see what clusterwright drift {site} says of the set point; where it holds, see "
        "the CDU's pumps, valves and facility water",
    )


async def _leaking(client: Redfish) -> dict[str, str]:
    found = await measurements.leaks(client)
    return {name: state for name, state in found.items() if state != measurements.NO_LEAK}


_NO_LEAK = Probe(
    sentence="no detector of the CDU reports a leak",
    expected={},
    look=_leaking,
    remedy="find the leak and close it, before anything else",
)


def _pdu(pdu: Pdu) -> Device:
    planned = {f"outlet {outlet.number}": "On" for outlet in pdu.outlets}
    outlets = Probe(
        sentence="every outlet in use is on",
        expected=planned,
        look=partial(measurements.outlets, numbers=tuple(outlet.number for outlet in pdu.outlets)),
        remedy="run clusterwright up {site}",
    )
    return Device(subject=pdu.name, controller=pdu.controller, probes=(outlets,) if planned else ())


async def _check(site: str, device: Device, connect: Connect) -> Report:
    try:
        async with connect(device.controller) as client:
            await from_root(client, "Chassis")
            answers = Report(site=site, passes={FACILITY: 1})
            verdicts = [await _verdict(site, device, probe, client) for probe in device.probes]
    except (DeviceUntrusted, DeviceRefusedLogin) as error:
        return join_reports(
            site, (_refused(site, device, error), _unproven_all(site, device, error))
        )
    except DeviceError as error:
        return join_reports(
            site, (_unproven(site, device, ANSWERS, error), _unproven_all(site, device, error))
        )
    return join_reports(site, (answers, *verdicts))


async def _verdict(site: str, device: Device, probe: Probe, client: Redfish) -> Report:
    try:
        actual = await probe.look(client)
    except DeviceError as error:
        return _unproven(site, device, probe.sentence, error)
    if actual == probe.expected:
        return Report(site=site, passes={FACILITY: 1})
    expected_text, actual_text = narrow(probe.expected, actual)
    finding = Finding(
        layer=FACILITY,
        subject=device.subject,
        kind=kind_of(probe.expected, actual),
        check=probe.sentence,
        expected=expected_text,
        actual=actual_text,
        remedy=probe.remedy.format(site=site),
    )
    return Report(site=site, passes={}, findings=(finding,))


def _refused(site: str, device: Device, error: DeviceError) -> Report:
    finding = Finding(
        layer=FACILITY,
        subject=device.subject,
        kind=kind_of(ANSWERS, str(error)),
        check=ANSWERS,
        expected="a certificate of the site's CA, and the login of the site's vault",
        actual=str(error),
        remedy="give the controller its certificate, or the vault its login",
    )
    return Report(site=site, passes={}, findings=(finding,))


def _unproven(site: str, device: Device, sentence: str, error: Exception) -> Report:
    unproven = Unproven(layer=FACILITY, subject=device.subject, check=sentence, reason=str(error))
    return Report(site=site, passes={}, unproven=(unproven,))


def _unproven_all(site: str, device: Device, error: DeviceError) -> Report:
    return join_reports(
        site, (_unproven(site, device, probe.sentence, error) for probe in device.probes)
    )
