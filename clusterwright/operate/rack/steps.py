"""The way of a rack into service, step by step."""

from clusterwright.operate.rack.gate import Gate
from clusterwright.operate.rack.gates import cords, settings, standby_power

GATES = (
    Gate(
        step=3,
        name="standby-power",
        title="standby power",
        look=standby_power.look,
        act=standby_power.act,
    ),
    Gate(step=5, name="settings", title="settings", look=settings.look, act=settings.act),
    Gate(step=6, name="cords", title="cords", look=cords.look, act=cords.act),
)
