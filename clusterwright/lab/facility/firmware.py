"""What runs on a device's components, what is staged, and what makes staged images run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from clusterwright.lab.facility.controller_memory import ControllerMemory
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.journal import Journal
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.tree import ROOT, Body, Tree

INVENTORY = f"{ROOT}/UpdateService/FirmwareInventory"
RESET, MANAGER, AUX, AC = "reset", "manager", "aux", "ac"
_ACTIVATES: Mapping[str, frozenset[str]] = {
    RESET: frozenset({RESET}),
    MANAGER: frozenset({MANAGER}),
    AUX: frozenset({RESET, MANAGER, AUX}),
    AC: frozenset({RESET, MANAGER, AUX, AC}),
}
"""An event, and the components for which it is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Something with firmware of its own. `activation` is the least that makes a new one run."""

    name: str
    activation: str
    factory: str = "1.0.0"
    related: str = ""


class Firmware:
    """The components of one device."""

    def __init__(
        self, memory: Memory[ControllerMemory], journal: Journal, components: Iterable[Component]
    ) -> None:
        self._memory, self._journal = memory, journal
        self.components = {component.name: component for component in components}
        self._tree: Tree | None = None
        self.reverts = False
        """Whether a new image fails its first start, and the old one runs again."""

    def version(self, name: str) -> str:
        """Return what runs."""
        return self._memory.state.firmware.get(name, self.components[name].factory)

    def stage(self, name: str, version: str) -> None:
        """Keep an image until something activates it."""
        self._memory.update(staged={**self._memory.state.staged, name: version})
        if self._tree:
            self._place_staged(self._tree, name)

    def activate(self, event: str) -> None:
        """Start the staged images for which this event is enough."""
        enough = _ACTIVATES[event]
        staged = self._memory.state.staged
        ready = {n: v for n, v in staged.items() if self.components[n].activation in enough}
        if not ready:
            return
        left = {name: version for name, version in staged.items() if name not in ready}
        for name, version in ready.items():
            self._tell(name, version)
            if self._tree:
                self._tree.remove(f"{INVENTORY}/{name}-staged")
        if self.reverts:
            ready = {}
        self._memory.update(firmware={**self._memory.state.firmware, **ready}, staged=left)

    def _tell(self, name: str, version: str) -> None:
        origin = f"{INVENTORY}/{name}"
        if self.reverts:
            text = f"{name} {version} did not start: {self.version(name)} runs again"
            self._journal.write("Critical", "ResourceErrorsDetected", text, origin=origin)
        else:
            text = f"{name} {version} runs"
            self._journal.write("OK", "ResourceChanged", text, origin=origin)

    def place(self, tree: Tree) -> None:
        """Place FirmwareInventory."""
        self._tree = tree
        tree.add_collection(INVENTORY, "SoftwareInventory", "Firmware Inventory")
        for name in self.components:
            tree.add(f"{INVENTORY}/{name}", partial(self._running, name))
        for name in self._memory.state.staged:
            self._place_staged(tree, name)

    def _place_staged(self, tree: Tree, name: str) -> None:
        def shown() -> Body:
            version = self._memory.state.staged[name]
            return self._image(f"{name}-staged", name, version, staged=True)

        tree.add(f"{INVENTORY}/{name}-staged", shown)

    def _running(self, name: str) -> Body:
        return self._image(name, name, self.version(name), staged=False)

    def _image(self, number: str, name: str, version: str, *, staged: bool) -> Body:
        component = self.components[name]
        related = [link(component.related)] if component.related else []
        return {
            "@odata.type": "#SoftwareInventory.v1_13_0.SoftwareInventory",
            "Id": number,
            "Name": f"{name} image{' that waits' if staged else ''}",
            "Version": version,
            "SoftwareId": name,
            "Updateable": not staged,
            "Staged": staged,
            "Status": healthy("StandbySpare" if staged else "Enabled"),
            "RelatedItem": related,
            "RelatedItem@odata.count": len(related),
        }
