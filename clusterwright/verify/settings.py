"""The declared settings of a device, one by one, and the sentence that each of them is."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from clusterwright.access.firmware import FirmwareState

SENTENCES = {
    "serial": "the server is the one that was delivered for its place",
    "power_state": "the node's power state is as declared",
    "boot.target": "the boot source is as declared",
    "boot.enabled": "the boot override lasts as declared",
    "boot.mode": "the boot mode is as declared",
    "supply_temperature_c": "the set point of the supply temperature, °C, is as declared",
    "differential_pressure_kpa": "the set point of the differential pressure, kPa, is as declared",
    "flow_lpm": "the set point of the flow, l/min, is as declared",
    "control_mode": "the control mode is as declared",
    "unit": "the CDU is enabled as declared",
    "pumps": "as many pumps are enabled as declared",
    "reaction": "the reaction to a leak is armed as declared",
    "delay_s": "the reaction to a leak waits as long as declared",
    "blind": "every leak detector sees",
    "supplies": "as many rectifiers are there as declared",
    "needed": "as many rectifiers are needed as declared",
    "capacity_watts": "the shelf gives as many watts as declared",
    "secure_boot": "Secure Boot is as declared",
    "boot_order": "the boot order is as declared",
    "restore_policy": "what the server does when its power comes back is as declared",
    "power_limit_watts": "the power limit, W, is as declared",
    "password": "the vault's password opens the controller",
    "rotation": "the controller's password is of the declared rotation",
    "password_days": "the controller's password is not too old",
    "certificate": "the controller's certificate is of the site's CA",
    "certificate_days": "the controller's certificate does not end soon",
    "hostname": "the controller's name is as planned",
    "dhcp": "the controller gets its address as declared",
    "prefix_length": "the length of the controller's prefix is as planned",
    "gateway": "the controller's gateway is as planned",
    "vlan": "the controller's VLAN is as declared",
    "ntp_servers": "the controller's time servers are as declared",
}
_OF_ONE = {
    "bios": "BIOS attribute {} is as declared",
    "staged": "BIOS attribute {} stays as declared at the next reset",
    "outlets": "outlet {} is as declared",
    "delays_s": "outlet {} comes on after the declared delay",
    "branch_alarms_amps": "branch {} warns at the declared current",
    "outlet_alarms_amps": "outlet {} warns at the declared current",
    "valves": "the valve of {} is as declared",
    "components": "firmware of {} is that of the baseline",
    "outputs": "output {} is as declared",
}
_TOLD = {"leaking", "staged"}
"""What a device says of itself; nobody declares it."""


def settings_of(state: object) -> tuple[str, ...]:
    """Return the paths, as in `Difference.path`, of all settings that a desired state declares."""
    if isinstance(state, FirmwareState):
        return tuple(f"components.{name}" for name in state.components)
    return tuple(_paths(state, ""))


def _paths(value: object, path: str) -> list[str]:
    if is_dataclass(value):
        names = [field.name for field in fields(value) if field.name not in _TOLD]
        inner = {name: getattr(value, name) for name in names}
    elif isinstance(value, Mapping):
        inner = {str(key): item for key, item in value.items()}
    else:
        return [path] if value is not None else []
    return [
        found
        for name, item in inner.items()
        for found in _paths(item, f"{path}.{name}" if path else name)
    ]


def sentence_of(path: str) -> str:
    """Return the check that a setting is, as a sentence."""
    group, _, name = path.partition(".")
    if group in _OF_ONE:
        return _OF_ONE[group].format(name)
    return SENTENCES.get(path, f"{path} is as declared")
