"""How the provider tells the engine that something went wrong."""

import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

import grpc
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2, status_pb2

from clusterwright.errors import (
    ClusterwrightError,
    DeviceRefusedLogin,
    DeviceUnreachable,
    DeviceUntrusted,
    UsageError,
)
from clusterwright.provider.operations import OperationCancelled

Context = grpc.aio.ServicerContext[Any, Any]

# After these nothing has been sent that could have changed anything.
NOTHING_DONE = (UsageError, DeviceRefusedLogin, DeviceUntrusted)


async def abort(context: Context, error: Exception) -> NoReturn:
    """End the call; the resource is as it was before."""
    await context.abort(_code(error), explain(error))
    raise AssertionError("abort raises") from error


async def abort_half_done(
    context: Context, *, identifier: str, properties: Struct, inputs: Struct, reasons: Sequence[str]
) -> NoReturn:
    """End the call; the resource exists, and the next update brings it to the end.

    In Read the engine makes it a warning and goes on with the properties and inputs given here.
    """
    detail = provider_pb2.ErrorResourceInitFailed(
        id=identifier, properties=properties, inputs=inputs, reasons=reasons
    )
    code = grpc.StatusCode.FAILED_PRECONDITION
    rich = status_pb2.Status(code=code.value[0], message="; ".join(reasons))
    rich.details.add().Pack(detail)
    context.set_trailing_metadata((("grpc-status-details-bin", rich.SerializeToString()),))
    await context.abort(code, rich.message)
    raise AssertionError("abort raises")


def explain(error: Exception) -> str:
    """Return the sentence for the operator; what is a bug goes to stderr in full."""
    if isinstance(error, ClusterwrightError):
        return str(error)
    traceback.print_exception(error, file=sys.__stderr__)
    return f"{type(error).__name__}: {error}: this is a bug in the provider"


def _code(error: Exception) -> grpc.StatusCode:
    # Not UNKNOWN or INTERNAL: after those the engine takes the resource's state for corrupt.
    if isinstance(error, OperationCancelled):
        return grpc.StatusCode.CANCELLED
    if isinstance(error, DeviceUnreachable):
        return grpc.StatusCode.UNAVAILABLE
    known = isinstance(error, ClusterwrightError)
    return grpc.StatusCode.FAILED_PRECONDITION if known else grpc.StatusCode.ABORTED
