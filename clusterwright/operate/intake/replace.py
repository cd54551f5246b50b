"""A device that takes the place of another: its name, ports, outlets and addresses are the old."""

from dataclasses import dataclass, field
from pathlib import Path

from clusterwright.design.plan import SitePlan
from clusterwright.errors import UsageError
from clusterwright.model.record import DeviceRecord, NodeRecord, Record
from clusterwright.operate.intake.conflicts import find_doubles_inside, find_known
from clusterwright.operate.intake.host_keys import forget_host
from clusterwright.operate.intake.item import Complaint, Item
from clusterwright.operate.intake.learnt import with_devices
from clusterwright.operate.intake.match import Match
from clusterwright.operate.intake.models import Models, list_models
from clusterwright.operate.intake.places import Place, Places, list_places
from clusterwright.operate.intake.revoke import Revoked, revoke_certificates
from clusterwright.operate.intake.secrets import with_logins, without_old
from clusterwright.operate.intake.take_in import (
    Manifest,
    Understood,
    forget_secrets,
    read_manifest,
    refuse,
)
from clusterwright.record_file import change_record
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import change_vault, read_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What has been exchanged; `before` is None where the record knew of nothing there."""

    match: Match
    before: DeviceRecord | None
    after: DeviceRecord
    host_keys: int
    """How many lines of known_hosts were the old device's."""
    revoked: Revoked = field(default_factory=Revoked)

    @property
    def is_new(self) -> bool:
        """Whether this run exchanged it; an earlier one may have."""
        return self.before is None or self.before.serial != self.after.serial


def replace_device(
    folder: SiteFolder, plan: SitePlan, manifest: Manifest, name: str
) -> Replacement:
    """Let the one device of a manifest take over `name`; what was the old one's alone is dropped.

    Raises:
        UsageError: there is no such name, the manifest has not one row that fits it, or the node
            is in service.
    """
    places = list_places(plan)
    place = _place(places, name)
    understood = read_manifest(manifest)
    models = list_models(plan, places, manifest.models)
    match = Match(item=_only_row(manifest.file, understood), place=place, by="name")
    known: list[DeviceRecord | None] = []
    forgotten: list[int] = []
    revoked: list[Revoked] = []

    def change(record: Record) -> Record:
        complaints = _complaints(match, models, record)
        refuse(manifest.file, complaints, ())
        known.append(record.devices.get(name))
        is_new = known[0] is None or known[0].serial != match.item.serial
        if is_new and folder.vault.is_file():
            # The vault knows which ones they are, so this comes before they are forgotten there.
            secrets = read_vault(folder.vault)
            revoked.append(revoke_certificates(folder, plan, name, secrets))
        _change_secrets(folder, plan, match, understood, is_new=is_new)
        if is_new:
            forgotten.append(sum(forget_host(folder, one) for one in _hosts(plan, name)))
        return _exchanged(record, plan, match, manifest.file.name) if is_new else record

    after = change_record(folder.record, change).devices[name]
    forget_secrets(understood, (match,))
    return Replacement(
        match=match,
        before=known[0],
        after=after,
        host_keys=sum(forgotten),
        revoked=next(iter(revoked), Revoked()),
    )


def _place(places: Places, name: str) -> Place:
    if name not in places.by_name:
        kinds = "a node, host, storage server, switch, PDU, power shelf or CDU"
        raise UsageError(f"--replace {name}: the plan has nothing of that name: name {kinds} of it")
    return places.by_name[name]


def _only_row(file: Path, understood: Understood) -> Item:
    refuse(file, understood.parsed.complaints, ())
    items = understood.parsed.items
    if len(items) != 1:
        raise UsageError(
            f"{file}: has {len(items)} rows, but --replace takes one device: leave only its row"
        )
    return items[0]


def _complaints(match: Match, models: Models, record: Record) -> list[Complaint]:
    item, name = match.item, match.place.name
    sentences = list(_unfit(match, models))
    if _in_service(record, match):
        sentences.append(
            f"{name} is in service, and jobs may run on it: drain it first: clusterwright drain"
        )
    others = {other: device for other, device in record.devices.items() if other != name}
    elsewhere = find_known((match,), record.model_copy(update={"devices": others}))
    return [
        *(Complaint(line=item.line, sentence=sentence) for sentence in sentences),
        *elsewhere,
        *find_doubles_inside((item,)),
    ]


def _unfit(match: Match, models: Models) -> list[str]:
    item, place = match.item, match.place
    meant = models.meant(item.model) if item.model else (place.model,)
    if place.model in meant:
        return []
    if meant:
        return [
            f"{item.serial} is a {meant[0]}, but {place} is to be a {place.model}: have the right "
            "device delivered, or change the definition"
        ]
    return [
        f"model {item.model} is none that the plan has: say what the plan calls it: "
        f"--model '{item.model}={place.model}'"
    ]


def _in_service(record: Record, match: Match) -> bool:
    state = record.nodes.get(match.place.name, NodeRecord()).state
    known = record.devices.get(match.place.name)
    return state == "in-service" and (known is None or known.serial != match.item.serial)


def _exchanged(record: Record, plan: SitePlan, match: Match, source: str) -> Record:
    """Return the record with the new device; what the old one had proven is open again."""
    name = match.place.name
    # Whoever exchanges a CDU opens its circuit.
    opened = {rack for loop in plan.loops if loop.cdu == name for rack in loop.racks}
    return with_devices(record, (match,), source).model_copy(
        update={
            "nodes": {node: state for node, state in record.nodes.items() if node != name},
            "holes": tuple(hole for hole in record.holes if hole != name),
            "leaving": {other: one for other, one in record.leaving.items() if other != name},
            "sign_offs": {r: gates for r, gates in record.sign_offs.items() if r not in opened},
        }
    )


def _change_secrets(
    folder: SiteFolder, plan: SitePlan, match: Match, understood: Understood, *, is_new: bool
) -> None:
    if folder.vault.is_file() or "password" in understood.columns.fields:
        name, serial = match.place.name, match.item.serial
        change_vault(
            folder.vault,
            lambda secrets: with_logins(
                without_old(secrets, plan, name, serial) if is_new else secrets, (match,)
            ),
        )


def _hosts(plan: SitePlan, name: str) -> list[str]:
    """Return under what a host is known to SSH: its name, and its address."""
    hosts = [*plan.hosts, *plan.storage_servers, *plan.switches]
    return [said for host in hosts if host.name == name for said in (name, str(host.address))]
