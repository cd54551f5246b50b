"""What keeps a name from being chosen."""

from collections import Counter
from collections.abc import Iterator

from clusterwright.design.addresses import Addresses
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.model.naming import missing
from clusterwright.model.site import Site

AT = ("pins", "names")


def find_name_problems(site: Site, addresses: Addresses) -> Iterator[Problem]:
    """Yield pins of what has no name by rule, and names that something else has."""
    by_rule = _names(addresses)
    written = _written(site)
    named = Counter(site.pins.names.get(name, name) for name in by_rule)
    for name, chosen in site.pins.names.items():
        path: DefinitionPath = (*AT, name)
        if name in written:
            yield _written_elsewhere(path, name, written[name])
        elif name not in by_rule:
            yield from missing(path, name, "name by rule", tuple(by_rule), replaceable=False)
        elif named[chosen] > 1:
            yield Problem(
                path=path,
                value=chosen,
                rule=f"{chosen} is the name of something else, too, but a name means one thing: "
                f"choose another one, or write {name}, which it has by rule",
                remedy=((path, name),),
            )


def _written_elsewhere(path: DefinitionPath, name: str, where: str) -> Problem:
    return Problem(
        path=path,
        value=name,
        rule=f"{name} is not named by rule, but in {where}: rename it there, and leave this out",
    )


def _written(site: Site) -> dict[str, str]:
    """Return names that the operator has given, and where."""
    hosts = {host.name: "management" for host in site.management}
    cdus = {cdu.name for loop in site.facility.cooling.loops for cdu in loop.cdus}
    return {**hosts, **dict.fromkeys(cdus, "facility.cooling")}


def _names(addresses: Addresses) -> dict[str, None]:
    """Return the name by rule of everything that has an address; a BMC goes by its host's."""
    found = dict.fromkeys(addresses.inband)
    return {**found, **{n: None for n in addresses.oob if n.removesuffix("-bmc") not in found}}
