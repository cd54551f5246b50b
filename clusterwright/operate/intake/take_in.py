"""A manifest into the record and the vault: all of it, or nothing; once, or again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clusterwright.design.plan import SitePlan
from clusterwright.errors import UsageError
from clusterwright.model.record import Record
from clusterwright.operate.intake.clues import Ports
from clusterwright.operate.intake.columns import Columns, understand
from clusterwright.operate.intake.correct import begin_anew, lift
from clusterwright.operate.intake.item import Complaint
from clusterwright.operate.intake.learnt import with_devices
from clusterwright.operate.intake.match import Match, Matcher
from clusterwright.operate.intake.models import list_models
from clusterwright.operate.intake.outcome import Outcome, judge
from clusterwright.operate.intake.parse import Parsed, parse
from clusterwright.operate.intake.places import Place, list_places
from clusterwright.operate.intake.secrets import with_logins
from clusterwright.operate.intake.sheet import Sheet, blank, read_sheet
from clusterwright.record_file import change_record
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import change_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A file and how the operator wants it read.

    `columns` are names of columns by field, `models` the plan's words by the vendor's, `ports` the
    switch ports that MACs were seen at.
    """

    file: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    username: str = ""
    ports: Ports = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A manifest after it was read."""

    sheet: Sheet
    columns: Columns
    parsed: Parsed


def read_manifest(manifest: Manifest) -> Understood:
    """Read a manifest.

    Raises:
        UsageError: it cannot be read, or its columns cannot be told apart.
    """
    sheet = read_sheet(manifest.file, manifest.columns)
    columns = understand(sheet.header, manifest.columns)
    return Understood(sheet=sheet, columns=columns, parsed=parse(sheet, columns, manifest.username))


def take_in(
    folder: SiteFolder,
    plan: SitePlan,
    manifest: Manifest,
    *,
    partial: bool = False,
    correct: bool = False,
) -> Outcome:
    """Let the record learn what was delivered, then keep no secret in the file.

    Where something is wrong, nothing is written; with `partial`, all is that is right. With
    `correct`, devices are where the manifest says, and not where the record has them.

    Raises:
        UsageError: the manifest or a row of it is wrong, or something is still to come.
    """
    understood = read_manifest(manifest)
    places = list_places(plan)
    models = list_models(plan, places, manifest.models)
    outcomes: list[Outcome] = []

    def change(before: Record) -> Record:
        items = understood.parsed.items
        record = lift(before, items, manifest.ports) if correct else before
        matcher = Matcher(places=places, models=models, record=record, ports=manifest.ports)
        outcome = judge(understood.parsed, matcher, before)
        if not partial:
            refuse(manifest.file, outcome.complaints, () if correct else outcome.to_come)
        if correct or "password" in understood.columns.fields:
            _keep_logins(folder, outcome.matches)
        outcomes.append(outcome)
        matched = {match.item.serial for match in outcome.matches}
        kept = _without(before, matched) if correct else before
        learnt = with_devices(kept, outcome.matches, manifest.file.name, before)
        return begin_anew(before, learnt) if correct else learnt

    change_record(folder.record, change)
    forget_secrets(understood, outcomes[0].matches)
    return outcomes[0]


def refuse(file: Path, complaints: Sequence[Complaint], to_come: Sequence[Place]) -> None:
    """Say everything that is wrong with a manifest at once, a sentence each."""
    said = said_of(file, complaints, to_come)
    if said:
        raise UsageError("\n".join(said))


def said_of(file: Path, complaints: Sequence[Complaint], to_come: Sequence[Place]) -> list[str]:
    """Return a sentence for each complaint and for each place that stays empty."""
    return [
        *(complaint.about(str(file)) for complaint in complaints),
        *(
            f"{file}: {place} is planned as a {place.model}, but not delivered: add its row, or "
            "take in what is there with --partial"
            for place in to_come
        ),
    ]


def _keep_logins(folder: SiteFolder, matches: Sequence[Match]) -> None:
    """Write the factory logins into the vault, which need not be there before the first."""
    if folder.vault.is_file() or any(match.item.password for match in matches):
        change_vault(folder.vault, lambda secrets: with_logins(secrets, matches))


def _without(record: Record, serials: set[str]) -> Record:
    devices = {name: one for name, one in record.devices.items() if one.serial not in serials}
    return record.model_copy(update={"devices": devices})


def forget_secrets(understood: Understood, matches: Sequence[Match]) -> None:
    """Take the passwords that the vault has out of the file."""
    column = understood.columns.fields.get("password")
    if column is not None:
        blank(understood.sheet, column, [match.item.line for match in matches])
