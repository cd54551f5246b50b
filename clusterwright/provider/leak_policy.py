"""LeakPolicy: what one device does by itself when it finds a leak."""

from typing import Annotated

from clusterwright.access import leak_policy as access
from clusterwright.access.guard import POWER_CYCLE
from clusterwright.access.leak_policy import REACTIONS, LeakState, policy
from clusterwright.provider.device import Translation, device_kind
from clusterwright.provider.disruption import told
from clusterwright.provider.inputs import DeviceInputs, one_of, within


class LeakPolicyInputs(DeviceInputs):
    """The reaction of every leak detector of a server or a CDU."""

    reaction: Annotated[str, one_of(*REACTIONS)]
    """A CDU stops and closes its valve for both of the last."""

    delay_s: Annotated[int, within(0, 3600, "s")] = 0
    """How long a leak must last before."""


def _desired(inputs: LeakPolicyInputs) -> LeakState:
    return policy(inputs.reaction, inputs.delay_s)


def _live(inputs: LeakPolicyInputs, actual: LeakState) -> LeakPolicyInputs:
    return inputs.model_copy(
        update={
            "reaction": actual.reaction,
            "delay_s": _delay_s(actual, inputs.delay_s),
        }
    )


def _imported(address: str, secret: str, actual: LeakState) -> LeakPolicyInputs:
    return LeakPolicyInputs(
        address=address, secret=secret, reaction=actual.reaction, delay_s=_delay_s(actual, -1)
    )


def _delay_s(actual: LeakState, wanted: int) -> int:
    """Return the delay; of several, one that is not as wanted."""
    there = [int(one) for one in actual.delay_s.split("/")]
    return next((one for one in there if one != wanted), there[0])


def _consequence(inputs: LeakPolicyInputs, changed: frozenset[str]) -> str:
    if "reaction" not in changed or inputs.reaction != "None":
        return ""
    return told(inputs, POWER_CYCLE, "nothing reacts to a leak any more", "the device")


LEAK_POLICY = device_kind(
    type_name="clusterwright:facility:LeakPolicy",
    model=LeakPolicyInputs,
    access=access,
    translation=Translation(desired=_desired, live=_live, imported=_imported),
    consequence=_consequence,
)
