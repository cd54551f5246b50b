"""What nobody can say of the cables: transceivers and reaches that the catalogue has not."""

from collections.abc import Iterator, Sequence

from clusterwright.catalogue import Catalogue
from clusterwright.design.cabling.cage import mixed_cages
from clusterwright.design.cabling.fit import Fit, is_splitter
from clusterwright.design.cabling.run import Run
from clusterwright.design.cabling.socket import Socket
from clusterwright.design.plan import Unproven


def find_unproven(
    runs: Sequence[Run], cables: Sequence[str], fits: Sequence[Fit], catalogue: Catalogue
) -> Iterator[Unproven]:
    """Yield each kind of cable with ends that the catalogue leaves open, and shared cages."""
    kinds = dict(zip(fits, cables, strict=True))
    unknown = {
        (cable, fit.unknown): None
        for fit, cable in kinds.items()
        if fit.unknown and not _goes_without_saying(cable, fit.unknown, catalogue)
    }
    reaches = {(cable, optic): None for fit, cable in kinds.items() for optic in fit.reach_unknown}
    yield from (_unknown(cable, socket) for cable, socket in unknown)
    yield from (_reach(cable, optic) for cable, optic in reaches)
    yield from _split_beside_whole(runs, cables, catalogue)


def _goes_without_saying(cable: str, socket: Socket, catalogue: Catalogue) -> bool:
    """Ports for management are RJ45, and at a panel somebody else's fibres begin."""
    kinds = (catalogue.servers, catalogue.switches, catalogue.storage)
    if catalogue.cables[cable].medium == "twisted-pair":
        return True
    return not any(socket.model in kind for kind in kinds)


def _unknown(cable: str, socket: Socket) -> Unproven:
    return Unproven(
        subject=f"cable {cable}",
        check=f"it fits the ports of {socket.model}",
        reason=f"the catalogue does not say which connector {socket.model} has",
    )


def _reach(cable: str, optic: str) -> Unproven:
    return Unproven(
        subject=f"cable {cable}",
        check="every link is within its reach",
        reason=f"the catalogue has no reach_m of {optic}",
    )


def _split_beside_whole(
    runs: Sequence[Run], cables: Sequence[str], catalogue: Catalogue
) -> Iterator[Unproven]:
    """NVIDIA wants both fibres of a twin-port transceiver alike, and mixes them in its own BOM."""
    known = {name: catalogue.cables[name] for name in set(cables)}
    split = {name for name, cable in known.items() if cable.transceivers and is_splitter(cable)}
    if not split:
        return
    kinds = ["split" if cable in split else "whole" for cable in cables]
    mixed = {cage for cage, *_ in mixed_cages(runs, kinds)}
    if mixed:
        device, cage = min(mixed)
        yield Unproven(
            subject=f"{len(mixed)} cages, such as {cage} of {device}",
            check="both fibres of a twin-port transceiver are straight or both split",
            reason="a splitter shares the transceiver with a straight fibre: ask its maker",
        )
