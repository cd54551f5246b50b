"""How a lab begins: as a loading dock, or with the devices of its racks commissioned."""

import secrets

from clusterwright.catalogue import Catalogue
from clusterwright.design.plan import SitePlan
from clusterwright.lab.authority import issue, make_ca, sign_itself
from clusterwright.lab.delivered import record_of
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.pdu import PduMemory
from clusterwright.lab.instance import Lab
from clusterwright.lab.passwords import (
    controllers,
    factory_credentials,
    make_passwords,
    write_private,
)
from clusterwright.record_file import change_record
from clusterwright.vault_file import Secrets, write_vault


def make_dock(lab: Lab, plan: SitePlan) -> None:
    """Let devices be as they are delivered: nobody has met a controller, every outlet is off."""
    _make_vault(lab, {})
    make_passwords(lab, plan, of_device=True)
    lab.certificates.mkdir(mode=0o700)
    for controller in controllers(plan):
        sign_itself(controller.name, controller.address, into=lab.certificates)
    for pdu in plan.pdus:
        off = {str(number): True for number in range(1, pdu.outlet_count + 1)}
        Memory(lab.devices / f"{pdu.name}.json", PduMemory()).update(off=off)


def make_commissioned(lab: Lab, plan: SitePlan, catalogue: Catalogue) -> None:
    """Let all be done that intake and first contact are for; outlets are on, nodes are off."""
    make_passwords(lab, plan, of_device=False)
    record = record_of(plan, catalogue)
    change_record(lab.folder.record, lambda _: record)
    logins = {
        secret: {"username": username, "password": password}
        for secret, (username, password) in factory_credentials(lab, plan).items()
    }
    _make_vault(lab, logins)
    for controller in controllers(plan):
        issue(lab.authority, controller.name, controller.address, into=lab.certificates)


def _make_vault(lab: Lab, logins: Secrets) -> None:
    """Make the site's CA, whose key is in the vault with the logins."""
    write_private(lab.passphrase_file, secrets.token_urlsafe(32))
    lab.folder.ca_file.write_bytes(make_ca(lab.authority).read_bytes())
    signing = {"ca": {"private_key": (lab.authority / "ca.key").read_text()}}
    write_vault(lab.folder.vault, {**logins, **signing}, lab.passphrase_file)
