"""Which lab a command is about."""

from pathlib import Path
from typing import Annotated

import typer

from clusterwright.lab.instance import Lab, find_lab
from clusterwright.load import load_site
from clusterwright.site_folder import find_site

Site = Annotated[
    str, typer.Option("--site", help="Name of the site, or the path of its definition.")
]


def named_lab(site: str) -> Lab:
    """Return the lab, found without its definition where a name is given: that may be broken."""
    if is_path(site):
        return find_lab(load_site(find_site(site)).site.site)
    lab = find_lab(site)
    if not lab.leftovers():
        find_site(site)
    return lab


def is_path(site: str) -> bool:
    """Whether somebody gave a path where a name could stand."""
    return "/" in site or Path(site).is_file()
