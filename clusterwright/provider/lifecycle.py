"""Create, Read and Update of any kind: what goes into the state, whatever happens."""

from dataclasses import dataclass
from typing import Any

from pulumi.runtime.proto import provider_pb2

from clusterwright.access.guard import Difference
from clusterwright.provider.compare import changes
from clusterwright.provider.failure import NOTHING_DONE, Context, abort, abort_half_done, explain
from clusterwright.provider.inputs import Inputs
from clusterwright.provider.kind import Kind, Live, outputs, waiting
from clusterwright.provider.operations import Operations
from clusterwright.provider.progress import Progress
from clusterwright.provider.site import Site
from clusterwright.provider.wire import Path, Properties, decode, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """One call of the engine about one resource."""

    kind: Kind[Any]
    site: Site
    operations: Operations
    progress: Progress
    context: Context

    async def create(self, request: provider_pb2.CreateRequest) -> provider_pb2.CreateResponse:
        declared = decode(request.properties)
        if request.preview:
            await self._announce(Properties(values={}), declared)
            return provider_pb2.CreateResponse(properties=request.properties)
        inputs = await self._parse(declared)
        identifier = self.kind.identify(inputs)
        try:
            pending = await self._apply(inputs, request.timeout)
        except NOTHING_DONE as error:
            await abort(self.context, error)
        except Exception as error:
            await self._half_done(identifier, inputs, declared, error)
        properties = encode(outputs(inputs, _listed(pending)), _hidden(declared))
        await self._warn(pending, declared)
        return provider_pb2.CreateResponse(id=identifier, properties=properties)

    async def update(self, request: provider_pb2.UpdateRequest) -> provider_pb2.UpdateResponse:
        declared = decode(request.news)
        if request.preview:
            await self._announce(decode(request.old_inputs), declared)
            return provider_pb2.UpdateResponse(properties=request.news)
        inputs = await self._parse(declared)
        try:
            pending = await self._apply(inputs, request.timeout)
        except Exception as error:
            await self._half_done(request.id, inputs, declared, error)
        properties = encode(outputs(inputs, _listed(pending)), _hidden(declared))
        await self._warn(pending, declared)
        return provider_pb2.UpdateResponse(properties=properties)

    async def read(self, request: provider_pb2.ReadRequest) -> provider_pb2.ReadResponse:
        last = decode(request.inputs)
        try:
            live = await self._look(request.id, last, request.timeout)
        except Exception as error:
            if not last.values:
                await abort(self.context, error)
            await abort_half_done(
                self.context,
                identifier=request.id,
                properties=request.properties,
                inputs=request.inputs,
                reasons=[explain(error)],
            )
        hidden = _hidden(last)
        still = _still_pending(decode(request.properties), live)
        return provider_pb2.ReadResponse(
            id=self.kind.identify(live.inputs),
            inputs=encode(live.inputs.properties(), hidden),
            properties=encode(outputs(live.inputs, still), hidden),
        )

    async def _look(self, identifier: str, last: Properties, limit_s: float) -> Live[Any]:
        inputs = self.kind.model.stored(last.values) if last.values else None
        work = self.kind.read(self.site, identifier, inputs, self.progress)
        return await self.operations.run(work, limit_s=limit_s)

    async def _apply(self, inputs: Inputs, limit_s: float) -> tuple[Difference, ...]:
        work = self.kind.apply(self.site, inputs, self.progress)
        return await self.operations.run(work, limit_s=limit_s)

    async def _parse(self, declared: Properties) -> Inputs:
        try:
            inputs: Inputs = self.kind.model.declared(declared.values)
        except ValueError as error:
            await abort(self.context, error)
        return inputs

    async def _half_done(
        self, identifier: str, inputs: Inputs, declared: Properties, error: Exception
    ) -> None:
        await self.progress.console.flush()
        await abort_half_done(
            self.context,
            identifier=identifier,
            properties=encode(outputs(inputs), _hidden(declared)),
            inputs=encode(declared.values, declared.secrets),
            reasons=[explain(error)],
        )

    async def _announce(self, old: Properties, new: Properties) -> None:
        """Say in a preview what the change would interrupt."""
        changed = frozenset(change.top for change in changes(old.values, new.values))
        try:
            inputs = self.kind.model.declared(new.values)
        except ValueError:
            # Something is not known before another resource exists: nothing can be foretold.
            return
        sentence = self.kind.consequence(inputs, changed) if old.values else ""
        if sentence:
            self.progress.warning(sentence)
            await self.progress.console.flush()

    async def _warn(self, pending: tuple[Difference, ...], declared: Properties) -> None:
        for difference in pending:
            values = f" is {difference.actual}, declared {difference.expected}"
            shown = "" if declared.secrets else values
            self.progress.warning(f"pending: {difference.path}{shown}; {difference.remedy}")
        await self.progress.console.flush()


def _listed(pending: tuple[Difference, ...]) -> tuple[dict[str, str], ...]:
    return tuple(waiting(difference) for difference in pending)


def _hidden(declared: Properties) -> frozenset[Path]:
    """What must be secret in the outputs: what is in the inputs, and then what waits as well."""
    return declared.secrets | {("pending",)} if declared.secrets else frozenset()


def _still_pending(last: Properties, live: Live[Any]) -> tuple[dict[str, str], ...]:
    return tuple(p for p in last.values.get("pending", ()) if p["path"] in live.open_paths)
