"""Faults of a CDU: pumps, filters, water, leaks."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from clusterwright.lab.facility.faults.fault import Fault, Undo, at_once
from clusterwright.lab.facility.hydraulics import CLEAN_FILTER_KPA, CLOGGED_FILTER_KPA

if TYPE_CHECKING:
    from clusterwright.lab.facility.serve import Facility

CDU = frozenset({"cdu"})
WARM_WATER_C = 45.0


def _pumps_lost(count: int) -> Callable[["Facility", str], Callable[[], None]]:
    def inject(facility: "Facility", subject: str) -> Callable[[], None]:
        cdu = facility.site.cdus[subject]
        cdu.fail_pumps(*cdu.pumps[:count])
        return cdu.fail_pumps

    return inject


def _warm(facility: "Facility", subject: str) -> Callable[[], None]:
    cdu = facility.site.cdus[subject]
    before_c, cdu.primary_supply_c = cdu.primary_supply_c, WARM_WATER_C

    def undo() -> None:
        cdu.primary_supply_c = before_c

    return undo


def _clogged(facility: "Facility", subject: str) -> Callable[[], None]:
    cdu = facility.site.cdus[subject]
    cdu.filter_kpa = CLOGGED_FILTER_KPA

    def undo() -> None:
        cdu.filter_kpa = CLEAN_FILTER_KPA

    return undo


async def _leak(facility: "Facility", subject: str) -> Undo:
    detector = facility.site.cdus[subject].leak
    detector.find(leak=True)

    async def undo() -> None:
        detector.find(leak=False)

    return undo


FAULTS = (
    Fault(
        name="pump-lost",
        about="One pump fails: the flow holds, the spare is gone.",
        kinds=CDU,
        inject=at_once(_pumps_lost(1)),
    ),
    Fault(
        name="pumps-lost",
        about="Two pumps fail: coolant stands still where there were two.",
        kinds=CDU,
        inject=at_once(_pumps_lost(2)),
    ),
    Fault(name="leak", about="Coolant drips into the CDU's tray.", kinds=CDU, inject=_leak),
    Fault(
        name="supply-warm",
        about="The facility's water comes too warm to cool the loop.",
        kinds=CDU,
        inject=at_once(_warm),
    ),
    Fault(
        name="filter-clogged",
        about="The filter takes the pressure that the loop needs.",
        kinds=CDU,
        inject=at_once(_clogged),
    ),
)
