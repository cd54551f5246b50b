"""What somebody does to a device behind our back, so that the next run has something to do."""

import json
from collections.abc import Callable

from tests.lab.bad_luck import RESET, remembered
from tests.lab.conftest import STORE, Instance
from tests.lab.test_lab_lifecycle import wait_until
from tests.lab.test_verify_drift import OUTLET, SET_POINT, SYSTEM, change_bios

Change = Callable[[Instance, str], None]
ATTRIBUTE = "Above4gDecoding"
AIR, LIQUID, CDU, PDU = "su1-n1", "su1-n2", "cdu1", "r1-pdu-a"


def switch_off(site: Instance, node: str) -> None:
    site.redfish(node, "POST", RESET, {"ResetType": "ForceOff"})
    goes_off(site, node)


def goes_off(site: Instance, node: str) -> None:
    assert wait_until(lambda: site.redfish(node, "GET", SYSTEM)["PowerState"] == "Off")


def cooled_goes_off(site: Instance, _cdu: str) -> None:
    goes_off(site, LIQUID)


def other_set_point(site: Instance, cdu: str) -> None:
    site.redfish(cdu, "PATCH", SET_POINT, {"SetPoint": 27.0})


def outlet_off(site: Instance, pdu: str) -> None:
    site.redfish(pdu, "POST", OUTLET, {"PowerState": "Off"})


def other_bios(site: Instance, node: str) -> None:
    change_bios(site, node, ATTRIBUTE, "Disabled")


def older_firmware(site: Instance, node: str) -> None:
    """Somebody goes back to an older BIOS; the store has that of the baseline."""
    image = {"model": "dgx-h100", "components": {"BIOS": "0.9.0"}}
    (site.lab.firmware / "older.fwpkg").write_text(json.dumps(image))
    service = "/redfish/v1/UpdateService"
    older = {"ImageURI": f"{STORE}/older.fwpkg", "TransferProtocol": "HTTP"}
    site.redfish(node, "POST", f"{service}/Actions/UpdateService.SimpleUpdate", older)
    assert wait_until(lambda: "BIOS" in remembered(site, f"{node}.controller")["staged"])
    site.redfish(node, "POST", RESET, {"ResetType": "ForceRestart"})
    bios = f"{service}/FirmwareInventory/BIOS"
    assert wait_until(lambda: site.redfish(node, "GET", bios)["Version"] == "0.9.0")
