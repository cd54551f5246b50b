"""One step on the way from one plan to another."""

from dataclasses import dataclass
from typing import Literal

from clusterwright.design.plan import Link

Action = Literal["mount", "pull", "re-cable", "unmount"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is done before the next step begins: unplug, take down, put up, plug in.

    `share` is what every switch keeps of its links upwards in the worst moment of the step, as a
    part of 1. `cut_off` names the hosts that lose a link, or their way to the others, in it.
    """

    action: Action
    unplug: tuple[Link, ...] = ()
    take_down: tuple[str, ...] = ()
    put_up: tuple[str, ...] = ()
    plug: tuple[Link, ...] = ()
    share: float = 1.0
    cut_off: tuple[str, ...] = ()
