"""What tells that a server restarts: attributes that change, and those whose silence says no.

What real BMCs do decides which is which:

- `LastResetTime` is when a system last came out of a reset (DMTF's schema). OpenBMC fills it with
  the chassis's last change of power, which a warm restart leaves as it is; there the stages of the
  boot and their times move instead, if the firmware reports them.
- `BootProgress` may know no stage but OSRunning (HPE's iLO): as a stage it only ever says yes. With
  the time of the stage it says no, too.
- iLO has its own attribute for the self-test, which lasts minutes.
- An entry in an event log says that a restart was asked for, not that it happened. None is read.
"""

from collections.abc import Callable
from dataclasses import dataclass

from clusterwright.access.system import SELF_TEST, System

Acted = Callable[[System], bool]
"""Whether something has come of a reset, by what the server is like now."""

# Also said of a server that goes down: they are no sign that it comes up again.
_NO_STAGE = frozenset({"", "None"})
# What a boot that is under way already comes to by itself.
_ONWARD = frozenset(
    {
        ("SetupEntered", "OSBootStarted"),
        ("SetupEntered", "OSRunning"),
        ("OSBootStarted", "OSRunning"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """An attribute that is another one after a restart; it is empty where the BMC has none.

    Where `says_no`, a server of which it stays as it was has not restarted.
    """

    name: str
    of: Callable[[System], str]
    says_no: bool


def _stage(system: System) -> str:
    return "" if system.boot_progress in _NO_STAGE else system.boot_progress


def _stage_since(system: System) -> str:
    return system.boot_stage_since if _stage(system) else ""


def _last_reset(system: System) -> str:
    """Leave out what may be the last change of power: a BMC that knows boots and sees no stage."""
    runs_unseen = system.power_state == "On" and system.boot_progress == "None"
    return "" if runs_unseen else system.last_reset


SIGNS = (
    Sign(name="LastResetTime", of=_last_reset, says_no=True),
    Sign(name="BootProgress.LastStateTime", of=_stage_since, says_no=True),
    Sign(name="Oem.Hpe.PostState", of=lambda system: system.hpe_post_state, says_no=True),
    Sign(name="BootProgress.LastState", of=_stage, says_no=False),
)


def left(before: System) -> Acted:
    """Whether a server is no longer in the power state that it was in before."""
    return lambda system: system.power_state != before.power_state


def comes_up(before: System) -> Acted:
    """Whether a server has come out of a reset since `before`, and is or was at its self-test."""
    return lambda system: (
        system.boot_progress in SELF_TEST
        or system.last_reset != before.last_reset
        or any(sign.of(system) not in {"", sign.of(before)} for sign in _signs(before, system))
    )


def _signs(before: System, system: System) -> tuple[Sign, ...]:
    onward = (before.boot_progress, system.boot_progress) in _ONWARD
    return tuple(sign for sign in SIGNS if not (onward and sign.name.startswith("BootProgress")))


def restarted(before: System) -> Acted:
    """Whether a server that was told to restart goes down or comes up.

    Where no sign can say no, it is taken for granted: whoever asks once more might cut a self-test.
    """
    if not tells_of_restarts(before):
        return lambda _system: True
    goes, comes = left(before), comes_up(before)
    return lambda system: goes(system) or comes(system)


def tells_of_restarts(system: System) -> bool:
    """Whether this BMC can be seen to ignore a restart."""
    return any(sign.says_no and sign.of(system) for sign in SIGNS)
