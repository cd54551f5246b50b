"""What stands where in a rack that is bought whole, and what share of its watts each part has."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clusterwright.catalogue import Catalogue
from clusterwright.catalogue.entry import Air, Liquid, RackSystem
from clusterwright.design.occupant import Occupant
from clusterwright.design.power import shelf_name
from clusterwright.design.racks import RackPlace

NVLINK_TRAY = "nvlink-switch-tray"
"""What cut sheets call it: it is no model of the catalogue, which knows it as part of a rack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one tray has of the watts, the coolant and the air of its rack."""

    watts: int
    liquid_watts: int
    liquid: Liquid
    air: Air


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The lowest unit of each part by kind, and the shares of trays, from the floor upwards.

    Where a maker gives figures for the whole rack only, its trays share them: by rack they are
    right.
    """

    lowest_units: Mapping[str, Sequence[int]]
    trays: Sequence[Share]
    switches: Sequence[Share]
    unknown: tuple[str, ...]


def parts_of(catalogue: Catalogue, system: RackSystem) -> Parts:
    """Return where the parts of a system are and what they draw and give off."""
    keys = ("power_max_watts", "liquid_watts")
    shares = _shares(system, _watts(catalogue, system))
    return Parts(
        lowest_units=_lowest_units(catalogue, system),
        trays=shares[: system.compute_trays.count],
        switches=shares[system.compute_trays.count :],
        unknown=tuple(key for key in keys if getattr(system, key) is None),
    )


def _watts(catalogue: Catalogue, system: RackSystem) -> list[int]:
    """Compute trays have what their maker says, NVLink trays the rest, if one of both is known."""
    trays, switches = system.compute_trays.count, system.nvlink_trays.count
    each = catalogue.servers[system.compute_trays.model].power_max_watts
    each_switch, total = system.nvlink_trays.power_max_watts, system.power_max_watts or 0
    if each and not each_switch:
        return [*([each] * trays), *share_out(max(0, total - trays * each), [1.0] * switches)]
    return share_out(
        total, [float(each or each_switch or 1)] * trays + [float(each_switch or 1)] * switches
    )


def _shares(system: RackSystem, watts: Sequence[int]) -> list[Share]:
    liquid_watts = share_out(system.liquid_watts or 0, [float(one) for one in watts])
    air_watts = [all_of_it - wet for all_of_it, wet in zip(watts, liquid_watts, strict=True)]
    lpm, cfm = system.liquid.flow_lpm, system.air.flow_cfm
    wet, dry = sum(liquid_watts) or 1, sum(air_watts) or 1
    return [
        Share(
            watts=watts[k],
            liquid_watts=liquid_watts[k],
            liquid=system.liquid.model_copy(
                update={"flow_lpm": lpm and lpm * liquid_watts[k] / wet}
            ),
            air=system.air.model_copy(update={"flow_cfm": cfm and cfm * air_watts[k] / dry}),
        )
        for k in range(len(watts))
    ]


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Split whole watts by weight so that nothing is lost to rounding."""
    whole, so_far, given = sum(weights), 0.0, 0
    shares = []
    for weight in weights:
        so_far += weight
        share = round(total * so_far / whole) - given if whole else 0
        given += share
        shares.append(share)
    return shares


def _lowest_units(catalogue: Catalogue, system: RackSystem) -> Mapping[str, Sequence[int]]:
    heights = {
        "compute_trays": catalogue.servers[system.compute_trays.model].height_units,
        "nvlink_trays": system.nvlink_trays.height_units,
        "power_shelves": catalogue.power_shelves[system.power_shelves.model].height_units,
    }
    if system.management_switches:
        model = catalogue.switches[system.management_switches.model]
        heights["management_switches"] = model.height_units
    units: dict[str, list[int]] = {part: [] for part in heights}
    lowest = 1
    for block in system.layout:
        for _ in range(block.count):
            units[block.part].append(lowest)
            lowest += heights[block.part]
    return units


def list_fixed(catalogue: Catalogue, rack: RackPlace, parts: Parts) -> Iterator[Occupant]:
    """Yield what comes with a rack beside its compute trays."""
    system, units = rack.system, parts.lowest_units
    if system is None:
        return
    shelf = catalogue.power_shelves[system.power_shelves.model]
    for k, at in enumerate(units["power_shelves"]):
        yield replace(
            _part(rack, shelf_name(rack.name, k), at),
            kind="power-shelf",
            model=system.power_shelves.model,
            height_units=shelf.height_units,
        )
    for k, at in enumerate(units["nvlink_trays"]):
        yield replace(
            _part(rack, nvlink_tray_name(rack.name, k), at),
            height_units=system.nvlink_trays.height_units,
            power_watts=parts.switches[k].watts,
            liquid_watts=parts.switches[k].liquid_watts,
            liquid=parts.switches[k].liquid,
            air=parts.switches[k].air,
            unknown=parts.unknown,
        )
    for k, at in enumerate(units.get("management_switches", ())):
        model = system.management_switches.model if system.management_switches else ""
        yield replace(
            _part(rack, tor_name(rack.name, k), at),
            kind="switch",
            model=model,
            height_units=catalogue.switches[model].height_units,
        )


def nvlink_tray_name(rack: str, ordinal: int) -> str:
    """Name one NVLink switch of a rack, counted from 0."""
    return f"{rack}-nvl{ordinal + 1}"


def tor_name(rack: str, ordinal: int) -> str:
    """Name one management switch that comes with a rack, counted from 0."""
    return f"{rack}-tor{ordinal + 1}"


def _part(rack: RackPlace, name: str, at: int) -> Occupant:
    return Occupant(
        name=name,
        kind="nvlink-switch",
        model=NVLINK_TRAY,
        rack=rack.name,
        height_units=1,
        power_watts=0,
        liquid_watts=0,
        supplies=None,
        from_top=False,
        path=(*rack.path, "system"),
        busbar=True,
        system=rack.group.system or "",
        fixed_at=at,
    )
