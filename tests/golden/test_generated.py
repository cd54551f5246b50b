"""The rendered files beside each definition are those that it renders to today.

`make golden` writes them anew; what changed is then reviewed like any other change.
"""

import pytest

from clusterwright.design import design
from clusterwright.load import load_site
from clusterwright.render import ARTEFACTS, COMMITTED, encode, render
from clusterwright.site_folder import PROJECT, find_site

NOT_COMMITTED = frozenset(artefact.what for artefact in ARTEFACTS) - COMMITTED


@pytest.mark.parametrize("site", ["lab", "h100-su"])
def test_generated_files_are_current(site):
    folder = find_site(site)
    plan = design(load_site(folder))
    rendered = {path: encode(content) for path, content in render(plan, COMMITTED).items()}
    others = render(plan, NOT_COMMITTED)
    written = {
        str(file.relative_to(folder.generated)): file.read_bytes()
        for file in folder.generated.rglob("*")
        if file.is_file() and str(file.relative_to(folder.generated)) not in others
    }
    assert written.keys() == rendered.keys()
    assert [path for path in rendered if rendered[path] != written[path]] == []


def test_what_is_not_committed_is_ignored_by_git():
    plan = design(load_site(find_site("lab")))
    ignored = (PROJECT / ".gitignore").read_text().splitlines()
    for path in render(plan, NOT_COMMITTED):
        folder = path.partition("/")[0] + "/" * ("/" in path)
        assert f"inventory/*/generated/{folder}" in ignored
