"""The way of a rack into service, step by step."""

from clusterwright.operate.rack.gate import Gate
from clusterwright.operate.rack.gates import (
    coolant,
    cords,
    hosts,
    loop,
    service,
    settings,
    standby_power,
    switches,
)
from clusterwright.operate.rack.outcome import LAST

GATES = (
    Gate(
        step=1,
        name="coolant",
        title="coolant commissioned",
        short="coolant",
        look=coolant.look,
        act=coolant.act,
    ),
    Gate(
        step=2,
        name="oob-switch",
        title="out-of-band switch",
        short="oob",
        look=switches.look_out_of_band,
    ),
    Gate(
        step=3,
        name="standby-power",
        title="standby power",
        short="power",
        look=standby_power.look,
        act=standby_power.act,
    ),
    Gate(
        step=4,
        name="loop",
        title="loop flowing and dry",
        short="loop",
        look=loop.look,
        act=loop.act,
    ),
    Gate(
        step=5,
        name="settings",
        title="settings",
        short="settings",
        look=settings.look,
        act=settings.act,
    ),
    Gate(step=6, name="cords", title="cords proved", short="cords", look=cords.look, act=cords.act),
    Gate(step=7, name="switches", title="switches", short="switches", look=switches.look),
    Gate(
        step=8, name="hosts", title="hosts accepted", short="hosts", look=hosts.look, act=hosts.act
    ),
    Gate(
        step=9, name=LAST, title="in service", short="service", look=service.look, act=service.act
    ),
)
