"""From the name of a site to its plan and to where it is live."""

import os

from clusterwright.cli.site import OpenSite, open_folder, open_site
from clusterwright.errors import OperationError
from clusterwright.lab.instance import find_lab


def enter_site(site: str) -> OpenSite:
    """Open a site to work on it live; an emulated one from within its lab's network.

    Raises:
        OperationError: the site is emulated, and its lab is not up.
    """
    opened = open_site(site)
    if not opened.plan.emulated:
        return opened
    lab = find_lab(opened.plan)
    lab.enter()
    os.environ.update(lab.environment())
    return open_folder(lab.folder)


def open_live(site: str) -> OpenSite:
    """Open a site where its record and secrets lie; an emulated one in its lab's folder.

    Raises:
        OperationError: the site is emulated, and has no lab.
    """
    opened = open_site(site)
    if not opened.plan.emulated:
        return opened
    lab = find_lab(opened.plan)
    if lab.is_up():
        lab.require_up()
    if not lab.folder.definition.exists():
        raise OperationError(
            f"lab {lab.site}: is not up; bring it up with: clusterwright lab up --site {site}"
        )
    os.environ.update(lab.environment())
    return open_folder(lab.folder)
