"""Hardware and driver releases as data: one file per model, each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml

from clusterwright.catalogue.entry import (
    Cable,
    Cdu,
    DriverRelease,
    Entry,
    Gpu,
    Pdu,
    RackModel,
    Server,
    Switch,
)

_FOLDER = Path(__file__).parent
E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every known model, by kind and name."""

    servers: Mapping[str, Server]
    gpus: Mapping[str, Gpu]
    switches: Mapping[str, Switch]
    cdus: Mapping[str, Cdu]
    pdus: Mapping[str, Pdu]
    racks: Mapping[str, RackModel]
    cables: Mapping[str, Cable]
    drivers: Mapping[str, DriverRelease]


def _read(kind: str, model: type[E]) -> dict[str, E]:
    files = sorted((_FOLDER / kind).glob("*.yml"))
    return {file.stem: model.model_validate(yaml.safe_load(file.read_text())) for file in files}


def load_catalogue() -> Catalogue:
    """Read every entry that comes with the project."""
    return Catalogue(
        servers=_read("servers", Server),
        gpus=_read("gpus", Gpu),
        switches=_read("switches", Switch),
        cdus=_read("cdus", Cdu),
        pdus=_read("pdus", Pdu),
        racks=_read("racks", RackModel),
        cables=_read("cables", Cable),
        drivers=_read("drivers", DriverRelease),
    )
