"""From a site's folder to something that racks can be brought up on."""

from collections.abc import Mapping
from functools import partial

from clusterwright.access.gathered import Gathered
from clusterwright.design.plan import SitePlan
from clusterwright.model.record import NodeRecord, PassedGate, Record
from clusterwright.operate.rack.doors import HTTPS, Doors
from clusterwright.operate.rack.patience import Patience
from clusterwright.operate.rack.site import LiveSite
from clusterwright.record_file import change_record, read_record
from clusterwright.site_folder import SiteFolder
from clusterwright.verify.declared import Declared
from clusterwright.verify.delivered import expected_servers
from clusterwright.verify.facility_drift import declared_devices


def open_live_site(
    folder: SiteFolder, plan: SitePlan, patience: Patience | None = None, *, port: int = HTTPS
) -> LiveSite:
    """Open vault and record; no device is contacted.

    Raises:
        UsageError: there is no vault, or nothing that opens it.
        DefinitionError: the record is wrong.
    """
    record = read_record(folder.record)
    written = Gathered[Record](partial(change_record, folder.record))
    declared: dict[str, list[Declared]] = {}
    doors = Doors(folder, port=port)
    for one in declared_devices(plan, lambda controller: doors.vault.made(controller.secret)):
        declared.setdefault(one.subject, []).append(one)
    return LiveSite(
        folder=folder,
        plan=plan,
        doors=doors,
        put_into_service=partial(_put_into_service, written),
        keep_passed=partial(_keep_passed, written),
        patience=patience or Patience(),
        declared={subject: tuple(devices) for subject, devices in declared.items()},
        expected=expected_servers(plan),
        fingerprints=plan.fingerprints(),
        sign_offs=record.sign_offs,
        passed_gates=record.passed_gates,
        serials={one.name: one.serial for one in plan.hardware},
    )


async def _put_into_service(written: Gathered[Record], nodes: list[str]) -> None:
    def change(record: Record) -> Record:
        there = {name: NodeRecord(state="in-service") for name in nodes}
        return record.model_copy(update={"nodes": {**record.nodes, **there}})

    await written.change(change)


async def _keep_passed(
    written: Gathered[Record], rack: str, gates: Mapping[str, PassedGate]
) -> None:
    def change(record: Record) -> Record:
        known = {**record.passed_gates, rack: dict(gates)}
        there = {name: passed for name, passed in known.items() if passed}
        return record.model_copy(update={"passed_gates": there})

    await written.change(change)
