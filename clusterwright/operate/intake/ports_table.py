"""Where MACs were seen: a table of switch ports, as switches and their tools export it."""

import csv
import io
from pathlib import Path

from clusterwright.errors import UsageError
from clusterwright.operate.intake.clues import Ports
from clusterwright.operate.intake.columns import plain
from clusterwright.operate.intake.parse import mac_of
from clusterwright.operate.intake.places import SwitchPort

_COLUMNS = {
    "mac": "mac macaddress chassisid neighbormac neighbourmac",
    "switch": "switch switchname hostname device system local localhost",
    "port": "port interface localport localinterface switchport ifname",
}


def read_ports(file: Path) -> Ports:
    """Read a CSV with the columns MAC, switch and port.

    Raises:
        UsageError: it cannot be read, lacks a column, or a row makes no sense.
    """
    try:
        lines = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"ports {file}: cannot be read ({error})") from error
    header = [plain(cell) for cell in lines[0]] if lines else []
    at = {field: _find(header, words.split()) for field, words in _COLUMNS.items()}
    if lacking := [field for field, i in at.items() if i is None]:
        raise UsageError(
            f"ports {file}: has no column {' and no '.join(lacking)}: its first row must name "
            "mac, switch and port"
        )
    ports: dict[str, SwitchPort] = {}
    wrong = []
    for number, cells in enumerate(lines[1:], start=2):
        values = {field: _cell(cells, i) for field, i in at.items()}
        mac = mac_of(values["mac"])
        if mac and ports.setdefault(mac, (values["switch"], values["port"])) != (
            values["switch"],
            values["port"],
        ):
            wrong.append(
                f"{file}:{number}: MAC {mac} was seen at port {ports[mac][1]} of {ports[mac][0]}, "
                "too: keep the row of the switch that it hangs on"
            )
        elif not mac and any(values.values()):
            wrong.append(f"{file}:{number}: {values['mac'] or '(nothing)'} is no MAC of a port")
    if wrong:
        raise UsageError("\n".join(wrong))
    return ports


def _find(header: list[str], words: list[str]) -> int | None:
    return next((header.index(word) for word in words if word in header), None)


def _cell(cells: list[str], at: int | None) -> str:
    return cells[at].strip() if at is not None and at < len(cells) else ""
