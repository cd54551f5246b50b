"""Just enough of an engine to run the real program against the real provider process, dry."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import (
    engine_pb2,
    engine_pb2_grpc,
    provider_pb2,
    provider_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
)

from clusterwright.provider.wire import decode, encode
from clusterwright.site_folder import PROJECT

BIN = Path(sys.executable).parent


@dataclass
class Declared:
    """One resource as the program declared it and the provider took it."""

    type_name: str
    inputs: dict[str, Any]
    depends_on: set[str]


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """Checks every registration with the provider, and creates it in a preview.

    Where a resource is named as failing, which depends on nothing, the others are answered after
    it.
    """

    def __init__(self, provider: Any, failing: str = "") -> None:
        self.provider = provider
        self.failing = failing
        self.failed = Event()
        self.resources: dict[str, Declared] = {}
        self.failures: list[str] = []

    def SupportsFeature(self, request: Any, context: Any) -> Any:  # noqa: N802
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in ("secrets",))

    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "an older engine")

    def RegisterResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        urn = f"urn:pulumi:test::clusterwright::{request.type}::{request.name}"
        inputs = self._checked(urn, request) if request.custom else Struct()
        self.resources[request.name] = Declared(
            type_name=request.type,
            inputs=decode(inputs).values,
            depends_on={dependency.rsplit("::", 1)[-1] for dependency in request.dependencies},
        )
        if request.name == self.failing:
            self.failed.set()
            return resource_pb2.RegisterResourceResponse(urn=urn, result=resource_pb2.Result.FAIL)
        if self.failing and request.custom:
            self.failed.wait(timeout=300)
            sleep(0.2)
        return resource_pb2.RegisterResourceResponse(urn=urn, object=inputs)

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:  # noqa: N802
        return Empty()

    def SignalAndWaitForShutdown(self, request: Any, context: Any) -> Any:  # noqa: N802
        return Empty()

    def _checked(self, urn: str, request: Any) -> Struct:
        question = provider_pb2.CheckRequest(urn=urn, type=request.type, news=request.object)
        answer = self.provider.Check(question)
        self.failures += [f"{request.name}: {f.property}: {f.reason}" for f in answer.failures]
        preview = provider_pb2.CreateRequest(
            urn=urn, type=request.type, properties=answer.inputs, preview=True
        )
        return self.provider.Create(preview).properties


class Engine(engine_pb2_grpc.EngineServicer):
    """Keeps what the program says, and its root."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.root = ""

    def Log(self, request: Any, context: Any) -> Any:  # noqa: N802
        if request.severity > engine_pb2.DEBUG:
            self.lines.append(request.message)
        return Empty()

    def SetRootResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        self.root = request.urn
        return engine_pb2.SetRootResourceResponse()

    def GetRootResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        return engine_pb2.GetRootResourceResponse(urn=self.root)


@dataclass
class Run:
    """What a dry run brought: the resources by name, failures of Check, lines of the console."""

    exit_code: int
    resources: dict[str, Declared]
    failures: list[str]
    lines: list[str]
    output: str


def run_program(site: str, *, failing: str = "") -> Run:
    """Run stacks/ for `site` as `pulumi preview` would; one resource may fail."""
    engine, server = Engine(), grpc.server(ThreadPoolExecutor(max_workers=16))
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    provider = subprocess.Popen(
        [BIN / "pulumi-resource-clusterwright"], stdout=subprocess.PIPE, text=True
    )
    try:
        with grpc.insecure_channel(f"127.0.0.1:{int(provider.stdout.readline())}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            stub.Configure(provider_pb2.ConfigureRequest(args=encode({"site": site})))
            monitor = Monitor(stub, failing)
            resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
            server.start()
            program = _program(site, address)
    finally:
        provider.terminate()
        provider.communicate()
        server.stop(grace=None)
    return Run(
        exit_code=program.returncode,
        resources=monitor.resources,
        failures=monitor.failures,
        lines=engine.lines,
        output=program.stdout + program.stderr,
    )


def _program(site: str, address: str) -> subprocess.CompletedProcess[str]:
    run = {
        "program": str(PROJECT / "stacks"),
        "arguments": [],
        "settings": {
            "monitor": address,
            "engine": address,
            "project": "clusterwright",
            "stack": "test",
            "organization": "organization",
            "root_directory": str(PROJECT),
            "dry_run": True,
            "parallel": 4,
        },
    }
    return subprocess.run(
        [sys.executable, "-m", "clusterwright.provider.program"],
        env=os.environ
        | {
            "CLUSTERWRIGHT_PROGRAM": json.dumps(run),
            "PULUMI_CONFIG": json.dumps({"clusterwright:site": site}),
            "PULUMI_CONFIG_SECRET_KEYS": "[]",
        },
        cwd=PROJECT / "stacks",
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
