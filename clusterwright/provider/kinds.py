"""The table of resource kinds: what is not here does not exist."""

from collections.abc import Mapping
from typing import Any

from clusterwright.provider.controller import CONTROLLER
from clusterwright.provider.cooling_loop import COOLING_LOOP
from clusterwright.provider.firmware import FIRMWARE
from clusterwright.provider.kind import Kind
from clusterwright.provider.leak_policy import LEAK_POLICY
from clusterwright.provider.node import NODE
from clusterwright.provider.os_install import OS_INSTALL
from clusterwright.provider.platform import PLATFORM
from clusterwright.provider.playbook_run import PLAYBOOK_RUN
from clusterwright.provider.power_shelf import POWER_SHELF
from clusterwright.provider.rack_power import RACK_POWER

KINDS: Mapping[str, Kind[Any]] = {
    kind.type_name: kind
    for kind in (
        NODE,
        COOLING_LOOP,
        RACK_POWER,
        POWER_SHELF,
        LEAK_POLICY,
        FIRMWARE,
        PLATFORM,
        OS_INSTALL,
        PLAYBOOK_RUN,
        CONTROLLER,
    )
}
