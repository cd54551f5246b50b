"""The language host leaves no program behind that it did not see end."""

import asyncio
import sys

import pytest

from clusterwright.provider.language_host import LanguageHost


@pytest.mark.asyncio
async def test_the_language_host_sees_every_program_end_that_it_stops() -> None:
    host = LanguageHost("127.0.0.1:1")
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE
    )
    host.children.add(child)
    await host.end_children()
    assert child.returncode == -9
