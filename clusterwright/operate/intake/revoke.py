"""The certificates of a device that is gone count no more, whoever gets hold of it."""

from dataclasses import dataclass

from clusterwright.access.authority import open_authority
from clusterwright.access.revocation import revoke
from clusterwright.access.vault import CERTIFICATE, TAKEN_OVER, Vault
from clusterwright.design.plan import SitePlan
from clusterwright.errors import UsageError
from clusterwright.operate.intake.secrets import controller_secrets
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import Secrets

_DAYS = 3650


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """Serial numbers that are on the list now, and sentences about those that are not."""

    serials: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def revoke_certificates(folder: SiteFolder, plan: SitePlan, name: str, secrets: Secrets) -> Revoked:
    """Revoke what the site's CA has signed for the controllers of a device, as the vault knows."""
    ours = [one for one in controller_secrets(plan, name) if TAKEN_OVER in secrets.get(one, {})]
    known = {one: secrets[one].get(CERTIFICATE, "") for one in ours}
    left = [
        f"of {one}: which one it was, the vault does not know; it ends by itself"
        for one, serial in known.items()
        if not serial
    ]
    serials = tuple(serial for serial in known.values() if serial)
    if not serials:
        return Revoked(left=tuple(left))
    try:
        vault = Vault(file=folder.vault, secrets=secrets)
        authority = open_authority(folder.ca_file, vault, valid_days=_DAYS)
        for serial in serials:
            revoke(folder.revoked_file, authority, int(serial, 16))
    except UsageError as error:
        return Revoked(left=(*left, f"revoke {', '.join(serials)} at the CA: {error}"))
    return Revoked(serials=serials, left=tuple(left))
