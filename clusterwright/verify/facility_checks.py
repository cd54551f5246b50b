"""Does the facility work as planned: what controllers, CDUs and PDUs measure and say."""

from functools import partial

from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish.walk import from_root
from clusterwright.design.plan import SitePlan
from clusterwright.errors import DeviceError, DeviceRefusedLogin, DeviceTooOld, DeviceUntrusted
from clusterwright.verify.comparison import kind_of, narrow
from clusterwright.verify.cords import check_cords
from clusterwright.verify.devices import Connect, at_once
from clusterwright.verify.probes import (
    Device,
    Probe,
    board_device,
    loop_device,
    node_device,
    pdu_device,
    shelf_device,
)
from clusterwright.verify.report import Finding, Report, Unproven, join_reports
from clusterwright.verify.scope import FACILITY, loops_in, nodes_in, pdus_in, shelves_in

ANSWERS = "the controller answers, with a certificate of the site's CA and the vault's login"


async def check_facility(plan: SitePlan, rack: str | None, connect: Connect) -> Report:
    """Make every check of every device of the facility that should be there."""
    wet = {name for loop in plan.loops for name in loop.cooled}
    devices = (
        *(node_device(node, wet=node.name in wet) for node in nodes_in(plan, rack)),
        *(board_device(board) for node in nodes_in(plan, rack) for board in node.board_controllers),
        *(loop_device(loop) for loop in loops_in(plan, rack)),
        *(pdu_device(pdu) for pdu in pdus_in(plan, rack)),
        *(shelf_device(shelf) for shelf in shelves_in(plan, rack)),
    )
    reports = await at_once(partial(_check, plan.site, device, connect) for device in devices)
    return join_reports(plan.site, (*reports, await check_cords(plan, rack, connect)))


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
        remedy=_remedy(error),
    )
    return Report(site=site, passes={}, findings=(finding,))


def _remedy(error: DeviceError) -> str:
    if isinstance(error, DeviceTooOld):
        return "update the controller's firmware by hand: over a TLS that old, no login is sent"
    if isinstance(error, DeviceRefusedLogin):
        return "give the vault the controller's login"
    return "give the controller a certificate of the site's CA"


def _unproven(site: str, device: Device, sentence: str, error: Exception) -> Report:
    unproven = Unproven(layer=FACILITY, subject=device.subject, check=sentence, reason=str(error))
    return Report(site=site, passes={}, unproven=(unproven,))


def _unproven_all(site: str, device: Device, error: DeviceError) -> Report:
    return join_reports(
        site, (_unproven(site, device, probe.sentence, error) for probe in device.probes)
    )
