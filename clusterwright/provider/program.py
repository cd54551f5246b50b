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
from concurrent.futures import ThreadPoolExecutor
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

PR_SET_PDEATHSIG = 1
THREADS_PER_OPERATION = 4


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
    try:
        loop.run_until_complete(run_in_stack(lambda: run_program(program)))
    except ResourceRegistrationFailed:
        # The engine has said why. What depends on that resource was not declared: it must not be
        # taken for removed from the program.
        return ALREADY_REPORTED
    except Exception as error:
        pulumi.log.error(sentence_of(error))
        return ALREADY_REPORTED
    finally:
        threads.shutdown(wait=True)
        loop.close()
    return 0


def run_program(program: str) -> Any:
    return runpy.run_path(program, run_name="__main__")


def sentence_of(error: Exception) -> str:
    """Return what the operator reads of an error."""
    if isinstance(error, ClusterwrightError | pulumi.RunError):
        return str(error)
    return "Program failed with an unhandled exception:\n" + traceback.format_exc()


if __name__ == "__main__":
    main()
