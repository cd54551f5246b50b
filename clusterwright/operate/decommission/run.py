"""Step after step, each decided from what is there: a run that was killed goes on with the next."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from clusterwright.design.plan import Node, ServiceState, SitePlan
from clusterwright.errors import ClusterwrightError, UsageError
from clusterwright.model.record import Record, SignOff
from clusterwright.operate.decommission import drives, handover, power, release
from clusterwright.operate.decommission.task import Task, moment
from clusterwright.operate.drain import nodes_named
from clusterwright.operate.intake.places import list_places


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`look` says what is left of it, in words. `fades`: of that nothing is read once it is off."""

    name: str
    look: Callable[[Task], Awaitable[tuple[str, ...]]]
    act: Callable[[Task], Awaitable[None]]
    fades: bool = False


STEPS = (
    Step(name="drives", look=drives.look, act=drives.act, fades=True),
    Step(name="host", look=power.look_host, act=power.act_host, fades=True),
    Step(name="accounts", look=handover.look_accounts, act=handover.act_accounts, fades=True),
    Step(
        name="certificates",
        look=handover.look_certificates,
        act=handover.act_certificates,
        fades=True,
    ),
    Step(name="outlets", look=power.look_outlets, act=power.act_outlets),
    Step(name="record", look=release.look_record, act=release.act_record),
    Step(name="secrets", look=release.look_secrets, act=release.act_secrets),
)
BY_HAND = tuple(step.name for step in STEPS if step.name not in {"record", "secrets"})
"""What a person can do instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left of one step; `why` says what keeps it from being known or done."""

    step: str
    sentences: tuple[str, ...] = ()
    why: str = ""

    def __str__(self) -> str:
        return f"{self.step}: {self.why}" if self.why else self.step


def who_may_leave(plan: SitePlan, names: Sequence[str]) -> tuple[Node, ...]:
    """Return the nodes of these names, none of them in service.

    Raises:
        UsageError: a name is no node of the plan, or one is in service.
    """
    _refuse_others(plan, names)
    nodes = nodes_named(plan, names)
    working = ServiceState.IN_SERVICE
    if busy := " ".join(node.name for node in nodes if node.service_state is working):
        raise UsageError(
            f"{busy}: is in service, and jobs may run on it: drain it first: "
            f"clusterwright drain {plan.site} {busy}"
        )
    return nodes


def _refuse_others(plan: SitePlan, names: Sequence[str]) -> None:
    """Only a node leaves a hole: of everything else, the plan needs one at its place."""
    places = list_places(plan).by_name
    for place in (places[name] for name in names if name in places):
        if place.kind != "node":
            raise UsageError(
                f"{place.name}: is a {place.kind}, and the plan needs one at its place: exchange "
                f"it with clusterwright intake {plan.site} FILE --replace {place.name}, or take "
                f"it out of the definition"
            )


def has_gone(record: Record, name: str) -> bool:
    """Whether nothing is left to be done."""
    known = record.leaving.get(name)
    return bool(known and known.done) and name in record.holes


async def survey(task: Task) -> tuple[Left, ...]:
    """Say what every step would do now; nothing is changed."""
    try:
        found = [await _survey(task, step) for step in _open_steps(task)]
    finally:
        await task.close()
    return tuple(left for left in found if left.sentences or left.why)


async def decommission(
    task: Task, before: Callable[[str], None] = lambda _step: None
) -> tuple[Left, ...]:
    """Do every step that is left, until one cannot be done; return what remains.

    Steps after one that cannot be done wait for it: what they take away, it may need. `before`
    hears of each step as it begins.
    """
    await task.write()
    try:
        remaining = await _do_all(task, before)
    finally:
        await task.close()
    said = tuple(map(str, remaining))
    await task.write(remaining=said, done="" if remaining else moment())
    return remaining


async def _survey(task: Task, step: Step) -> Left:
    try:
        return Left(step=step.name, sentences=await step.look(task))
    except ClusterwrightError as error:
        return Left(step=step.name, why=str(error))


async def _do_all(task: Task, before: Callable[[str], None]) -> tuple[Left, ...]:
    steps = _open_steps(task)
    for number, step in enumerate(steps):
        before(step.name)
        try:
            await _do(task, step)
        except ClusterwrightError as error:
            later = (Left(step=one.name) for one in steps[number + 1 :])
            return (Left(step=step.name, why=str(error)), *later)
        if step.fades:
            await task.write(proven=(*task.leaving.proven, step.name))
    before("")
    return ()


async def vouch(task: Task, step: str, by: str) -> None:
    """Write down that a person has done a step.

    Raises:
        UsageError: it is none that a person can do, or nobody vouches for it.
    """
    if step not in BY_HAND:
        raise UsageError(
            f"--by-hand {step}: is no step that a person does; choose one of {', '.join(BY_HAND)}"
        )
    if not by.strip():
        raise UsageError("--by: is empty, but somebody must vouch for it: give a name")
    signed = SignOff(value="done", by=by.strip(), at=moment())
    await task.write(by_hand={**task.leaving.by_hand, step: signed})


def _open_steps(task: Task) -> tuple[Step, ...]:
    known = task.leaving
    return tuple(one for one in STEPS if one.name not in {*known.proven, *known.by_hand})


async def _do(task: Task, step: Step) -> None:
    todo = await step.look(task)
    for sentence in todo:
        task.note(f"{task.name}: {step.name}: {sentence}")
    if todo:
        await step.act(task)
