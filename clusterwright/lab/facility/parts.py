"""What a controller is made of besides its service: firmware, updates, certificates."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from clusterwright.lab.facility.certificates import Certificates
from clusterwright.lab.facility.firmware import Component, Firmware
from clusterwright.lab.facility.service import Service
from clusterwright.lab.facility.updates import Updates


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """`manager_firmware` is the name of the component that the controller itself runs."""

    firmware: Firmware
    updates: Updates
    certificates: Certificates
    manager_firmware: str


def parts_of(  # noqa: PLR0913
    service: Service,
    components: Iterable[Component],
    *,
    model: str,
    manager_firmware: str,
    delivered: Path,
    transfer_s: float,
) -> Parts:
    """Return the parts; `delivered` is the certificate that the device came with."""
    firmware = Firmware(service.memory, service.journal, components)

    def shown() -> Path:
        return service.store.installed[0] if service.store.installed else delivered

    return Parts(
        firmware=firmware,
        updates=Updates(firmware, service.tasks, model=model, transfer_s=transfer_s),
        certificates=Certificates(
            service.store, shown=shown, replaced=service.tell_certificate_changed
        ),
        manager_firmware=manager_firmware,
    )
