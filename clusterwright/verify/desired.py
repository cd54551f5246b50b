"""What the plan wants each device to be, in the states of `access`."""

from clusterwright.access import cooling_loop, firmware, node, platform, rack_power
from clusterwright.access.controller_state import ControllerState
from clusterwright.access.guard import Guard
from clusterwright.design import plan as planned


def node_state(wanted: planned.Node) -> node.NodeState:
    return node.NodeState(
        power_state="On",
        boot=node.BootState(
            target=wanted.boot.target, enabled=wanted.boot.enabled, mode=wanted.boot.mode
        ),
        bios={attribute.name: attribute.value for attribute in wanted.bios},
    )


def loop_state(wanted: planned.CoolingLoop) -> cooling_loop.LoopState:
    return cooling_loop.LoopState(
        supply_temperature_c=wanted.supply_temperature_c,
        differential_pressure_kpa=wanted.differential_pressure_kpa,
        flow_lpm=wanted.flow_lpm,
        control_mode=wanted.control_mode,
    )


def outlets_state(wanted: planned.Pdu) -> rack_power.OutletsState:
    return rack_power.OutletsState(outlets={outlet.number: "On" for outlet in wanted.outlets})


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
