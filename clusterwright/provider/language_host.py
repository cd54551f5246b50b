"""The Pulumi language host for Python, for engines that were built without one.

The engine starts it with its own address as the last argument, reads the port from the first
line of output, and says goodbye with SIGINT. Programs run in a child (`program.py`), which ends
with it.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import grpc
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from clusterwright.provider.own_stderr import own_stderr
from clusterwright.provider.parent_process import end_with_parent

VERSION = "3.259.0"
"""Of the protocol spoken here: the release of the pulumi package."""

ALREADY_REPORTED = 32
"""The program's exit code after the engine has been told what is wrong."""

MAX_MESSAGE_BYTES = 400 << 20


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs Python programs with the interpreter that runs this module."""

    def __init__(self, engine_address: str) -> None:
        self.engine_address = engine_address
        self.children: set[asyncio.subprocess.Process] = set()

    async def Handshake(  # noqa: N802 - the protocol's name
        self, request: language_pb2.LanguageHandshakeRequest, _context: object
    ) -> language_pb2.LanguageHandshakeResponse:
        self.engine_address = request.engine_address or self.engine_address
        return language_pb2.LanguageHandshakeResponse()

    async def GetPluginInfo(  # noqa: N802
        self, _request: object, _context: object
    ) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=VERSION)

    async def GetRequiredPackages(  # noqa: N802
        self, _request: object, _context: object
    ) -> language_pb2.GetRequiredPackagesResponse:
        return language_pb2.GetRequiredPackagesResponse()

    async def GetRequiredPlugins(  # noqa: N802
        self, _request: object, _context: object
    ) -> language_pb2.GetRequiredPluginsResponse:
        return language_pb2.GetRequiredPluginsResponse()

    async def Run(  # noqa: N802
        self, request: language_pb2.RunRequest, _context: object
    ) -> language_pb2.RunResponse:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-u", "-m", "clusterwright.provider.program"),
            env=os.environ | program_environment(request, self.engine_address),
            cwd=request.pwd,
        )
        self.children.add(child)
        code = await child.wait()
        self.children.discard(child)
        if code == ALREADY_REPORTED:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(error=f"the program exited with {code}" if code else "")

    async def end_children(self) -> None:
        """Stop programs in the middle: whoever asked for them is gone or leaving."""
        for child in tuple(self.children):
            if child.returncode is None:
                child.kill()
            await child.wait()


def program_environment(request: language_pb2.RunRequest, engine_address: str) -> dict[str, str]:
    """Return what `program.py` reads: the run's settings and its configuration."""
    run = {
        "program": str(Path(request.info.program_directory) / request.info.entry_point),
        "arguments": list(request.args),
        "settings": {
            "monitor": request.monitor_address,
            "engine": engine_address,
            "project": request.project,
            "stack": request.stack,
            "organization": request.organization,
            "root_directory": request.info.root_directory,
            "dry_run": request.dryRun,
            "parallel": request.parallel,
        },
    }
    return {
        "CLUSTERWRIGHT_PROGRAM": json.dumps(run),
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }


async def serve(engine_address: str) -> None:
    """Answer one engine until it says goodbye or dies."""
    host = LanguageHost(engine_address)
    server = grpc.aio.server(options=[("grpc.max_receive_message_length", MAX_MESSAGE_BYTES)])
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    end_with_parent(ended.set)
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await ended.wait()
    await host.end_children()
    await server.stop(grace=0)


def main() -> None:
    """Serve the engine whose address is the last argument."""
    with own_stderr():
        asyncio.run(serve(sys.argv[-1]))
