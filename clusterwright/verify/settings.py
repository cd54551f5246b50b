"""The declared settings of a device, one by one, and the sentence that each of them is."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from clusterwright.access.firmware import FirmwareState

SENTENCES = {
    "power_state": "the node's power state is as declared",
    "boot.target": "the boot source is as declared",
    "boot.enabled": "the boot override lasts as declared",
    "boot.mode": "the boot mode is as declared",
    "supply_temperature_c": "the set point of the supply temperature, °C, is as declared",
    "differential_pressure_kpa": "the set point of the differential pressure, kPa, is as declared",
    "flow_lpm": "the set point of the flow, l/min, is as declared",
    "control_mode": "the control mode is as declared",
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


def settings_of(state: object) -> tuple[str, ...]:
    """Return the paths, as in `Difference.path`, of all settings that a desired state declares."""
    if isinstance(state, FirmwareState):
        return tuple(f"components.{name}" for name in state.components)
    return tuple(_paths(state, ""))


def _paths(value: object, path: str) -> list[str]:
    if is_dataclass(value):
        inner = {field.name: getattr(value, field.name) for field in fields(value)}
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
    if group == "bios":
        return f"BIOS attribute {name} is as declared"
    if group == "staged":
        return f"BIOS attribute {name} stays as declared at the next reset"
    if group == "outlets":
        return f"outlet {name} is as declared"
    if group == "components":
        return f"firmware of {name} is that of the baseline"
    return SENTENCES.get(path, f"{path} is as declared")
