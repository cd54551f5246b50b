"""The provider's side of Pulumi's wire protocol. No rule about hardware is decided here."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc
from typing_extensions import override

from clusterwright.errors import ClusterwrightError, UsageError
from clusterwright.provider.check import Failure, check, with_defaults
from clusterwright.provider.compare import ChangeKind, PropertyChange, changes
from clusterwright.provider.console import Console
from clusterwright.provider.detailed_diff import diff_response
from clusterwright.provider.failure import Context, abort
from clusterwright.provider.kind import Kind
from clusterwright.provider.lifecycle import Lifecycle
from clusterwright.provider.operations import Operations
from clusterwright.provider.progress import Progress
from clusterwright.provider.site import Site
from clusterwright.provider.wire import decode, encode
from clusterwright.site_folder import find_site

VERSION = "0.1.0"

OpenSite = Callable[[str], Awaitable[Site]]


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """Answers the engine; everything it needs to meet a live site is handed in."""

    def __init__(
        self,
        *,
        kinds: Mapping[str, Kind[Any]],
        console: Console,
        operations: Operations,
        open_site: OpenSite,
        schema: str,
    ) -> None:
        self._kinds = kinds
        self._console = console
        self._operations = operations
        self._open_site = open_site
        self._schema = schema
        self._site: Site | None = None

    @override
    async def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: Context
    ) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    @override
    async def GetPluginInfo(self, request: Empty, context: Context) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=VERSION)

    @override
    async def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: Context
    ) -> provider_pb2.GetSchemaResponse:
        return provider_pb2.GetSchemaResponse(schema=self._schema)

    @override
    async def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: Context
    ) -> provider_pb2.CheckResponse:
        try:
            find_site(_site_name(request.news))
        except UsageError as error:
            failure = provider_pb2.CheckFailure(property="site", reason=str(error))
            return provider_pb2.CheckResponse(inputs=request.news, failures=[failure])
        return provider_pb2.CheckResponse(inputs=request.news)

    @override
    async def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: Context
    ) -> provider_pb2.DiffResponse:
        # Another site folder is other access to the same devices: never a reason to replace them.
        return diff_response(changes(decode(request.olds).values, decode(request.news).values))

    @override
    async def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Context
    ) -> provider_pb2.ConfigureResponse:
        try:
            self._site = await self._open_site(_site_name(request.args))
        except ClusterwrightError as error:
            await abort(context, error)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @override
    async def Check(
        self, request: provider_pb2.CheckRequest, context: Context
    ) -> provider_pb2.CheckResponse:
        kind, declared = await self._kind(request, context), decode(request.news)
        return provider_pb2.CheckResponse(
            inputs=encode(with_defaults(kind.model, declared.values), declared.secrets),
            failures=[_check_failure(failure) for failure in check(kind.model, declared)],
        )

    @override
    async def Diff(
        self, request: provider_pb2.DiffRequest, context: Context
    ) -> provider_pb2.DiffResponse:
        kind = await self._kind(request, context)
        old, state = decode(request.old_inputs).values, decode(request.olds).values
        found = changes(old, decode(request.news).values)
        if state.get("pending") and not found:
            found = (PropertyChange(path="pending", kind=ChangeKind.UPDATE),)
        return diff_response(found, identity=kind.identity)

    @override
    async def Create(
        self, request: provider_pb2.CreateRequest, context: Context
    ) -> provider_pb2.CreateResponse:
        return await (await self._lifecycle(request, context)).create(request)

    @override
    async def Read(
        self, request: provider_pb2.ReadRequest, context: Context
    ) -> provider_pb2.ReadResponse:
        return await (await self._lifecycle(request, context)).read(request)

    @override
    async def Update(
        self, request: provider_pb2.UpdateRequest, context: Context
    ) -> provider_pb2.UpdateResponse:
        return await (await self._lifecycle(request, context)).update(request)

    @override
    async def Delete(self, request: provider_pb2.DeleteRequest, context: Context) -> Empty:
        # Deleting stops managing: power, coolant and operating systems stay as they are.
        return Empty()

    @override
    async def Cancel(self, request: Empty, context: Context) -> Empty:
        self._operations.cancel()
        return Empty()

    async def _lifecycle(self, request: Any, context: Context) -> Lifecycle:
        kind = await self._kind(request, context)
        if self._site is None:
            await abort(context, UsageError("the provider has not been configured with a site"))
        cancelled = self._operations.cancelled
        return Lifecycle(
            kind=kind,
            site=self._site,
            operations=self._operations,
            progress=Progress(console=self._console, urn=request.urn, cancelled=cancelled),
            context=context,
        )

    async def _kind(self, request: Any, context: Context) -> Kind[Any]:
        token = request.type or request.urn.split("::")[2].rsplit("$", 1)[-1]
        if token not in self._kinds:
            known = ", ".join(self._kinds)
            await abort(context, UsageError(f"resource type {token}: use one of {known}"))
        return self._kinds[token]


def _site_name(config: Struct) -> str:
    name = decode(config).values.get("site")
    if not isinstance(name, str) or not name:
        raise UsageError(
            "clusterwright:site is not set, and it says which site this stack is; "
            "set it with: pulumi config set clusterwright:site SITE"
        )
    return name


def _check_failure(failure: Failure) -> provider_pb2.CheckFailure:
    return provider_pb2.CheckFailure(property=failure.property, reason=failure.reason)
