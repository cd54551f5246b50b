"""A resource kind that is one Redfish device: the same way through for all of them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from clusterwright.access.guard import Difference, Guard, Outcome
from clusterwright.access.redfish.client import Redfish
from clusterwright.errors import UsageError
from clusterwright.provider.disruption import guard_of
from clusterwright.provider.inputs import DeviceInputs
from clusterwright.provider.kind import Kind, Live
from clusterwright.provider.progress import Progress
from clusterwright.provider.site import Site

D = TypeVar("D", bound=DeviceInputs)
S = TypeVar("S")


class Access(Protocol[S]):
    """What a module of `access` offers for one kind of device."""

    async def read(self, client: Redfish, desired: S | None = None) -> S: ...

    @property
    def apply(self) -> Callable[..., Awaitable[Outcome[S]]]: ...

    def differences(
        self, desired: S, actual: S, guard: Guard | None = None
    ) -> tuple[Difference, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation(Generic[D, S]):
    """Between the inputs of a kind and the state type of its devices.

    Both name their fields alike. `desired` is the state that inputs ask for; `live` puts an actual
    state into declared inputs; `imported` makes inputs from address, secret and an actual state.
    """

    desired: Callable[[D], S]
    live: Callable[[D, S], D]
    imported: Callable[[str, str, S], D]


@asynccontextmanager
async def _nothing_to_see(_site: Site, _inputs: object) -> AsyncIterator[Mapping[str, Any]]:
    yield {}


def device_kind(  # noqa: PLR0913 - what a kind is made of
    *,
    type_name: str,
    model: type[D],
    access: Access[S],
    translation: Translation[D, S],
    consequence: Callable[[D, frozenset[str]], str],
    means: Callable[[Site, D], Mapping[str, Any]] = lambda _site, _inputs: {},
    survey: Callable[[Site, D], AbstractAsyncContextManager[Mapping[str, Any]]] = _nothing_to_see,
) -> Kind[D]:
    """Make a kind whose every resource is one device behind Redfish.

    `means` are arguments of its `apply` beyond connection, desired state and guard; `survey` gives
    those for which other devices must be read first, and what it finds holds until the end.
    """
    desired = translation.desired

    async def apply_inputs(site: Site, inputs: D, progress: Progress) -> tuple[Difference, ...]:
        guard = guard_of(inputs)
        disruptive = inputs.in_service and bool(inputs.allow)
        async with (
            site.maintenance(disruptive=disruptive),
            survey(site, inputs) as around,
            # Whoever keeps other devices must not wait for those who wait for them.
            (site.beside if around else site.device)(inputs.address, inputs.secret) as client,
            progress.ticking(f"applying to {inputs.secret} at {inputs.address}", client.waiting),
        ):
            known = {**means(site, inputs), **around}
            outcome = await access.apply(client, desired(inputs), guard, **known)
        progress.tick(f"{len(outcome.pending)} pending" if outcome.pending else "as declared")
        return outcome.pending

    async def read_inputs(
        site: Site, identifier: str, inputs: D | None, _progress: Progress
    ) -> Live[D]:
        secret, address = (inputs.secret, inputs.address) if inputs else split(identifier)
        async with site.look(address, secret) as client:
            actual = await access.read(client, desired(inputs) if inputs else None)
        if inputs is None:
            return Live(inputs=translation.imported(address, secret, actual))
        found = access.differences(desired(inputs), actual)
        # What is within the device's tolerance is as declared, to the last digit.
        fields = {
            difference.path.split(".", 1)[0] for difference in found
        } & model.model_fields.keys()
        state = translation.live(inputs, actual)
        return Live(
            inputs=inputs.model_copy(update={name: getattr(state, name) for name in fields}),
            open_paths=frozenset(difference.path for difference in found),
        )

    return Kind(
        type_name=type_name,
        model=model,
        identity=("address", "secret"),
        identify=lambda inputs: f"{inputs.secret}@{inputs.address}",
        consequence=consequence,
        apply=apply_inputs,
        read=read_inputs,
    )


def split(identifier: str) -> tuple[str, str]:
    """Return secret and address of an id such as bmc/su1-n1@10.100.0.11.

    Raises:
        UsageError: it has no such form.
    """
    secret, at, address = identifier.partition("@")
    if not (secret and at and address):
        raise UsageError(
            f"id {identifier}: is not SECRET@ADDRESS; give one such as bmc/su1-n1@10.100.0.11"
        )
    return secret, address
