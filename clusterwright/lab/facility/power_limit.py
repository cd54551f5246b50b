"""The power cap of a server, as a Control and as an excerpt of it."""

from clusterwright.lab.facility.checks import number, one_of
from clusterwright.lab.facility.fragments import healthy
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.node_memory import NodeMemory
from clusterwright.lab.facility.tree import Body, Tree, Writable

MODES = ("Automatic", "Disabled")


class PowerLimit:
    """What a server may draw: from a third of its maximum to all of it."""

    def __init__(self, memory: Memory[NodeMemory], *, most_watts: float) -> None:
        self._memory, self._most_watts = memory, most_watts

    def applied(self, watts: float) -> float:
        """Return what is drawn of what is wanted."""
        state = self._memory.state
        return min(watts, state.power_limit_watts) if state.power_limit_mode == MODES[0] else watts

    def place(self, tree: Tree, chassis: str) -> None:
        """Place the control."""
        path = f"{chassis}/Controls"
        tree.add_collection(path, "Control", "Controls")

        def shown() -> Body:
            return {
                "@odata.type": "#Control.v1_7_0.Control",
                "Id": "PowerLimit",
                "Name": "Power limit of the system",
                "ControlType": "Power",
                "SetPointType": "Single",
                "SetPointUnits": "W",
                "PhysicalContext": "Chassis",
                "Status": healthy(),
                **self._set_point(),
            }

        tree.add(f"{path}/PowerLimit", shown, writable=self.writable(""))

    def excerpt(self, chassis: str) -> Body:
        """Return the control as other resources show it."""
        return {**self._set_point(), "DataSourceUri": f"{chassis}/Controls/PowerLimit"}

    def writable(self, prefix: str) -> dict[str, Writable]:
        """Return what PATCH may change, where the control lies under `prefix`."""
        return {
            f"{prefix}SetPoint": Writable(
                check=number(self._least_watts, self._most_watts),
                write=lambda watts: self._memory.update(power_limit_watts=float(watts)),
            ),
            f"{prefix}ControlMode": Writable(
                check=one_of(*MODES), write=lambda mode: self._memory.update(power_limit_mode=mode)
            ),
        }

    @property
    def _least_watts(self) -> float:
        return round(self._most_watts / 3)

    def _set_point(self) -> Body:
        state = self._memory.state
        return {
            "SetPoint": state.power_limit_watts or self._most_watts,
            "ControlMode": state.power_limit_mode,
            "AllowableMin": self._least_watts,
            "AllowableMax": self._most_watts,
        }
