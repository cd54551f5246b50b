"""Hardware and driver releases as data: one file per model, each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml

from clusterwright.catalogue.entry import (
    Cable,
    Cdu,
    Coolant,
    DriverRelease,
    Entry,
    Gpu,
    Nic,
    Pdu,
    PowerShelf,
    RackModel,
    RackSystem,
    Server,
    StorageSystem,
    Switch,
    Transceiver,
)
from clusterwright.catalogue.own_models import OwnModels
from clusterwright.errors import DefinitionError

_FOLDER = Path(__file__).parent
# The parser in C reads the whole catalogue in a tenth of the time, where PyYAML was built with it.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every known model, by kind and name. Fields are named as the folders are."""

    servers: Mapping[str, Server]
    gpus: Mapping[str, Gpu]
    rack_systems: Mapping[str, RackSystem]
    switches: Mapping[str, Switch]
    nics: Mapping[str, Nic]
    transceivers: Mapping[str, Transceiver]
    cables: Mapping[str, Cable]
    racks: Mapping[str, RackModel]
    pdus: Mapping[str, Pdu]
    power_shelves: Mapping[str, PowerShelf]
    cdus: Mapping[str, Cdu]
    coolants: Mapping[str, Coolant]
    storage: Mapping[str, StorageSystem]
    drivers: Mapping[str, DriverRelease]


def load_catalogue(*folders: Path) -> Catalogue:
    """Read every entry that comes with the project, and those in `folders`, which win by name.

    Raises:
        DefinitionError: with every mistake in the files of `folders`.
    """
    own = OwnModels(folders)

    def read(kind: str, model: type[E]) -> dict[str, E]:
        return {**_ours(kind, model), **own.read(kind, model)}

    catalogue = Catalogue(
        servers=read("servers", Server),
        gpus=read("gpus", Gpu),
        rack_systems=read("rack_systems", RackSystem),
        switches=read("switches", Switch),
        nics=read("nics", Nic),
        transceivers=read("transceivers", Transceiver),
        cables=read("cables", Cable),
        racks=read("racks", RackModel),
        pdus=read("pdus", Pdu),
        power_shelves=read("power_shelves", PowerShelf),
        cdus=read("cdus", Cdu),
        coolants=read("coolants", Coolant),
        storage=read("storage", StorageSystem),
        drivers=read("drivers", DriverRelease),
    )
    known = {kind: list(getattr(catalogue, kind)) for kind in Catalogue.__dataclass_fields__}
    if mistakes := own.find_mistakes(known):
        raise DefinitionError(mistakes)
    return catalogue


# Nothing of ours changes while a process runs, and entries are frozen: it reads them once.
@cache
def _ours(kind: str, model: type[E]) -> Mapping[str, E]:
    files = sorted((_FOLDER / kind).glob("*.yml"))
    return {file.stem: model.model_validate(_parse(file)) for file in files}


def _parse(file: Path) -> object:
    return yaml.load(file.read_text(), Loader=_Loader)  # noqa: S506 - both loaders are safe ones
