"""From a site's folder to something that racks can be brought up on."""

from functools import partial

from clusterwright.design.plan import SitePlan
from clusterwright.operate.rack.delivered import Recorded
from clusterwright.operate.rack.doors import HTTPS, Doors
from clusterwright.operate.rack.patience import Patience
from clusterwright.operate.rack.site import LiveSite
from clusterwright.site_folder import SiteFolder
from clusterwright.verify.facility_drift import Declared, declared_devices


def open_live_site(
    folder: SiteFolder,
    plan: SitePlan,
    recorded: Recorded,
    patience: Patience | None = None,
    *,
    port: int = HTTPS,
) -> LiveSite:
    """Open the vault; no device is contacted.

    Raises:
        UsageError: there is no vault, or nothing that opens it.
    """
    declared: dict[str, list[Declared]] = {}
    for one in declared_devices(plan):
        declared.setdefault(one.subject, []).append(one)
    return LiveSite(
        folder=folder,
        plan=plan,
        recorded=recorded,
        doors=Doors(folder, port=port),
        put_into_service=partial(_put_into_service, folder),
        patience=patience or Patience(),
        declared={subject: tuple(devices) for subject, devices in declared.items()},
    )


async def _put_into_service(folder: SiteFolder, nodes: list[str]) -> None:
    raise NotImplementedError
