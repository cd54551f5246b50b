"""The supervisor's control socket."""

import asyncio
from pathlib import Path

import pytest

from clusterwright.errors import OperationError
from clusterwright.lab import control


async def reply(request: control.Document) -> control.Document:
    if request["do"] == "refuse":
        raise OperationError("refused: on purpose")
    return {"heard": request}


async def exchange(file: Path, request: dict[str, object]) -> control.Document:
    server = await control.serve(file, reply)
    try:
        return await asyncio.to_thread(control.ask, file, request)
    finally:
        server.close()
        await server.wait_closed()


def test_a_request_is_answered_however_deep_the_folder_is(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 30)
    folder.mkdir()
    request: dict[str, object] = {"do": "echo", "words": "two lines\nand × signs"}
    assert asyncio.run(exchange(folder / "control.sock", request)) == {"heard": request}


def test_a_refusal_arrives_in_the_supervisors_words(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match=r"^refused: on purpose$"):
        asyncio.run(exchange(tmp_path / "control.sock", {"do": "refuse"}))


def test_a_request_that_is_not_understood_ends_nothing(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="is not understood"):
        asyncio.run(exchange(tmp_path / "control.sock", {"no": "verb"}))


def test_a_supervisor_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match=r"does not answer at .*control\.sock"):
        control.ask(tmp_path / "control.sock", {"do": "status"})


def test_only_the_owner_may_talk_to_it(tmp_path: Path) -> None:
    async def mode() -> int:
        server = await control.serve(tmp_path / "control.sock", reply)
        server.close()
        return (tmp_path / "control.sock").stat().st_mode & 0o777

    assert asyncio.run(mode()) == 0o600
