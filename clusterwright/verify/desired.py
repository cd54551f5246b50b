"""What the plan wants each device to be, in the states of `access`."""

from clusterwright.access import firmware, node, os_install, platform, rack_power
from clusterwright.access.controller_state import ControllerState
from clusterwright.access.guard import Guard
from clusterwright.design import plan as planned
from clusterwright.render.answer import render_answer
from clusterwright.site_folder import SiteFolder


def node_state(wanted: planned.Node, delivered: planned.Hardware | None = None) -> node.NodeState:
    """Whoever knows what was delivered compares the serial number as well."""
    return node.NodeState(
        power_state="On",
        boot=node.BootState(
            target=wanted.boot.target, enabled=wanted.boot.enabled, mode=wanted.boot.mode
        ),
        bios={attribute.name: attribute.value for attribute in wanted.bios},
        serial=delivered.serial if delivered else None,
    )


def outlets_state(wanted: planned.Pdu) -> rack_power.OutletsState:
    """Every outlet in use is on, whatever else the PDU holds."""
    return rack_power.OutletsState(outlets={outlet.number: "On" for outlet in wanted.outlets})


def order_of(
    folder: SiteFolder, plan: planned.SitePlan, wanted: planned.Installation
) -> os_install.Order:
    answer = render_answer(wanted)
    return os_install.Order(
        host=wanted.host,
        address=str(wanted.address),
        user=plan.software.ssh_user,
        method=wanted.method,
        image=folder.path / wanted.image.file,
        sha256=wanted.image.sha256,
        answer_name=answer.name,
        answer=answer.text,
        boot_menu=answer.boot_menu,
        digest=answer.digest,
        again=wanted.again,
    )


def platform_state(wanted: planned.Platform) -> platform.PlatformState:
    return platform.PlatformState(
        secure_boot=wanted.secure_boot,
        boot_order=wanted.boot_order,
        restore_policy=wanted.restore_policy,
        power_limit_watts=wanted.power_limit_watts,
    )


def firmware_state(wanted: planned.FirmwareBaseline) -> firmware.FirmwareState:
    return firmware.FirmwareState(
        components={
            one.name: firmware.Component(
                version=one.version, image=one.image, activation=one.activation, order=one.order
            )
            for one in wanted.components
        },
        downgrade=wanted.downgrade,
    )


def controller_state(
    policy: planned.ControllerPolicy, controller: planned.Controller
) -> ControllerState:
    return ControllerState(
        rotation=policy.rotation,
        password_days=policy.password_days,
        certificate_days=policy.renew_days,
        hostname=controller.name,
        dhcp=policy.dhcp,
        prefix_length=None if policy.dhcp else policy.prefix_length,
        gateway=None if policy.dhcp else str(policy.gateway),
        vlan=policy.vlan,
        ntp_servers=policy.time_servers,
    )


def guard_of(site: planned.SitePlan, *, in_service: bool) -> Guard:
    """What may disrupt a device of the site now."""
    return Guard(in_service=in_service, allowed=frozenset(map(str, site.maintenance.allow)))


def in_service(wanted: planned.Node) -> bool:
    return wanted.service_state is planned.ServiceState.IN_SERVICE
