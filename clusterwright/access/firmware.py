"""The firmware of one device: how it gets to its baseline without surprise."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from clusterwright.access.activation import (
    AC,
    AUX,
    MANAGER,
    SYSTEM,
    AcCycle,
    Host,
    Power,
    activate,
    enough,
    is_running,
    permitted,
    server_of,
)
from clusterwright.access.coolant_flow import Coolant
from clusterwright.access.firmware_baseline import (
    Component,
    FirmwareState,
    differences,
    groups,
    impossible,
    is_older,
    version_of,
)
from clusterwright.access.firmware_inventory import Inventory, read_inventory, transfer
from clusterwright.access.guard import Difference, Guard, Outcome
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.settle import watch
from clusterwright.access.unrest import wait_until_quiet
from clusterwright.errors import DeviceRefused

_FLASH_STANDS_STILL_S = 900.0
"""How long a transfer or a flash may stay at one percentage."""

__all__ = ["Component", "FirmwareState", "apply", "differences", "is_older", "read"]


async def read(client: Redfish, desired: FirmwareState | None = None) -> FirmwareState:
    """Return what runs and what waits, of the components that `desired` names, or of all."""
    return _state(await read_inventory(client), desired)


async def apply(  # noqa: PLR0913 - the device, what it shall be, and what may be done for that
    client: Redfish,
    desired: FirmwareState,
    guard: Guard,
    *,
    ac_cycle: AcCycle | None = None,
    coolant: Coolant | None = None,
    host: Host | None = None,
    deadline_s: float = 1800.0,
) -> Outcome[FirmwareState]:
    """Bring the device to the baseline, group after group, as far as `guard` permits.

    A transfer that an interrupted run has left is waited for first: it is not begun again. Without
    `ac_cycle`, images that need their line input cut stay pending; without the `host` that it is
    in, so do those of a board that need more than its own restart. A server is switched on again
    only where its `coolant` flows.

    Raises:
        DeviceRefused: the device has no such component, a version would go down, an image has
            another version than declared, or a new version does not stay.
    """
    actual = await read(client, desired)
    if not _to_do(desired, actual):
        return Outcome(state=actual)
    if problems := impossible(desired, actual):
        raise DeviceRefused(f"{client.name}: {'; '.join(problems)}")
    update = _Update(
        client=client,
        desired=desired,
        guard=guard,
        power=Power(ac_cycle=ac_cycle, coolant=coolant, host=host),
        deadline_s=deadline_s,
    )
    await update.quiet()
    for group in groups(desired):
        await update.stage(group)
        await update.make_run(group)
        actual = await update.look()
        if update.wrong(actual, group):
            break
    pending = tuple(replace(d, pending=True) for d in differences(desired, actual, guard))
    return Outcome(state=actual, pending=pending)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Update:
    """One run towards a baseline."""

    client: Redfish
    desired: FirmwareState
    guard: Guard
    power: Power
    deadline_s: float

    async def look(self) -> FirmwareState:
        return await read(self.client, self.desired)

    async def quiet(self) -> None:
        """Wait until the device is at nothing any more."""
        await wait_until_quiet(
            self.client, deadline_s=self.deadline_s, stands_still_s=_FLASH_STANDS_STILL_S
        )

    def wrong(self, state: FirmwareState, names: Collection[str]) -> list[str]:
        return [n for n in names if version_of(state, n) != self.desired.components[n].version]

    async def stage(self, group: Collection[str]) -> None:
        """Let the device fetch what is neither running nor waiting, one image after the other."""
        for name in group:
            inventory = await read_inventory(self.client)
            component, state = self.desired.components[name], _state(inventory, self.desired)
            if state.staged.get(name, version_of(state, name)) == component.version:
                continue
            await transfer(self.client, inventory, name, component.image)
            found = (await self.look()).staged.get(name, component.version)
            if found != component.version:
                raise DeviceRefused(
                    f"{self.client.name}: firmware of {name}: {component.image} holds version "
                    f"{found}, but {component.version} is declared; correct the one or the other"
                )

    async def make_run(self, group: Collection[str]) -> None:
        """Activate what may be activated now, and prove that it runs."""
        inventory = await read_inventory(self.client)
        before = _state(inventory, self.desired)
        async with server_of(self.client, self.power) as server:
            running = await is_running(server)
        ready: dict[str, list[str]] = {}
        for name in self.wrong(before, group):
            activation = self.desired.components[name].activation
            if self._may(activation, running=running):
                ready.setdefault(activation, []).append(name)
        for event in enough(ready):
            await activate(self.client, event, inventory, ready[event], self.power)
        if ready:
            await self._prove(before, [name for names in ready.values() for name in names])

    def _may(self, activation: str, *, running: bool) -> bool:
        # A server that is off takes new images when it is switched on, which is not ours to do.
        possible = {
            MANAGER: True,
            SYSTEM: running,
            AUX: running,
            AC: self.power.ac_cycle is not None,
        }[activation]
        return possible and permitted(self.guard, activation)

    async def _prove(self, before: FirmwareState, names: Collection[str]) -> None:
        """Whatever was staged, is not any more and does not run has been given up by the device."""

        def starting(state: FirmwareState) -> tuple[Difference, ...]:
            late = {n for n in names if n in state.staged or n not in before.staged}
            return tuple(
                d for d in differences(self.desired, state) if d.path.partition(".")[2] in late
            )

        await watch(self.look, starting, deadline_s=self.deadline_s, waiting=self.client.waiting)
        await self.quiet()
        state = await self.look()
        if failed := self.wrong(state, names):
            each = ", ".join(self._failure(name, state) for name in failed)
            raise DeviceRefused(
                f"{self.client.name}: {each}; look into the device's log, and run the same "
                f"command again"
            )

    def _failure(self, name: str, state: FirmwareState) -> str:
        wanted, runs = self.desired.components[name].version, version_of(state, name)
        if name in state.staged:
            return f"firmware of {name}: {wanted} still waits after its activation, and {runs} runs"
        return f"firmware of {name}: {wanted} was started and did not stay: {runs} runs again"


def _to_do(desired: FirmwareState, actual: FirmwareState) -> bool:
    """A wrong image that waits behind our back would run after the next reset."""
    wrong = any(version != desired.components[n].version for n, version in actual.staged.items())
    return wrong or bool(differences(desired, actual))


def _state(inventory: Inventory, desired: FirmwareState | None) -> FirmwareState:
    names = inventory.running.keys() if desired is None else desired.components.keys()
    return FirmwareState(
        components={
            name: Component(version=inventory.running[name].version)
            for name in names
            if name in inventory.running
        },
        staged={name: version for name, version in inventory.staged.items() if name in names},
    )
