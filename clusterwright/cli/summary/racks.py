"""Racks: what stands in them, and how full they are."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from clusterwright.cli.summary.block import print_table
from clusterwright.design.plan import Mount, Rack, SitePlan
from clusterwright.spans import spans

_NUMBERS = ("units", "power", "of limit", "to liquid", "to air")


def print_racks(plan: SitePlan, console: Console) -> None:
    """Print a line for all racks that are filled alike."""
    contents = _contents(plan)
    alike: dict[tuple[str, ...], list[str]] = {}
    cooled = {name for loop in plan.loops for name in loop.racks}
    for rack in plan.racks:
        row = _row(rack, contents.get(rack.name, ()), on_loop=rack.name in cooled)
        alike.setdefault(row, []).append(rack.name)
    rows = [(spans(names), *row) for row, names in alike.items()]
    print_table(console, ("racks", *_NUMBERS, "each with"), rows, numbers=_NUMBERS)


def _contents(plan: SitePlan) -> dict[str, list[tuple[str, Mount]]]:
    """Return model and mount of whatever stands in each rack."""
    devices: list[tuple[str, Mount]] = [(host.server, host.mount) for host in plan.hosts]
    devices += [(one.model, one.mount) for one in plan.storage_servers]
    devices += [(one.model, one.mount) for one in plan.switches]
    devices += [(one.model, one.mount) for one in plan.power_shelves]
    devices += [(one.model, one.mount) for one in plan.equipment if one.mount]
    devices += [("panel", one.mount) for one in plan.panels]
    inside: dict[str, list[tuple[str, Mount]]] = {}
    for model, mount in devices:
        inside.setdefault(mount.rack, []).append((model, mount))
    return inside


def _row(rack: Rack, devices: Sequence[tuple[str, Mount]], *, on_loop: bool) -> tuple[str, ...]:
    models = Counter(model for model, _ in devices)
    units = sum(mount.height_units for _, mount in devices)
    return (
        f"{units} of {rack.height_units}",
        f"{rack.power_watts / 1000:.1f} kW",
        f"{100 * rack.power_watts / rack.power_limit_watts:.0f} %",
        *_heat(rack, on_loop=on_loop),
        ", ".join(f"{count} × {model}" for model, count in models.most_common()) or "–",
    )


def _heat(rack: Rack, *, on_loop: bool) -> tuple[str, str]:
    """Return the heat to liquid and to air: on a loop, none to liquid is not known."""
    air = f"{rack.air_watts / 1000:.1f} kW"
    if on_loop and rack.power_watts and not rack.liquid_watts:
        return "–", f"≤ {air}"
    return f"{rack.liquid_watts / 1000:.1f} kW", air
