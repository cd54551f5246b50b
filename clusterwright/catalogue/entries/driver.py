"""Driver releases."""

from pydantic import PositiveInt

from clusterwright.catalogue.entries.base import Entry, Figures


class DriverPackage(Figures):
    """A Debian package of a driver release."""

    name: str
    version: str


class DriverRelease(Entry):
    """A driver release: all packages that a GPU node holds, each at its exact version."""

    branch: PositiveInt
    packages: tuple[DriverPackage, ...]
