"""From the name of a site on the command line to its folder and its plan."""

from dataclasses import dataclass

from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from clusterwright.load import LoadedSite, load_site
from clusterwright.site_folder import SiteFolder, find_site


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSite:
    """A site that loads and can be built."""

    folder: SiteFolder
    loaded: LoadedSite
    """As defined."""
    plan: SitePlan


def open_site(site: str) -> OpenSite:
    """Load and design a site.

    Raises:
        UsageError: there is no such site.
        DefinitionError: its definition does not hold.
    """
    return open_folder(find_site(site))


def open_folder(folder: SiteFolder) -> OpenSite:
    """Load and design the site of a folder.

    Raises:
        DefinitionError: its definition does not hold.
    """
    loaded = load_site(folder)
    return OpenSite(folder=folder, loaded=loaded, plan=design(loaded))
