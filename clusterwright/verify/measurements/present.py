"""What a device ought to show, and may not."""

from clusterwright.access.redfish.field import Resource
from clusterwright.errors import DeviceRefused


def present(resource: Resource, path: str) -> str:
    """Return a path that is there.

    Raises:
        DeviceRefused: it is empty.
    """
    if not path:
        raise DeviceRefused(
            f"{resource.device}: {resource.path}: it does not show what is asked here; "
            f"update the device's firmware"
        )
    return path
