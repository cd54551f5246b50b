"""Settings and firmware of models: for a model that there is, with values that can be."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from clusterwright.catalogue import Catalogue
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.model.controllers import Controllers
from clusterwright.model.naming import missing
from clusterwright.model.servers import Firmware, ServerSettings
from clusterwright.model.site import Site


def find_server_problems(site: Site, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield every model that there is not, and every value that no device could hold."""
    for name, settings in site.servers.items():
        yield from _settings(("servers", name), name, settings, catalogue)
    yield from _firmware(site.firmware, catalogue)
    yield from _by_hand(site)
    if site.controllers:
        yield from _certificates(site.controllers)


def _settings(
    at: DefinitionPath, name: str, settings: ServerSettings, catalogue: Catalogue
) -> Iterator[Problem]:
    yield from missing(at, name, "server model", catalogue.servers, replaceable=False)
    server, limit_kw = catalogue.servers.get(name), settings.power_limit_kw
    most_watts = server.power_max_watts if server else None
    if limit_kw and most_watts and limit_kw * 1000 > most_watts:
        path = (*at, "power_limit_kw")
        yield Problem(
            path=path,
            value=f"{limit_kw:g}",
            rule=f"{limit_kw:g} kW limits nothing, because a {name} draws at most "
            f"{most_watts / 1000:g} kW: use at most {most_watts / 1000:g}, or leave it out",
            remedy=((path, f"{most_watts / 1000:g}"),),
        )
    order = settings.boot_order or ()
    for k, option in enumerate(order):
        if option in order[:k]:
            yield Problem(
                path=(*at, "boot_order", k),
                value=option,
                rule=f"{option} is in the boot order already: name every option once",
            )


def _firmware(firmware: Firmware, catalogue: Catalogue) -> Iterator[Problem]:
    known = _models(catalogue)
    if firmware.store is not None:
        path = ("firmware", "store")
        yield from _address(path, firmware.store, "the store of firmware")
    for name, baseline in firmware.models.items():
        at: DefinitionPath = ("firmware", "models", name)
        yield from missing(at, name, "model of a device", known, replaceable=False)
        for component, image in baseline.components.items():
            place = (*at, "components", component, "image")
            if "://" in image.image:
                yield from _address(place, image.image, f"the image of {component}")
            elif firmware.store is None:
                yield Problem(
                    path=place,
                    value=image.image,
                    rule=f"{image.image} is a file, and firmware.store does not say where files "
                    "lie: give the store's address there, or the whole address here",
                )


def _by_hand(site: Site) -> Iterator[Problem]:
    """Yield settings and firmware of servers that stand here, but none of them as a node."""
    nodes = {group.server for unit in site.compute for group in unit.groups}
    others = {host.server for host in site.management} | {one.model for one in site.storage}
    asked: tuple[tuple[DefinitionPath, str, Iterable[str]], ...] = (
        (("servers",), "settings", site.servers),
        (("firmware", "models"), "firmware", site.firmware.models),
    )
    for at, what, names in asked:
        for name in names:
            if name in others - nodes:
                yield Problem(
                    path=(*at, name),
                    value=name,
                    rule=f"the {what} of a {name} would reach nobody, because only nodes are set "
                    "up through their BMC, and none of these is one: take it out, set them up by "
                    "hand",
                )


def _models(catalogue: Catalogue) -> Mapping[str, object]:
    return {
        **catalogue.servers,
        **catalogue.cdus,
        **catalogue.pdus,
        **catalogue.power_shelves,
        **{
            model: model for one in catalogue.servers.values() for model in one.controllers.values()
        },
    }


def _address(path: DefinitionPath, value: str, what: str) -> Iterator[Problem]:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        yield Problem(
            path=path,
            value=value,
            rule=f"{value} is no address of {what}: write one that begins with https:// or http://",
        )
    elif "@" in parts.netloc:
        without = value.replace(parts.netloc, parts.netloc.rpartition("@")[2], 1)
        yield Problem(
            path=path,
            value=value,
            rule=f"the address of {what} has a user name in it, and everybody can read a "
            f"definition: let it be fetched without, as {without}",
            remedy=((path, without),),
        )


def _certificates(controllers: Controllers) -> Iterator[Problem]:
    one = controllers.certificates
    if one.renew_days >= one.valid_days:
        path = ("controllers", "certificates", "renew_days")
        half = max(1, one.valid_days // 2)
        helps = half < one.valid_days
        yield Problem(
            path=path,
            value=str(one.renew_days),
            rule=f"a certificate that is valid for {one.valid_days} days would be renewed "
            f"{one.renew_days} days before its end, which is at once: "
            + (f"use {half}" if helps else "let certificates be valid for 2 days or more"),
            remedy=((path, str(half)),)
            if helps
            else ((("controllers", "certificates", "valid_days"), str(one.renew_days + 1)),),
        )
