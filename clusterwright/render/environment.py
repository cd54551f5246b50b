"""The one Jinja2 environment, and the one way to write YAML and JSON."""

import json
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from clusterwright.site_folder import PROJECT

# The writer in C takes a tenth of the time, where PyYAML was built with it.
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_environment = Environment(
    loader=FileSystemLoader(PROJECT / "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    # Configuration files are no HTML; what a device says of itself must not become some.
    autoescape=select_autoescape(("html.j2",), default=False),
)


def render_template(template: str, **view: object) -> str:
    """Render `templates/<template>` from a complete view; a missing value is an error."""
    return _environment.get_template(template).render(template_name=template, **view)


def render_yaml(tree: Any, origin: str) -> str:
    """Write YAML with keys in the order given, under a line that says where it comes from."""
    text: str = yaml.dump(tree, Dumper=_Dumper, sort_keys=False, width=100, explicit_start=True)
    return f"# Generated from {origin}. Do not edit.\n{text}"


def render_json(tree: Any) -> str:
    """Write JSON with sorted keys, two spaces of indentation and a final line feed."""
    return json.dumps(tree, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
