"""What is checked of a power shelf."""

from clusterwright.design.plan import PowerShelf
from clusterwright.verify.measurements import supplies
from clusterwright.verify.probes.probe import Device, Probe


def shelf_device(shelf: PowerShelf) -> Device:
    """Return the checks of a power shelf."""
    fed = Probe(
        sentence="every rectifier of the shelf has its line input",
        expected={},
        look=supplies.without_input,
        remedy="see that its plugs are in, and their breakers closed",
    )
    works = Probe(
        sentence="no rectifier of the shelf has failed",
        expected={},
        look=supplies.failed,
        remedy="replace the rectifier",
    )
    return Device(subject=shelf.name, controller=shelf.controller, probes=(fed, works))
