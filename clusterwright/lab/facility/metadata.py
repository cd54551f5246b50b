"""The two OData documents, derived from the types that a tree holds."""

from clusterwright.lab.facility.tree import ROOT, Body, Tree

METADATA = f"{ROOT}/$metadata"
ODATA = f"{ROOT}/odata"
_SCHEMAS = "http://redfish.dmtf.org/schemas/v1"


def metadata(tree: Tree) -> str:
    """Return the service metadata: one reference for each schema in use."""
    used: dict[str, set[str]] = {"RedfishExtensions": {"RedfishExtensions.v1_0_0"}}
    for path in tree.paths:
        _collect(tree.read(path), used)
    references = "\n".join(_reference(name, used[name]) for name in sorted(used))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0">\n'
        f"{references}\n"
        "<edmx:DataServices>\n"
        '<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="Service">\n'
        '<EntityContainer Name="Service" Extends="ServiceRoot.v1_20_0.ServiceContainer"/>\n'
        "</Schema>\n</edmx:DataServices>\n</edmx:Edmx>\n"
    )


def _collect(value: object, used: dict[str, set[str]]) -> None:
    if isinstance(value, list):
        for item in value:
            _collect(item, used)
    if not isinstance(value, dict):
        return
    if kind := value.get("@odata.type"):
        namespace = kind.removeprefix("#").rpartition(".")[0]
        schema = namespace.partition(".")[0]
        used.setdefault(schema, {schema}).add(namespace)
    for item in value.values():
        _collect(item, used)


def _reference(schema: str, namespaces: set[str]) -> str:
    includes = "".join(
        f'<edmx:Include Namespace="{namespace}"'
        + (' Alias="Redfish"' if schema == "RedfishExtensions" else "")
        + "/>"
        for namespace in sorted(namespaces)
    )
    return f'<edmx:Reference Uri="{_SCHEMAS}/{schema}_v1.xml">{includes}</edmx:Reference>'


def service_document(tree: Tree) -> Body:
    """Return the OData service document: the service root's own links."""
    root = tree.read(ROOT)
    links = {name: value["@odata.id"] for name, value in root.items() if _is_link(value)}
    return {
        "@odata.context": METADATA,
        "value": [
            {"name": "Service", "kind": "Singleton", "url": f"{ROOT}/"},
            *({"name": name, "kind": "Singleton", "url": url} for name, url in links.items()),
        ],
    }


def _is_link(value: object) -> bool:
    return isinstance(value, dict) and "@odata.id" in value
