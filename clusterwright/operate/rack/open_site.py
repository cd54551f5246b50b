"""From a site's folder to something that racks can be brought up on."""

from clusterwright.design.plan import SitePlan
from clusterwright.operate.rack.delivered import Recorded
from clusterwright.operate.rack.doors import HTTPS, Doors
from clusterwright.operate.rack.patience import Patience
from clusterwright.operate.rack.site import LiveSite
from clusterwright.site_folder import SiteFolder


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
    return LiveSite(
        folder=folder,
        plan=plan,
        recorded=recorded,
        doors=Doors(folder, port=port),
        patience=patience or Patience(),
    )
