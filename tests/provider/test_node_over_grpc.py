"""The life of a node's resource, over the engine's own wire."""

import asyncio
from dataclasses import replace

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from clusterwright.access.guard import Difference
from clusterwright.errors import (
    DeviceRefused,
    DeviceRefusedLogin,
    DeviceUnreachable,
    DeviceUntrusted,
    UsageError,
)
from clusterwright.provider.wire import decode, encode
from tests.provider.live import NODE_ID, NODE_INPUTS, NODE_TYPE, URN, half_done, plain, serving

pytestmark = pytest.mark.asyncio

ADDRESS = "10.100.0.11"
RESET_NEEDED = Difference(
    path="bios.BootMode", expected="Uefi", actual="Legacy", pending=True, remedy="drain the node"
)


def with_bios(**attributes):
    return NODE_INPUTS | {"bios": NODE_INPUTS["bios"] | attributes}


async def test_create_gives_an_id_that_says_where_the_device_is(devices):
    async with serving() as provider:
        created = await provider.create()
    assert created.id == NODE_ID
    assert plain(created.properties) == NODE_INPUTS | {"pending": []}


async def test_create_in_a_preview_touches_nothing(devices):
    async with serving() as provider:
        await provider.create(preview=True)
    assert devices.log == []


async def test_what_must_wait_is_in_the_state_and_on_the_console(devices):
    devices.pending = (RESET_NEEDED,)
    async with serving() as provider:
        created = await provider.create()
    assert plain(created.properties)["pending"] == [
        {
            "path": "bios.BootMode",
            "expected": "Uefi",
            "actual": "Legacy",
            "remedy": "drain the node",
        }
    ]
    assert provider.console.lines == [
        "pending: bios.BootMode is Legacy, declared Uefi; drain the node"
    ]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(UsageError("no such secret"), "FAILED_PRECONDITION", id="secret"),
        pytest.param(DeviceRefusedLogin("wrong"), "FAILED_PRECONDITION", id="login"),
        pytest.param(DeviceUntrusted("no"), "FAILED_PRECONDITION", id="certificate"),
    ],
)
async def test_a_create_that_could_do_nothing_leaves_no_resource(devices, error, code):
    devices.error = error
    async with serving() as provider:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await provider.create()
    assert raised.value.code().name == code
    assert raised.value.details() == str(error)
    assert "grpc-status-details-bin" not in dict(raised.value.trailing_metadata())


@pytest.mark.parametrize(
    "error", [DeviceUnreachable("nobody there"), DeviceRefused("said no")], ids=["silent", "no"]
)
async def test_a_create_that_ends_half_way_keeps_its_id(devices, error):
    devices.error = error
    async with serving() as provider:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await provider.create()
    detail = half_done(raised.value)
    assert (detail.id, list(detail.reasons)) == (NODE_ID, [str(error)])
    assert plain(detail.inputs) == NODE_INPUTS


async def test_a_bug_does_not_make_the_state_look_corrupt(devices, capfd):
    devices.error = KeyError("oops")
    async with serving() as provider:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await provider.create()
    assert half_done(raised.value).reasons == ["KeyError: 'oops': this is a bug in the provider"]
    assert "Traceback" in capfd.readouterr().err


async def test_a_resource_that_takes_longer_than_its_custom_timeout_fails(devices):
    devices.slow = asyncio.Event()
    async with serving() as provider:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await provider.create(limit_s=0.05)
    assert "not done after 0.05 s" in half_done(raised.value).reasons[0]


async def test_read_of_what_is_as_declared_changes_nothing(devices):
    async with serving() as provider:
        read = await provider.read(NODE_INPUTS)
    assert (read.id, plain(read.inputs)) == (NODE_ID, NODE_INPUTS)


async def test_read_shows_drift_in_its_inputs(devices):
    state = devices.states[ADDRESS]
    devices.states[ADDRESS] = replace(
        state, power_state="Off", bios={"BootMode": "Legacy", "SriovSupport": "Enabled", "More": 1}
    )
    async with serving() as provider:
        read = await provider.read(NODE_INPUTS)
        diff = await provider.diff(plain(read.inputs), NODE_INPUTS)
    assert plain(read.inputs) == with_bios(BootMode="Legacy") | {"powerState": "Off"}
    assert sorted(diff.detailedDiff) == ["bios.BootMode", "powerState"]
    assert list(diff.replaces) == []


async def test_read_shows_another_server_in_its_inputs(devices):
    declared = NODE_INPUTS | {"serial": "S1"}
    devices.states[ADDRESS] = replace(devices.states[ADDRESS], serial="S2")
    async with serving() as provider:
        read = await provider.read(declared)
        diff = await provider.diff(plain(read.inputs), declared)
    assert plain(read.inputs) == declared | {"serial": "S2"}
    assert (sorted(diff.detailedDiff), list(diff.replaces)) == (["serial"], [])


async def test_read_keeps_what_still_waits_and_drops_what_no_longer_does(devices):
    state = devices.states[ADDRESS]
    devices.states[ADDRESS] = replace(state, bios={"BootMode": "Legacy", "SriovSupport": "Enabled"})
    waits = {"path": "bios.BootMode", "expected": "Uefi", "actual": "Legacy", "remedy": ""}
    done = waits | {"path": "bios.SriovSupport"}
    async with serving() as provider:
        read = await provider.read(NODE_INPUTS, pending=[waits, done])
    assert plain(read.properties)["pending"] == [waits]


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(DeviceUnreachable("nobody answers"), id="unreachable"),
        pytest.param(DeviceRefusedLogin("wrong password"), id="login"),
        pytest.param(DeviceUntrusted("certificate"), id="certificate"),
        pytest.param(UsageError("passphrase: is not set"), id="vault"),
        pytest.param(DeviceRefused("503"), id="refused"),
    ],
)
async def test_read_that_cannot_look_keeps_the_last_state(devices, error):
    devices.error = error
    async with serving() as provider:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await provider.read(NODE_INPUTS, pending=[])
    detail = half_done(raised.value)
    assert (detail.id, list(detail.reasons)) == (NODE_ID, [str(error)])
    assert plain(detail.inputs) == NODE_INPUTS
    assert plain(detail.properties) == NODE_INPUTS | {"pending": []}


async def test_import_needs_the_id_only(devices):
    async with serving() as provider:
        read = await provider.read({})
    assert read.id == NODE_ID
    assert plain(read.inputs) == NODE_INPUTS | {"inService": True, "allow": []}


async def test_import_of_a_silent_device_fails(devices):
    devices.error = DeviceUnreachable("nobody answers")
    async with serving() as provider:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await provider.read({})
    assert raised.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_import_of_an_id_without_an_address_says_how_an_id_looks(devices):
    async with serving() as provider:
        request = provider_pb2.ReadRequest(urn=URN, type=NODE_TYPE, id="su1-n1")
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await provider.stub.Read(request)
    assert raised.value.details() == (
        "id su1-n1: is not SECRET@ADDRESS; give one such as bmc/su1-n1@10.100.0.11"
    )


async def test_update_that_ends_half_way_keeps_the_new_inputs(devices):
    devices.error = DeviceRefused("no")
    new = with_bios(BootMode="Legacy")
    async with serving() as provider:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await provider.update(new, old=NODE_INPUTS)
    assert plain(half_done(raised.value).properties) == new | {"pending": []}


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        pytest.param({"inService": False}, "done at once, the node is not in service", id="new"),
        pytest.param({"inService": True}, "done at once, maintenance allows reset", id="allowed"),
        pytest.param({"inService": True, "allow": []}, "stays pending", id="protected"),
    ],
)
async def test_preview_says_what_an_update_would_interrupt(devices, inputs, sentence):
    async with serving() as provider:
        await provider.update(
            with_bios(BootMode="Legacy") | inputs, old=NODE_INPUTS | inputs, preview=True
        )
    assert devices.log == []
    (line,) = provider.console.lines
    assert line.startswith("a changed BIOS attribute needs a reset: ")
    assert sentence in line


async def test_delete_sends_nothing(devices):
    async with serving() as provider:
        request = provider_pb2.DeleteRequest(urn=URN, type=NODE_TYPE, id=NODE_ID)
        request.properties.CopyFrom(encode(NODE_INPUTS))
        await provider.stub.Delete(request)
    assert devices.log == []


async def test_another_address_is_another_device(devices):
    async with serving() as provider:
        diff = await provider.diff(NODE_INPUTS, NODE_INPUTS | {"address": "10.100.0.99"})
    assert list(diff.replaces) == ["address"]
    assert diff.detailedDiff["address"].kind == provider_pb2.PropertyDiff.UPDATE_REPLACE


async def test_what_waits_is_a_change_until_it_is_done(devices):
    async with serving() as provider:
        diff = await provider.diff(NODE_INPUTS, NODE_INPUTS, pending=[{"path": "bios.BootMode"}])
        clean = await provider.diff(NODE_INPUTS, NODE_INPUTS, pending=[])
    assert list(diff.detailedDiff) == ["pending"]
    assert clean.changes == provider_pb2.DiffResponse.DIFF_NONE


async def test_cancel_ends_what_is_in_flight_and_keeps_its_id(devices):
    devices.slow = asyncio.Event()
    async with serving() as provider:
        creating = asyncio.create_task(provider.create())
        await devices.entered.wait()
        await provider.stub.Cancel(provider_pb2.google_dot_protobuf_dot_empty__pb2.Empty())
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await creating
        later = provider.create()
        with pytest.raises(grpc.aio.AioRpcError):
            await later
    detail = half_done(raised.value)
    assert (detail.id, list(detail.reasons)) == (
        NODE_ID,
        ["cancelled; the next up goes on from here"],
    )


async def test_a_secret_input_stays_secret_wherever_it_shows(devices):
    devices.pending = (RESET_NEEDED,)
    hidden = frozenset({("bios", "BootMode")})
    async with serving() as provider:
        created = await provider.create(encode(NODE_INPUTS, hidden))
    assert decode(created.properties).secrets == hidden | {("pending",)}
    assert provider.console.lines == ["pending: bios.BootMode; drain the node"]


async def test_an_unknown_type_is_refused_by_name(devices):
    async with serving() as provider:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await provider.check({}, kind="clusterwright:facility:Nodes")
    assert raised.value.details().startswith(
        "resource type clusterwright:facility:Nodes: use one of clusterwright:facility:Node, "
    )
