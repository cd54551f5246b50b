"""The rendered files beside each definition are those that it renders to today.

`make golden` writes them anew; what changed is then reviewed like any other change.
"""

import pytest

from clusterwright.design import design
from clusterwright.load import load_site
from clusterwright.render import encode, render
from clusterwright.site_folder import find_site


@pytest.mark.parametrize("site", ["lab", "h100-su"])
def test_generated_files_are_current(site):
    folder = find_site(site)
    rendered = {
        path: encode(content) for path, content in render(design(load_site(folder))).items()
    }
    written = {
        str(file.relative_to(folder.generated)): file.read_bytes()
        for file in folder.generated.rglob("*")
        if file.is_file()
    }
    assert written.keys() == rendered.keys()
    assert [path for path in rendered if rendered[path] != written[path]] == []
