"""The two questions about a live site: does it work as planned, and do its settings still hold."""

import asyncio
from collections.abc import Coroutine

from clusterwright.access.vault import open_vault
from clusterwright.design.plan import SitePlan
from clusterwright.site_folder import SiteFolder
from clusterwright.verify.devices import Connect, connector
from clusterwright.verify.facility_checks import check_facility
from clusterwright.verify.facility_drift import facility_drift
from clusterwright.verify.host_checks import check_hosts
from clusterwright.verify.host_drift import host_drift
from clusterwright.verify.identity_checks import check_identities
from clusterwright.verify.report import Report, join_reports
from clusterwright.verify.scope import FACILITY, check_rack, layers_of
from clusterwright.verify.system_drift import system_drift

Comparison = Coroutine[None, None, Report]


async def verify(
    folder: SiteFolder, plan: SitePlan, rack: str | None = None, layer: str | None = None
) -> Report:
    """Compare what the site does with the plan; `rack` and `layer` narrow it."""
    check_rack(plan, rack)

    def compare(chosen: str) -> Comparison:
        if chosen == FACILITY:
            # Opened before anything runs: without a passphrase, nothing is to be cancelled.
            return _facility(plan, rack, connector(folder))
        return check_hosts(folder, plan, rack)

    return await _joined(plan.site, [compare(chosen) for chosen in layers_of(layer)])


async def _facility(plan: SitePlan, rack: str | None, connect: Connect) -> Report:
    return join_reports(
        plan.site,
        await asyncio.gather(
            check_facility(plan, rack, connect), check_identities(plan, rack, connect)
        ),
    )


async def drift(folder: SiteFolder, plan: SitePlan, layer: str | None = None) -> Report:
    """Compare the settings that the plan declares with the live ones; `layer` narrows it."""

    def compare(chosen: str) -> Comparison:
        if chosen == FACILITY:
            vault = open_vault(folder.vault)
            return facility_drift(plan, connector(folder, vault), lambda c: vault.made(c.secret))
        return _joined(plan.site, [system_drift(folder, plan), host_drift(folder, plan)])

    return await _joined(plan.site, [compare(chosen) for chosen in layers_of(layer)])


async def _joined(site: str, comparisons: list[Comparison]) -> Report:
    return join_reports(site, await asyncio.gather(*comparisons))
