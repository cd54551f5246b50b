"""What the definition asks of controllers, of servers of a model, and of firmware."""

from clusterwright.design.addresses import Addresses, board_name
from clusterwright.design.plan import (
    Controller,
    ControllerPolicy,
    FirmwareBaseline,
    FirmwareComponent,
    Platform,
)
from clusterwright.design.seats import Seat
from clusterwright.load import LoadedSite
from clusterwright.model.servers import Firmware


def plan_boards(seat: Seat, addresses: Addresses) -> tuple[Controller, ...]:
    """Return the controllers that a node has besides its BMC."""
    return tuple(
        Controller(
            name=(name := board_name(seat.name, role)),
            address=addresses.oob[name],
            secret=f"{role}/{seat.name}",
            model=model,
        )
        for role, model in seat.server.controllers.items()
    )


def plan_policy(loaded: LoadedSite) -> ControllerPolicy | None:
    """Return what every controller of the site holds."""
    asked, prefix = loaded.site.controllers, loaded.site.fabrics.oob.prefix
    if asked is None:
        return None
    return ControllerPolicy(
        dhcp=asked.network.assignment == "dhcp",
        prefix_length=prefix.prefixlen,
        gateway=prefix.network_address + 1,
        vlan=asked.network.vlan,
        time_servers=asked.time_servers,
        rotation=asked.passwords.rotation,
        password_days=asked.passwords.at_most_days,
        valid_days=asked.certificates.valid_days,
        renew_days=asked.certificates.renew_days,
    )


def plan_platforms(loaded: LoadedSite) -> tuple[Platform, ...]:
    """Return the settings of every model that has any besides BIOS attributes."""
    platforms = (
        Platform(
            model=name,
            secure_boot=one.secure_boot,
            boot_order=one.boot_order,
            restore_policy=one.restore_policy,
            power_limit_watts=None
            if one.power_limit_kw is None
            else round(one.power_limit_kw * 1e3),
            tpm=one.tpm,
        )
        for name, one in sorted(loaded.site.servers.items())
    )
    return tuple(one for one in platforms if one != _nothing(one.model))


def plan_firmware(loaded: LoadedSite) -> tuple[FirmwareBaseline, ...]:
    """Return the baseline of every model that has one."""
    firmware = loaded.site.firmware
    return tuple(
        FirmwareBaseline(
            model=name,
            downgrade=baseline.downgrade,
            components=tuple(
                FirmwareComponent(
                    name=component,
                    version=one.version,
                    image=_location(firmware, one.image),
                    activation=one.activation,
                    order=one.order,
                )
                for component, one in sorted(baseline.components.items())
            ),
        )
        for name, baseline in sorted(firmware.models.items())
    )


def _nothing(model: str) -> Platform:
    return Platform(
        model=model,
        secure_boot=None,
        boot_order=None,
        restore_policy=None,
        power_limit_watts=None,
    )


def _location(firmware: Firmware, image: str) -> str:
    if "://" in image or firmware.store is None:
        return image
    return f"{firmware.store.rstrip('/')}/{image}"
