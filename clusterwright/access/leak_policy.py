"""What a device does by itself when it finds a leak, faster than anybody could tell it to.

There is no request that pretends a leak: an armed reaction is proven by wetting a detector, or by
`clusterwright lab fault inject` in the lab. What can be read is whether every detector sees, and is
armed.
"""

from dataclasses import dataclass, replace

from clusterwright.access import interlock
from clusterwright.access.guard import Difference, Guard, Outcome
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members
from clusterwright.access.settle import settle
from clusterwright.errors import DeviceRefused

REACTIONS = ("None", "GracefulShutdown", "ForceOff")
"""From nothing to the harshest; a CDU stops and closes its valve for both of the last."""
_BLIND = frozenset({"Unavailable", "Absent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakState:
    """The reaction of every detector, and how long it waits; where they differ, all are listed.

    `blind` detectors see nothing, `leaking` ones see a leak; a desired state has neither.
    """

    reaction: str
    delay_s: str
    blind: tuple[str, ...] = ()
    leaking: tuple[str, ...] = ()


class _Chassis(Resource):
    detectors = Link("LeakDetectors")


class _Detector(Resource):
    id = Field("Id", str)
    state = Field("DetectorState", str, "")
    enabled: Field[bool] = Field("Enabled", bool, True)  # noqa: FBT003 - the default of the field
    reaction = Field("CriticalReactionType", str, "")
    delay_s: Field[int] = Field("ReactionDelaySeconds", int, 0)


def policy(reaction: str, delay_s: int = 0) -> LeakState:
    """Return the state of a device that reacts so after that time."""
    return LeakState(reaction=reaction, delay_s=str(delay_s))


async def read(client: Redfish, desired: LeakState | None = None) -> LeakState:  # noqa: ARG001
    """Return what all the device's detectors together are set to, and what they see."""
    return _state(await _detectors(client))


def differences(
    desired: LeakState, actual: LeakState, guard: Guard | None = None
) -> tuple[Difference, ...]:
    """Compare; what the interlock holds back is pending."""
    found = []
    for path in ("reaction", "delay_s"):
        wanted, there = getattr(desired, path), getattr(actual, path)
        if wanted != there:
            held = interlock.holds(guard) and _endangers(desired, actual)
            remedy = interlock.REMEDY if held else "run clusterwright up"
            found.append(
                Difference(path=path, expected=wanted, actual=there, pending=held, remedy=remedy)
            )
    if actual.blind:
        found.append(
            Difference(
                path="blind",
                expected="no detector",
                actual=", ".join(actual.blind),
                remedy="enable or replace the detector: a leak there would not be found",
            )
        )
    return tuple(found)


async def apply(
    client: Redfish, desired: LeakState, guard: Guard, *, deadline_s: float = 60.0
) -> Outcome[LeakState]:
    """Arm or disarm every detector, unless that would endanger what is in service.

    Raises:
        DeviceRefused: there is no detector, one cannot react, or one sees nothing.
    """
    detectors = await _detectors(client)
    actual = _state(detectors)
    if not any(d.pending for d in differences(desired, actual, guard)):
        for detector in detectors:
            await _arm(client, detector, desired)

    def unfinished(state: LeakState) -> tuple[Difference, ...]:
        return tuple(d for d in differences(desired, state, guard) if not d.pending)

    state = await settle(client, lambda: read(client), unfinished, deadline_s=deadline_s)
    pending = tuple(replace(d, pending=True) for d in differences(desired, state, guard))
    return Outcome(state=state, pending=pending)


async def _arm(client: Redfish, detector: _Detector, desired: LeakState) -> None:
    if not detector.reaction:
        raise DeviceRefused(
            f"{client.name}: {detector.path}: this detector only reports and cannot react; declare "
            f"the reaction None, and let whoever hears of the leak react"
        )
    body: dict[str, str | int] = {}
    if str(detector.delay_s) != desired.delay_s:
        body["ReactionDelaySeconds"] = int(desired.delay_s)
    if detector.reaction != desired.reaction:
        body["CriticalReactionType"] = desired.reaction
    if body:
        await client.patch(detector.path, body)


async def leaking(client: Redfish) -> tuple[str, ...]:
    """Return the names of the detectors that see a leak; a device may have none at all."""
    if "Chassis" not in await client.root():
        return ()
    return _state(await _fitted(client)).leaking


async def _fitted(client: Redfish) -> list[_Detector]:
    found: list[_Detector] = []
    for chassis in await members(client, await from_root(client, "Chassis"), _Chassis):
        if chassis.detectors:
            found += await members(client, chassis.detectors, _Detector)
    return found


async def _detectors(client: Redfish) -> list[_Detector]:
    found = await _fitted(client)
    if not found:
        collection = await from_root(client, "Chassis")
        raise DeviceRefused(
            f"{client.name}: {collection}: none has a leak detector; take the leak policy out of "
            f"the definition, or fit one"
        )
    return found


def _state(detectors: list[_Detector]) -> LeakState:
    return LeakState(
        reaction="/".join(dict.fromkeys(one.reaction or "None" for one in detectors)),
        delay_s="/".join(dict.fromkeys(str(one.delay_s) for one in detectors)),
        blind=tuple(one.id for one in detectors if not one.enabled or one.state in _BLIND),
        leaking=tuple(one.id for one in detectors if one.state == "Critical"),
    )


def _endangers(desired: LeakState, actual: LeakState) -> bool:
    """Disarming does, and so does arming where there is a leak now: it would react at once."""
    if actual.leaking and desired.reaction != "None":
        return True
    return any(
        interlock.disarms(desired=desired.reaction, actual=one)
        for one in actual.reaction.split("/")
    )
