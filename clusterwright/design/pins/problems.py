"""Pins of what there is not, and names and addresses that cannot be chosen."""

from collections.abc import Iterator

from clusterwright.design.addresses import Addresses
from clusterwright.design.pins.addresses import find_address_problems
from clusterwright.design.pins.names import find_name_problems
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite


def find_problems(loaded: LoadedSite, addresses: Addresses) -> Iterator[Problem]:
    """Yield every pin that cannot be."""
    if loaded.site.pins.names:
        yield from find_name_problems(loaded.site, addresses)
    if loaded.site.pins.addresses:
        yield from find_address_problems(loaded.site, addresses)
