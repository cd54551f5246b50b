"""Loops of coolant with their CDUs."""

from collections.abc import Iterator, Mapping

from clusterwright.catalogue.entry import Cdu as CduModel
from clusterwright.design.addresses import Addresses
from clusterwright.design.cooling.borne import limits_of
from clusterwright.design.cooling.duty import Duty
from clusterwright.design.cooling.pumps import pumps_of
from clusterwright.design.plan import Controller, CoolingLoop, LeakReactions, Valve
from clusterwright.design.racks import RackPlace
from clusterwright.load import LoadedSite
from clusterwright.model.loop import Cdu, LeakReaction, Loop

_REACTIONS = {
    None: "",
    "none": "None",
    "graceful-shutdown": "GracefulShutdown",
    "force-off": "ForceOff",
    "close-valve": "ForceOff",
}
"""In Redfish's words. A CDU has nothing to switch off but its flow."""


def plan_loops(
    loaded: LoadedSite,
    addresses: Addresses,
    duties: tuple[Duty, ...],
    racks: Mapping[str, RackPlace],
) -> tuple[CoolingLoop, ...]:
    """Return every CDU of every loop with its controller and set points."""
    common = loaded.site.facility.cooling.leak
    return tuple(
        _loop(duty, cdu, model, addresses, racks, duty.loop.leak or common)
        for duty in duties
        for cdu, model in zip(duty.loop.cdus, duty.models, strict=True)
    )


def _loop(  # noqa: PLR0913, PLR0917 - what a loop is made of
    duty: Duty,
    cdu: Cdu,
    model: CduModel,
    addresses: Addresses,
    racks: Mapping[str, RackPlace],
    leak: LeakReaction | None,
) -> CoolingLoop:
    loop = duty.loop
    cooled = (one.name for one in duty.wet if one.kind == "node" and one.present)
    name = loop.name if cdu is loop.cdu else f"{loop.name}-{cdu.name}"
    return CoolingLoop(
        name=name,
        circuit=loop.name,
        cdu=cdu.name,
        cdu_model=cdu.model,
        controller=Controller(
            name=cdu.name, address=addresses.oob[cdu.name], secret=f"cdu/{cdu.name}"
        ),
        racks=loop.racks,
        supply_temperature_c=loop.supply_temperature_c,
        differential_pressure_kpa=loop.differential_pressure_kpa,
        flow_lpm=loop.flow_lpm and round(loop.flow_lpm / len(loop.cdus), 1),
        control_mode=loop.control_mode,
        cooled=tuple(cooled),
        pumps=pumps_of(loop, model),
        valves=tuple(_valves(loop, name)),
        limits=limits_of(duty, racks),
        leak=LeakReactions(
            nodes=_REACTIONS[leak.nodes if leak else None],
            cdu=_REACTIONS[leak.cdus if leak else None],
            delay_s=leak.delay_s if leak else 0,
        ),
    )


def _valves(loop: Loop, own_name: str) -> Iterator[Valve]:
    """Yield the CDU's own valve, and with the first CDU those of the racks."""
    for name, state in loop.valves.items():
        if name == loop.name:
            yield Valve(name=own_name, state=state.capitalize())
        elif own_name == loop.name:
            yield Valve(name=name, state=state.capitalize())
