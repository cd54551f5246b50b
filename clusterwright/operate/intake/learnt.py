"""What the record learns of a delivery."""

from collections.abc import Sequence

from clusterwright.model.record import DeviceRecord, Record
from clusterwright.operate.intake.match import Match


def with_devices(
    record: Record, matches: Sequence[Match], source: str, before: Record | None = None
) -> Record:
    """Return the record with what was matched; what it knows already and no row says stays.

    `before` knows devices that `record` no longer has, because they stand elsewhere.
    """
    known = {one.serial: one for one in (before or record).devices.values()}
    devices = dict(record.devices)
    for match in matches:
        there = record.devices.get(match.place.name)
        new = _learnt(match, known.get(match.item.serial), source)
        devices[match.place.name] = new
        if there and there.serial != new.serial:
            former = (*there.former_serials, there.serial)
            devices[match.place.name] = new.model_copy(update={"former_serials": former})
    return record.model_copy(update={"devices": devices})


def _learnt(match: Match, known: DeviceRecord | None, source: str) -> DeviceRecord:
    item = match.item
    if known is None:
        return DeviceRecord(
            serial=item.serial,
            model=item.model,
            macs=dict(item.macs),
            guids=dict(item.guids),
            fingerprint=item.fingerprint,
            source=source,
        )
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
