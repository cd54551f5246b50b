"""Faults of the cables between controllers and their switches."""

from typing import TYPE_CHECKING

from clusterwright.lab.facility.faults.fault import Fault, Undo

if TYPE_CHECKING:
    from clusterwright.lab.facility.serve import Facility


async def _swapped(facility: "Facility", subject: str) -> Undo:
    network, other = facility.network, _beside(facility, subject)
    if network is None:
        raise TypeError(f"{subject}: hangs on no switch")
    await network.swap(subject, other)

    async def undo() -> None:
        await network.swap(subject, other)

    return undo


def _beside(facility: "Facility", subject: str) -> str:
    return facility.network.beside(subject) if facility.network else ""


FAULTS = (
    Fault(
        name="port-swapped",
        about="The server's controller and the one of the next switch port have each other's port.",
        kinds=frozenset({"bmc"}),
        inject=_swapped,
        fits=lambda facility, subject: bool(_beside(facility, subject)),
    ),
)
