"""A rack as its gates see it, behind doors that a test opens."""

from collections.abc import Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

from clusterwright.design.plan import SitePlan
from clusterwright.operate.rack.doors import Doors
from clusterwright.operate.rack.patience import Patience
from clusterwright.operate.rack.site import LiveRack, LiveSite
from clusterwright.site_folder import SiteFolder

HASTE = Patience(inrush_scale=0.0, outlet_s=0.0, cord_s=0.0, loop_s=0.0, poll_s=0.0)


async def _keep(*_: object) -> None:
    """Nothing is written down."""


def live_rack(name: str, plan: SitePlan, behind: Callable[[Any], Any]) -> LiveRack:
    """Return a rack; `behind` gives what a gate talks to that opens a controller."""

    @asynccontextmanager
    async def door(controller: Any):
        yield behind(controller)

    return LiveRack(
        name=name,
        site=LiveSite(
            folder=cast("SiteFolder", None),
            plan=plan,
            doors=cast("Doors", SimpleNamespace(open=door)),
            put_into_service=_keep,
            keep_passed=_keep,
            patience=HASTE,
        ),
    )
