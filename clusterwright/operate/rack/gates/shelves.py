"""Power shelves: every rectifier has its input, and works."""

from clusterwright.design.plan import PowerShelf
from clusterwright.operate.rack.gates.looking import each, told
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Check, Checks, failed, passed
from clusterwright.verify.measurements import supplies

FED = "every rectifier of the shelf has its line input"
WORKS = "no rectifier of the shelf has failed"


async def look(rack: LiveRack) -> Checks:
    """Ask every shelf for its rectifiers; how many there must be is one of its settings."""
    return await each(told(shelf.name, WORKS, _look(rack, shelf)) for shelf in rack.shelves)


async def _look(rack: LiveRack, shelf: PowerShelf) -> Checks:
    async with rack.site.doors.open(shelf.controller) as client:
        dark, broken = await supplies.without_input(client), await supplies.failed(client)
    count = f"{len(shelf.rectifiers)} rectifiers"
    return (
        _check(shelf, FED, dark, count, "see that its plugs are in, and their breakers closed"),
        _check(
            shelf, WORKS, broken, count, "replace the rectifier; the shelf's log says since when"
        ),
    )


def _check(
    shelf: PowerShelf, sentence: str, wrong: dict[str, str], count: str, remedy: str
) -> Check:
    if not wrong:
        return passed(shelf.name, sentence, count)
    found = ", ".join(f"{name}: {state}" for name, state in sorted(wrong.items()))
    return failed(shelf.name, sentence, found, remedy)
