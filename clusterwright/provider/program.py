"""Run one Pulumi program for the language host: `python -m clusterwright.provider.program`.

What the operator did wrong reaches the engine as one message; anything else with its traceback.
"""

import asyncio
import ctypes
import json
import logging
import os
import runpy
import signal
import sys
import traceback
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pulumi
from pulumi.runtime import (
    Settings,
    configure,
    get_config_env,
    get_config_secret_keys_env,
    run_in_stack,
    set_all_config,
)
from pulumi.runtime.stack import ResourceRegistrationFailed

from clusterwright.errors import ClusterwrightError
from clusterwright.provider.language_host import ALREADY_REPORTED
from clusterwright.provider.untouched import held_up

PR_SET_PDEATHSIG = 1
THREADS_PER_OPERATION = 4
ANSWERED_WITHIN_S = 60.0
"""What was under way when something else failed has not failed for that."""


def main() -> None:
    """Run the program that CLUSTERWRIGHT_PROGRAM describes; the exit code is the verdict."""
    # The language host starts us from its main thread, so its end is what this signal means.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    run = json.loads(os.environ.pop("CLUSTERWRIGHT_PROGRAM"))
    set_all_config(get_config_env(), get_config_secret_keys_env())
    configure(Settings(**run["settings"]))
    sys.argv = [run["program"], *run["arguments"]]
    sys.exit(execute(run["program"], run["settings"]["parallel"]))


def execute(program: str, parallel: int) -> int:
    """Run `program` and return the exit code."""
    # Futures that nobody awaited are normal when a program ends early.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    threads = ThreadPoolExecutor(max_workers=max(parallel, 1) * THREADS_PER_OPERATION)
    loop.set_default_executor(threads)
    declared: list[pulumi.ResourceTransformationArgs] = []
    try:
        loop.run_until_complete(run_in_stack(lambda: run_program(program, declared)))
    except ResourceRegistrationFailed:
        # The engine has said why. What depends on that resource was not declared: it must not be
        # taken for removed from the program.
        loop.run_until_complete(tell_untouched(declared))
        return ALREADY_REPORTED
    except Exception as error:
        pulumi.log.error(sentence_of(error))
        return ALREADY_REPORTED
    finally:
        threads.shutdown(wait=True)
        loop.close()
    return 0


def run_program(program: str, declared: list[pulumi.ResourceTransformationArgs]) -> Any:
    """Run it, and put all that it declares into `declared`."""
    pulumi.runtime.register_stack_transformation(declared.append)
    return runpy.run_path(program, run_name="__main__")


async def tell_untouched(declared: list[pulumi.ResourceTransformationArgs]) -> None:
    """Say what was left alone because something that it depends on failed."""
    names = {id(one.resource): one.name for one in declared}
    needs = {one.name: _needs(one, names) for one in declared}
    there = await asyncio.gather(*(_exists(one.resource) for one in declared))
    failed = {one.name for one, exists in zip(declared, there, strict=True) if not exists}
    for one in held_up(needs, failed):
        pulumi.log.warn(str(one))


def _needs(one: pulumi.ResourceTransformationArgs, names: Mapping[int, str]) -> frozenset[str]:
    before = one.opts.depends_on
    listed = before if isinstance(before, list) else [before]
    return frozenset(names[id(need)] for need in listed if id(need) in names)


async def _exists(resource: pulumi.Resource) -> bool:
    with suppress(Exception):  # whatever it is that failed, it has been said
        return bool(await asyncio.wait_for(resource.urn.future(), ANSWERED_WITHIN_S))
    return False


def sentence_of(error: Exception) -> str:
    """Return what the operator reads of an error."""
    if isinstance(error, ClusterwrightError | pulumi.RunError):
        return str(error)
    return "Program failed with an unhandled exception:\n" + traceback.format_exc()


if __name__ == "__main__":
    main()
