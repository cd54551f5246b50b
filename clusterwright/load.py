"""Read the definition of a site and what lies beside it."""

from collections.abc import Collection
from dataclasses import dataclass

from clusterwright.catalogue import Catalogue, load_catalogue
from clusterwright.errors import DefinitionError
from clusterwright.model.record import Record
from clusterwright.model.recorded_holes import with_holes
from clusterwright.model.references import find_problems
from clusterwright.model.site import Site
from clusterwright.model.systems import fill_in
from clusterwright.record_file import read_record
from clusterwright.site_folder import SiteFolder
from clusterwright.yaml_file import Source, read_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSite:
    """A definition with everything that design needs beside it."""

    site: Site
    record: Record
    catalogue: Catalogue
    source: Source


def load_site(folder: SiteFolder, *, standing: Collection[str] = ()) -> LoadedSite:
    """Read a definition, its record, and the models of its own.

    Devices in `standing` are where they were, though the record has holes there.

    Raises:
        DefinitionError: with every mistake of syntax, else of form, else of reference.
    """
    catalogue = load_catalogue(folder.catalogue)
    site, source = read_yaml(folder.definition, Site)
    site = fill_in(site, catalogue)
    problems = find_problems(site, catalogue)
    if problems:
        raise DefinitionError(tuple(source.mistake(problem) for problem in problems))
    record = read_record(folder.record)
    holes = tuple(name for name in record.holes if name not in standing)
    record = record.model_copy(update={"holes": holes})
    site = with_holes(site, record)
    return LoadedSite(site=site, record=record, catalogue=catalogue, source=source)
