"""What feeds the racks of each group: feeds, PDUs, power shelves, and what must be kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

from clusterwright.catalogue.entry import OutletBank, Pdu, PowerShelf, Trays
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite
from clusterwright.model.facility import RackGroup
from clusterwright.model.power import Keep, RackShelves

NORMAL = ""
"""The case in which no feed is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeding:
    """What feeds each rack of a group. PDUs are counted feed by feed, from 0."""

    path: DefinitionPath
    feeds: tuple[str, ...]
    own_feeds: bool
    """Whether the group names its feeds, and does not just take the site's."""
    keep: Keep
    pdu_model: str
    pdu: Pdu | None
    per_feed: int
    shelf_model: str
    shelf: PowerShelf | None
    shelf_count: int
    continuous_load: float
    power_factor: float
    pdus_hold: tuple[bool, bool] = (True, True)
    """Whether the PDUs hold a sequence, and alarms."""

    @property
    def cases(self) -> tuple[str, ...]:
        """Normal operation, and each feed that may be lost."""
        return (NORMAL, *self.feeds)

    @property
    def promised(self) -> tuple[str, ...]:
        """The cases in which all limits hold: normal operation alone where nothing is kept."""
        return self.cases[:1] if self.keep == "none" else self.cases

    @property
    def pdu_feeds(self) -> tuple[str, ...]:
        """The feed of each PDU of a rack."""
        return tuple(feed for feed in self.feeds for _ in range(self.per_feed)) if self.pdu else ()

    @property
    def banks(self) -> tuple[OutletBank, ...]:
        return self.pdu.banks if self.pdu else ()

    def pdu_names(self, rack: str) -> tuple[str, ...]:
        """Name the PDUs of a rack; a second one of a feed leaves the first its name."""
        ordinals = [k for _ in self.feeds for k in range(1, self.per_feed + 1)]
        return tuple(
            f"{rack}-pdu-{feed.lower()}{k if k > 1 else ''}"
            for feed, k in zip(self.pdu_feeds, ordinals, strict=False)
        )

    @property
    def line_amps(self) -> float | None:
        """What a phase of a PDU may carry for hours, at its rating and behind its breaker."""
        if self.pdu is None:
            return None
        limits = [self.pdu.input_amps * self.continuous_load] if self.pdu.input_amps else []
        volts = self._line_volts
        if self.pdu.rated_va and volts:
            limits.append(self._continuous_va(self.pdu.rated_va) / volts)
        return min(limits, default=None)

    @property
    def limit_va(self) -> float | None:
        """What a PDU may give for hours, all phases together."""
        if self.pdu is None:
            return None
        limits = [self._continuous_va(self.pdu.rated_va)] if self.pdu.rated_va else []
        if self.line_amps and self._line_volts:
            limits.append(self.line_amps * self._line_volts)
        if self.pdu.power_limit_watts:
            limits.append(self.pdu.power_limit_watts / self.power_factor)
        return min(limits, default=None)

    def _continuous_va(self, rated_va: float) -> float:
        """A rating that already is continuous is not derated again."""
        continuous = self.pdu is not None and self.pdu.rating_is_continuous
        return rated_va if continuous else rated_va * self.continuous_load

    @property
    def _line_volts(self) -> float | None:
        """Volts that, times the amperes of one line, are the power of all."""
        if self.pdu is None or not self.pdu.phases:
            return None
        if self.pdu.phases == 3:
            return self.pdu.line_volts * sqrt(3) if self.pdu.line_volts else None
        return self.pdu.outlet_volts


def list_feedings(loaded: LoadedSite) -> Mapping[DefinitionPath, Feeding]:
    """Return what feeds the racks of each group, by the group's path."""
    return dict(_feedings(loaded))


def _feedings(loaded: LoadedSite) -> Iterator[tuple[DefinitionPath, Feeding]]:
    for i, group in enumerate(loaded.site.facility.racks):
        path: DefinitionPath = ("facility", "racks", i)
        yield path, _feeding(loaded, group, path)


def _feeding(loaded: LoadedSite, group: RackGroup, path: DefinitionPath) -> Feeding:
    facility, catalogue = loaded.site.facility, loaded.catalogue
    shelves = _shelves(loaded, group)
    return Feeding(
        path=path,
        feeds=group.feeds or tuple(feed.name for feed in facility.feeds),
        own_feeds=bool(group.feeds),
        keep=group.keep or facility.power.keep,
        pdu_model=group.pdus.model if group.pdus else "",
        pdu=catalogue.pdus[group.pdus.model] if group.pdus else None,
        per_feed=group.pdus.per_feed if group.pdus else 0,
        shelf_model=shelves.model if shelves else "",
        shelf=catalogue.power_shelves[shelves.model] if shelves else None,
        shelf_count=shelves.count if shelves else 0,
        continuous_load=facility.power.continuous_load,
        power_factor=facility.power.power_factor,
        pdus_hold=(group.pdus.sequence, group.pdus.alarms) if group.pdus else (True, True),
    )


def power_devices(loaded: LoadedSite) -> Mapping[str, tuple[str, ...]]:
    """Name the PDUs and power shelves of each rack."""
    feedings = list_feedings(loaded)
    return {
        rack: (
            *feedings[path].pdu_names(rack),
            *(shelf_name(rack, k) for k in range(shelves.count if shelves else 0)),
        )
        for path, group in zip(feedings, loaded.site.facility.racks, strict=True)
        for shelves in [_shelves(loaded, group)]
        for rack in group.names
    }


def _shelves(loaded: LoadedSite, group: RackGroup) -> RackShelves | Trays | None:
    """Return those of the group, or those that come with a rack that is bought whole."""
    if group.system:
        return loaded.catalogue.rack_systems[group.system].power_shelves
    return group.shelves


def shelf_name(rack: str, ordinal: int) -> str:
    """Name one power shelf, counted from 0."""
    return f"{rack}-shelf{ordinal + 1}"
