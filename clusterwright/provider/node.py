"""Node: power, boot source and BIOS attributes of a GPU server, through its BMC."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from clusterwright.access import node as access
from clusterwright.access.bios_registry import Scalar
from clusterwright.access.guard import POWER_CYCLE, RESET
from clusterwright.access.node import BootState, NodeState
from clusterwright.provider.coolant import CoolantInputs, coolant_of
from clusterwright.provider.device import Translation, device_kind
from clusterwright.provider.disruption import told
from clusterwright.provider.inputs import DeviceInputs, Inputs, one_of
from clusterwright.provider.site import Site


class BootInputs(Inputs):
    """The boot override, in Redfish's words."""

    target: str = Field(min_length=1)
    enabled: Annotated[str, one_of("Disabled", "Once", "Continuous")]
    mode: Annotated[str, one_of("UEFI", "Legacy")]


class NodeInputs(DeviceInputs):
    """A GPU server as its BMC shall hold it."""

    power_state: Annotated[str, one_of("On", "Off")]
    boot: BootInputs
    bios: dict[str, Scalar]
    """BIOS attributes under the names that the server's vendor gives them."""

    serial: str | None = None
    """Serial number of the server that was delivered; another one is left as it is."""

    coolant: dict[str, CoolantInputs] = Field(default_factory=dict)
    """What cools it, by loop: where none of these flows, it is not switched on."""


def _desired(inputs: NodeInputs) -> NodeState:
    boot = BootState(**inputs.boot.model_dump())
    return NodeState(
        power_state=inputs.power_state, boot=boot, bios=inputs.bios, serial=inputs.serial
    )


def _live(inputs: NodeInputs, actual: NodeState) -> NodeInputs:
    managed = {name: actual.bios[name] for name in inputs.bios if name in actual.bios}
    found = {"power_state": actual.power_state, "boot": _boot(actual), "bios": managed}
    return inputs.model_copy(update={**found, "serial": actual.serial})


def _imported(address: str, secret: str, actual: NodeState) -> NodeInputs:
    return NodeInputs(
        address=address,
        secret=secret,
        power_state=actual.power_state,
        boot=_boot(actual),
        bios=dict(actual.bios),
        serial=actual.serial,
    )


def _boot(actual: NodeState) -> BootInputs:
    boot = actual.boot
    return BootInputs(target=boot.target, enabled=boot.enabled, mode=boot.mode)


def _means(site: Site, inputs: NodeInputs) -> Mapping[str, Any]:
    coolant = coolant_of(site, inputs.coolant)
    return {"coolant": coolant} if coolant else {}


def _consequence(inputs: NodeInputs, changed: frozenset[str]) -> str:
    sentences = []
    if "bios" in changed:
        sentences.append(told(inputs, RESET, "a changed BIOS attribute needs a reset"))
    if "powerState" in changed and inputs.power_state == "Off":
        sentences.append(told(inputs, POWER_CYCLE, "powering off stops its host"))
    return "; ".join(sentences)


NODE = device_kind(
    type_name="clusterwright:facility:Node",
    model=NodeInputs,
    access=access,
    translation=Translation(desired=_desired, live=_live, imported=_imported),
    consequence=_consequence,
    means=_means,
)
