"""What the record learns of a delivery."""

from collections.abc import Sequence

from clusterwright.model.record import DeviceRecord, Record
from clusterwright.operate.intake.match import Match


def with_devices(record: Record, matches: Sequence[Match], source: str) -> Record:
    """Return the record with what was matched; what it knows already and no row says stays."""
    devices = dict(record.devices)
    for match in matches:
        devices[match.place.name] = _learnt(record, match, source)
    return record.model_copy(update={"devices": devices})


def _learnt(record: Record, match: Match, source: str) -> DeviceRecord:
    item, known = match.item, record.devices.get(match.place.name)
    new = DeviceRecord(
        serial=item.serial,
        model=item.model,
        macs=dict(item.macs),
        guids=dict(item.guids),
        fingerprint=item.fingerprint,
        source=source,
    )
    if known is None:
        return new
    if known.serial != item.serial:
        return new.model_copy(update={"former_serials": (*known.former_serials, known.serial)})
    same = known.model_copy(
        update={
            "model": item.model or known.model,
            "macs": {**known.macs, **item.macs},
            "guids": {**known.guids, **item.guids},
            "fingerprint": item.fingerprint or known.fingerprint,
        }
    )
    # Which file said it first stays, unless there is something new.
    return known if same == known else same.model_copy(update={"source": source})
