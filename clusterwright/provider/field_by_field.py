"""Inputs that have the very fields of their device's state: one translation for all of them."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from clusterwright.provider.device import Translation
from clusterwright.provider.inputs import DeviceInputs

D = TypeVar("D", bound=DeviceInputs)
S = TypeVar("S")


def field_by_field(model: type[D], state: Callable[..., S], *names: str) -> Translation[D, S]:
    """Translate the named fields. What inputs leave out, or of a mapping do not name, stays so."""

    def desired(inputs: D) -> S:
        return state(**{name: _frozen(getattr(inputs, name)) for name in names})

    def live(inputs: D, actual: S) -> D:
        found = {
            name: _of_those(getattr(inputs, name), getattr(actual, name))
            for name in names
            if getattr(inputs, name) is not None
        }
        return inputs.model_copy(update=found)

    def imported(address: str, secret: str, actual: S) -> D:
        found = {name: _plain(getattr(actual, name)) for name in names}
        return model(address=address, secret=secret, **found)

    return Translation(desired=desired, live=live, imported=imported)


def _of_those(declared: Any, actual: Any) -> Any:
    if not isinstance(declared, Mapping):
        return _plain(actual)
    return {key: actual[key] for key in declared if key in actual}


def _frozen(declared: Any) -> Any:
    return tuple(declared) if isinstance(declared, list) else declared


def _plain(actual: Any) -> Any:
    if isinstance(actual, tuple):
        return list(actual)
    return dict(actual) if isinstance(actual, Mapping) else actual
