"""Changed properties as the engine reads them."""

from pulumi.runtime.proto import provider_pb2

from clusterwright.provider.compare import ChangeKind, PropertyChange

_DIFF_KINDS = {
    ChangeKind.ADD: provider_pb2.PropertyDiff.ADD,
    ChangeKind.UPDATE: provider_pb2.PropertyDiff.UPDATE,
    ChangeKind.DELETE: provider_pb2.PropertyDiff.DELETE,
}


def diff_response(
    found: tuple[PropertyChange, ...], identity: tuple[str, ...] = ()
) -> provider_pb2.DiffResponse:
    """Return the changes; one of a property in `identity` replaces the resource."""
    some = provider_pb2.DiffResponse.DIFF_SOME
    return provider_pb2.DiffResponse(
        changes=some if found else provider_pb2.DiffResponse.DIFF_NONE,
        diffs=sorted({change.top for change in found}),
        replaces=sorted({change.top for change in found if change.top in identity}),
        hasDetailedDiff=True,
        detailedDiff={
            change.path: _property_diff(change, replaces=change.top in identity) for change in found
        },
    )


def _property_diff(change: PropertyChange, *, replaces: bool) -> provider_pb2.PropertyDiff:
    kind = _DIFF_KINDS[change.kind]
    # Each kind of the protocol is followed by the one that says "by replacing".
    number = provider_pb2.PropertyDiff.Kind.ValueType(kind + 1 if replaces else kind)
    return provider_pb2.PropertyDiff(kind=number, inputDiff=change.path != "pending")
