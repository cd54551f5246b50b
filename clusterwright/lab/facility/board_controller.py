"""The management controller of a board in a server: of the GPUs' HGX board, or of a DPU.

Each is a service of its own, with accounts, a certificate and firmware; the host's BMC knows
nothing of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from clusterwright.design.plan import Controller
from clusterwright.lab.facility import board_tree
from clusterwright.lab.facility.bmc import Bmc
from clusterwright.lab.facility.firmware import AUX, MANAGER, Component
from clusterwright.lab.facility.parts import parts_of
from clusterwright.lab.facility.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What such a board is called in Redfish, and what has firmware of its own on it."""

    manager: str
    system: str
    chassis: str
    title: str
    components: tuple[Component, ...]


BOARDS: Mapping[str, Board] = {
    "hgx": Board(
        manager="HGX_BMC_0",
        system="HGX_Baseboard_0",
        chassis="HGX_Chassis_0",
        title="HGX baseboard",
        components=(
            Component(name="HGX_FW_BMC_0", activation=MANAGER, factory="25.01.1"),
            Component(name="HGX_FW_FPGA_0", activation=AUX, factory="3.1"),
        ),
    ),
    "dpu": Board(
        manager="Bluefield_BMC",
        system="Bluefield",
        chassis="Card1",
        title="BlueField DPU",
        components=(
            Component(name="BMC_Firmware", activation=MANAGER, factory="24.10.17"),
            Component(name="DPU_NIC", activation=AUX, factory="32.43.1014"),
            Component(name="DPU_UEFI", activation=AUX, factory="4.9.0"),
        ),
    ),
}


class BoardController:
    """One emulated controller of a board in the server of `bmc`."""

    def __init__(self, bmc: Bmc, controller: Controller, settings: Settings) -> None:
        self.bmc, self.controller = bmc, controller
        self.kind = controller.secret.partition("/")[0].rstrip("0123456789")
        self.board = BOARDS[self.kind]
        self.service = settings.service(controller, controller.name, lambda: board_tree.place(self))
        self.tree, self.tasks = self.service.tree, self.service.tasks
        self.parts = parts_of(
            self.service,
            self.board.components,
            model=controller.model or self.board.title,
            manager_firmware=self.board.components[0].name,
            delivered=settings.certificate(controller)[0],
            transfer_s=settings.post_s,
        )
        bmc.boards.append(self.parts.firmware)

    async def close(self) -> None:
        """End what is under way."""
        await self.service.close()
