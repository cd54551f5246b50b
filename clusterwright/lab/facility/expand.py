"""The query $expand: linked resources in place of their links (DSP0266, "The $expand query")."""

import re
from typing import Any

from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.tree import Body, RefusalError, Tree

MOST_LEVELS = 3
FEATURES = {
    "ExpandAll": True,
    "Links": True,
    "NoLinks": True,
    "Levels": True,
    "MaxLevels": MOST_LEVELS,
}
_FORM = re.compile(r"([.~*])(?:\(\$levels=(\d+)\))?")


def expand(tree: Tree, body: Body, query: str) -> Body:
    """Return `body` with what it links to: `.` all but Links, `~` only Links, `*` both."""
    match = _FORM.fullmatch(query)
    if match is None:
        raise RefusalError(400, message("QueryParameterValueFormatError", query, "$expand"))
    levels = int(match[2] or 1)
    if not 1 <= levels <= MOST_LEVELS:
        raise RefusalError(400, message("QueryParameterOutOfRange", query, "$expand"))
    return _Expansion(tree, which=match[1]).body(body, levels)


class _Expansion:
    def __init__(self, tree: Tree, *, which: str) -> None:
        self._tree = tree
        self._which = which

    def body(self, body: Body, levels: int) -> Body:
        return {
            name: self._value(value, levels, in_links=name == "Links")
            for name, value in body.items()
        }

    def _value(self, value: Any, levels: int, *, in_links: bool) -> Any:
        if isinstance(value, list):
            return [self._value(item, levels, in_links=in_links) for item in value]
        if not isinstance(value, dict):
            return value
        if value.keys() == {"@odata.id"}:
            return self._linked(value, levels, in_links=in_links)
        return {
            name: self._value(item, levels, in_links=in_links or name == "Links")
            for name, item in value.items()
        }

    def _linked(self, value: Body, levels: int, *, in_links: bool) -> Body:
        wanted = self._which == "*" or (self._which == "~") == in_links
        path = value["@odata.id"]
        if not wanted or self._tree.find(path) is None:
            return value
        found = self._tree.read(path)
        return self.body(found, levels - 1) if levels > 1 else found
