"""Every entry of the catalogue loads, and what one entry says of another is true."""

from dataclasses import fields

import pytest

from clusterwright.catalogue import Catalogue, load_catalogue
from clusterwright.catalogue.entry import Entry
from clusterwright.catalogue.references import references_of
from clusterwright.site_folder import PROJECT

CATALOGUE: Catalogue = load_catalogue()
KINDS = [field.name for field in fields(CATALOGUE)]
ENTRIES: dict[str, Entry] = {
    f"{kind}/{name}": entry for kind in KINDS for name, entry in getattr(CATALOGUE, kind).items()
}


def test_every_kind_has_entries():
    assert [kind for kind in KINDS if not getattr(CATALOGUE, kind)] == []


def test_every_file_is_read():
    folder = PROJECT / "clusterwright/catalogue"
    files = {str(file.relative_to(folder).with_suffix("")) for file in folder.glob("*/*.y*ml")}
    assert files == set(ENTRIES)


@pytest.mark.parametrize("name", ENTRIES)
def test_every_model_that_an_entry_names_exists(name):
    for reference in references_of(ENTRIES[name]):
        assert reference.name in getattr(CATALOGUE, reference.kind), (name, reference.path)


def test_every_server_names_a_gpu():
    """Guards `references_of` itself: if it said nothing, the test above would pass."""
    named = {server.gpus.model for server in CATALOGUE.servers.values() if server.gpus}
    said = {
        reference.name
        for server in CATALOGUE.servers.values()
        for reference in references_of(server)
        if reference.kind == "gpus"
    }
    assert said == named != set()


def test_titles_are_told_apart():
    titles = [entry.title for entry in ENTRIES.values()]
    assert sorted(titles) == sorted(set(titles))


def test_a_driver_release_is_named_after_the_version_its_driver_packages_have():
    for version, release in CATALOGUE.drivers.items():
        assert version.startswith(f"{release.branch}.")
        assert f"nvidia-open-{release.branch}" in {package.name for package in release.packages}
        versions = {p.version for p in release.packages if "nvidia" in p.name}
        assert {v.rsplit("-", 1)[0] for v in versions} == {version}
