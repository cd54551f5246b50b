"""What an exchange means for everybody who knew the old device: done already, or still to do."""

from collections.abc import Iterator, Mapping

from clusterwright.design.plan import SitePlan
from clusterwright.model.record import DeviceRecord
from clusterwright.operate.intake.replace import Replacement


def done(replacement: Replacement) -> Iterator[str]:
    """Yield what this run has done."""
    name, kind = replacement.match.place.name, replacement.match.place.kind
    if not replacement.is_new:
        yield f"nothing: {replacement.after.serial} stands at {name} already"
        return
    before = replacement.before.serial if replacement.before else "an unknown device"
    yield f"record: {replacement.after.serial} stands at {name} in place of {before}"
    yield "secrets: the old device's passwords are dropped from the vault"
    for serial in replacement.revoked.serials:
        yield f"certificates: {serial} of the old device is revoked (ca.crl.pem)"
    if replacement.match.item.password:
        yield f"secrets: the factory password of the new one is factory/{name}"
    if replacement.host_keys:
        yield f"SSH: {replacement.host_keys} of the old device's host keys are dropped"
    if kind == "node":
        yield f"service: {name} is new again, and no job may run on it"
    if kind == "cdu":
        yield "coolant: what was signed off for the racks of its circuit is open again"


def to_do(site: str, plan: SitePlan, replacement: Replacement) -> Iterator[str]:
    """Yield what others must learn, in the order in which it is best done."""
    if not replacement.is_new:
        return
    place, before = replacement.match.place, replacement.before
    yield (
        "DHCP: dhcp/kea-dhcp4.conf is written anew: load it into the server; all other files: "
        f"clusterwright plan {site}"
    )
    yield from _fabric(place.kind, before, replacement.after)
    yield from (f"certificates: {sentence}" for sentence in replacement.revoked.left)
    installed = {one.host for one in plan.installations}
    hosts = (one for one in plan.hosts if one.name == place.name not in installed)
    for host in (*hosts, *(one for one in plan.switches if one.name == place.name)):
        yield (
            f"SSH: nobody installs {host.name} here: once its system runs, write its host key into "
            f"known_hosts (ssh-keyscan {host.address}, compared with its console)"
        )
    if place.kind == "switch":
        links = sum(place.name in (link.a.device, link.b.device) for link in plan.links)
        yield f"switch: load its configuration; its {links} links are those of the old one"
    if place.kind == "node":
        yield f"scheduler: keep {place.name} drained until it is in service again"
    yield f"bring it up and prove it: clusterwright rack {site} {place.rack}"
    yield f"settings: clusterwright up {site} --rack {place.rack}"


def _fabric(kind: str, before: DeviceRecord | None, after: DeviceRecord) -> Iterator[str]:
    """Yield the GUIDs that a subnet manager, its partitions and its topology file must learn."""
    old: Mapping[str, str] = before.guids if before else {}
    for port in sorted({*old, *after.guids}):
        was, now = old.get(port), after.guids.get(port)
        if was and now and was != now:
            yield f"subnet manager: in partitions and topology, {was} of port {port} becomes {now}"
        elif was and not now:
            yield (
                f"subnet manager: {was} of port {port} is gone from partitions and topology; the "
                "manifest does not give the new GUID"
            )
        elif now and not was:
            yield f"subnet manager: {now} of port {port} joins the partitions of its name"
    if kind == "node" and not old and not after.guids:
        yield "subnet manager: no GUID is known, old or new: compare its partitions by hand"
