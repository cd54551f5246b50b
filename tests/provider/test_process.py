"""The provider as a process: what the engine and the operating system see of it."""

import os
import select
import signal
import socket
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2_grpc

PROVIDER = Path(sys.executable).parent / "pulumi-resource-clusterwright"


@pytest.fixture
def engine():
    """An engine that only exists; its address is where the provider sends its lines."""
    server = grpc.server(ThreadPoolExecutor(max_workers=1))
    engine_pb2_grpc.add_EngineServicer_to_server(engine_pb2_grpc.EngineServicer(), server)
    server.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield server
    server.stop(grace=None)


@pytest.fixture
def start():
    """Start the provider; whatever is left of it ends with the test."""
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [PROVIDER, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process, process.stdout.readline()

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_the_first_line_is_the_port_that_answers(start, engine):
    _, port = start(engine.address)
    with grpc.insecure_channel(f"127.0.0.1:{int(port)}") as channel:
        info = provider_pb2_grpc.ResourceProviderStub(channel).GetPluginInfo(Empty(), timeout=120)
    assert info.version == "0.1.0"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_ends_it_cleanly_and_without_a_word(start, engine, number):
    process, _ = start(engine.address)
    process.send_signal(number)
    assert process.communicate(timeout=120) == ("", "")
    assert process.returncode == 0


def test_it_ends_when_the_engine_no_longer_answers(start, engine):
    process, _ = start(engine.address)
    engine.stop(grace=None).wait()
    assert process.communicate(timeout=120) == ("", "")
    assert process.returncode == 0


SETTINGS = 4
GOAWAY = 7
INTERNAL_ERROR = 2


def frame(kind: int, payload: bytes) -> bytes:
    """Return a frame of HTTP/2 without flags on the connection itself (RFC 9113, 4.1)."""
    return len(payload).to_bytes(3, "big") + bytes([kind, 0]) + bytes(4) + payload


def test_an_engine_that_ends_in_the_middle_is_not_news(start):
    with socket.create_server(("127.0.0.1", 0)) as engine:
        process, _ = start(f"127.0.0.1:{engine.getsockname()[1]}")
        connection, _ = engine.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(
            frame(SETTINGS, b"") + frame(GOAWAY, struct.pack("!II", 0, INTERNAL_ERROR))
        )
    assert process.communicate(timeout=120) == ("", "")
    assert process.returncode == 0


def test_it_ends_with_the_process_that_started_it(tmp_path):
    parent = subprocess.Popen(["sh", "-c", f"{PROVIDER} & echo $!; wait"], stdout=subprocess.PIPE)
    provider = int(parent.stdout.readline())
    parent.stdout.readline()
    descriptor = os.pidfd_open(provider)
    parent.kill()
    parent.communicate()
    os.set_blocking(descriptor, False)
    ended, _, _ = select.select([descriptor], [], [], 120)
    os.close(descriptor)
    assert ended


def test_the_script_loads_no_grpc_before_its_fork_handlers_are_off():
    program = "import sys, clusterwright.provider.server; sys.exit('grpc' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_what_designs_a_site_is_not_read_before_it_is_needed():
    # It takes as long to import as all else of the provider, and most runs of it never need it.
    words = (
        "import sys, clusterwright.provider.serving, clusterwright.provider.resources as _;"
        "print([one for one in sys.modules if one.startswith('clusterwright.design')])"
    )
    finished = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=True
    )
    assert finished.stdout == "[]\n"
