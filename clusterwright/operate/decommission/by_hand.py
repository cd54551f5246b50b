"""What only a person can do, and vouches for: no device tells whether it is done."""

from collections.abc import Awaitable, Callable

from clusterwright.errors import OperationError
from clusterwright.operate.decommission.task import Task

Look = Callable[[Task], Awaitable[tuple[str, ...]]]
Act = Callable[[Task], Awaitable[None]]


def by_a_person(step: str, words: str) -> tuple[Look, Act]:
    """Return a step that stays open until somebody has vouched for it."""

    async def look(task: Task) -> tuple[str, ...]:
        return (words.format(name=task.name),)

    async def act(task: Task) -> None:
        raise OperationError(
            f"a person does it: {words.format(name=task.name)}; then: clusterwright decommission "
            f"{task.plan.site} {task.name} --by-hand {step} --by NAME"
        )

    return look, act
