"""The parts of a server, each against the one that was delivered: model, network ports, GPUs."""

import re
from collections.abc import Collection, Iterator, Mapping

from clusterwright.access.guard import Difference

NOT_FOUND = "(not found)"
NOT_DELIVERED = "(none)"
ANOTHER = "another server stands here; put the right one in, or correct the manifest"
Ports = Mapping[str, Collection[str]]
"""The MACs and GUIDs of each port, by its name."""
_SHORTEST = 4
"""Letters and digits that a vendor's word must have to be looked for inside another."""


def model_differences(expected: Collection[str], actual: Collection[str]) -> Iterator[Difference]:
    """Compare the words for a model: vendors have several, and one may be longer than another."""
    if expected and actual and not any(_same_model(a, b) for a in expected for b in actual):
        yield _difference("model", next(iter(expected)), next(iter(actual)), ANOTHER)
    if expected and not actual:
        yield _difference("model", next(iter(expected)), NOT_FOUND, ANOTHER)


def port_differences(expected: Ports, actual: Ports, *, all_known: bool) -> Iterator[Difference]:
    """Compare ports by their addresses, then by their names: a BMC may call them as it likes.

    One that nobody delivered is a difference only where every port of the server is known.
    """
    strange = strange_ports(expected, actual)
    there = {digits(one) for addresses in actual.values() for one in addresses}
    for name, addresses in expected.items():
        if not there.isdisjoint(map(digits, addresses)):
            continue
        wanted = ", ".join(addresses)
        if name not in actual:
            yield _difference(f"nics.{name}", wanted or "one", NOT_FOUND, _RESEAT)
        elif addresses:
            found = ", ".join(strange.pop(name, actual[name]))
            yield _difference(f"nics.{name}", wanted, found, _REPLACED)
    for name, addresses in strange.items() if all_known else ():
        yield _difference(f"nics.{name}", NOT_DELIVERED, ", ".join(addresses) or "one", _TOO_MUCH)


def strange_ports(expected: Ports, actual: Ports) -> dict[str, Collection[str]]:
    """Return the ports of a server of which the record has neither the address nor the name."""
    known = {digits(one) for addresses in expected.values() for one in addresses}
    unnamed = {name for name, addresses in expected.items() if not addresses}
    return {
        name: addresses
        for name, addresses in actual.items()
        if name not in unnamed and known.isdisjoint(map(digits, addresses))
    }


def gpu_differences(expected: Mapping[str, int], actual: Mapping[str, int]) -> Iterator[Difference]:
    """Compare GPUs by model: one name of it may be longer than the other, "NVIDIA" before it."""
    there = dict.fromkeys(expected, 0)
    for model, count in actual.items():
        known = next((one for one in expected if _alike(one.lower(), model.lower())), model)
        there[known] = there.get(known, 0) + count
    for model, count in sorted(there.items()):
        if model not in expected:
            yield _difference(f"gpus.{model}", NOT_DELIVERED, str(count), _OTHER_GPU)
        elif count != expected[model]:
            yield _difference(f"gpus.{model}", str(expected[model]), str(count), _GPU)


def digits(address: str) -> str:
    """Return a MAC or GUID without what vendors write between its digits."""
    return re.sub(r"[^0-9a-f]", "", address.lower().removeprefix("0x"))


def _same_model(one: str, other: str) -> bool:
    one, other = (re.sub(r"[^a-z0-9]", "", word.lower()) for word in (one, other))
    return one == other or (min(len(one), len(other)) >= _SHORTEST and _alike(one, other))


def _alike(one: str, other: str) -> bool:
    return bool(one and other) and (one in other or other in one)


def _difference(path: str, expected: str, actual: str, remedy: str) -> Difference:
    return Difference(path=path, expected=expected, actual=actual or NOT_FOUND, remedy=remedy)


_RESEAT = "reseat or replace the adapter, then reset the server"
_REPLACED = "the adapter has been replaced; correct the manifest, and what DHCP knows"
_TOO_MUCH = "take the adapter out, or read the manifest in again with its address"
_GPU = "look into the BMC's log; reseat or replace the baseboard, or correct the manifest"
_OTHER_GPU = "this is not the planned model; replace the baseboard, or correct the definition"
