"""Step after step, each decided from what is there: a run that was killed goes on with the next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.errors import ClusterwrightError, UsageError
from clusterwright.model.record import Record, SignOff
from clusterwright.operate.decommission.dependants import needs_it
from clusterwright.operate.decommission.steps import BY_HAND, STEPS_OF, Step
from clusterwright.operate.decommission.task import Task, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left of one step; `why` says what keeps it from being known or done."""

    step: str
    sentences: tuple[str, ...] = ()
    why: str = ""

    def __str__(self) -> str:
        return f"{self.step}: {self.why}" if self.why else self.step


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


async def decommission_all(tasks: Sequence[Task]) -> Mapping[str, tuple[Left, ...]]:
    """Let them leave one after the other; what one that has not gone needs waits for it."""
    remaining: dict[str, tuple[Left, ...]] = {}
    for task in tasks:
        gone = [name for name, left in remaining.items() if not left]
        needed = needs_it(task.plan, task.device, gone)
        held = (Left(step="dependants", why=needed),) if needed else ()
        remaining[task.name] = held or await decommission(task)
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
    names = [one.name for one in STEPS_OF[task.device.kind] if one.name in BY_HAND]
    if step not in names:
        raise UsageError(
            f"--by-hand {step}: is no step that a person does; choose one of {', '.join(names)}"
        )
    if not by.strip():
        raise UsageError("--by: is empty, but somebody must vouch for it: give a name")
    signed = SignOff(value="done", by=by.strip(), at=moment())
    await task.write(by_hand={**task.leaving.by_hand, step: signed})


def _open_steps(task: Task) -> tuple[Step, ...]:
    known = task.leaving
    steps = STEPS_OF[task.device.kind]
    return tuple(one for one in steps if one.name not in {*known.proven, *known.by_hand})


async def _do(task: Task, step: Step) -> None:
    todo = await step.look(task)
    for sentence in todo:
        task.note(f"{task.name}: {step.name}: {sentence}")
    if todo:
        await step.act(task)
