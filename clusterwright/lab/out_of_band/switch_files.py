"""What makes a host of the lab a switch: FRR, lldpd and a DHCP relay, and what each is told."""

import json
from pathlib import Path

from clusterwright.design.plan import SitePlan
from clusterwright.lab.host_files import write_host_files
from clusterwright.lab.out_of_band.wiring import BRIDGE, ROOT_PORT, LabSwitch
from clusterwright.lab.payloads import dhcp_relay

LLDP_EVERY_S = 2
"""A real switch says who it is every 30 seconds."""
RELAY = "usr/local/sbin/dhcp-relay"
UNIT = f"""\
[Unit]
Description=DHCP relay

[Service]
ExecStart=/usr/bin/python3 /{RELAY}
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
"""
FRR_DAEMONS = 'zebra=yes\nvtysh_enable=yes\nzebra_options="-A 127.0.0.1"\n'


def write_switch_files(
    plan: SitePlan, switch: LabSwitch, server: str, upper: Path, authorized_key: str
) -> str:
    """Write the switch's own files into `upper`; return its public SSH host key."""
    ports = ",".join(["*", f"!{ROOT_PORT}", f"!{BRIDGE}", "!lo"])
    files = {
        "etc/lldpd.d/switch.conf": (
            f"configure lldp tx-interval {LLDP_EVERY_S}\n"
            "configure lldp portidsubtype ifname\n"
            f"configure system interface pattern {ports}\n"
            f"configure system hostname {switch.name}\n"
            f"configure system ip management pattern {switch.interface.ip}\n"
        ),
        "etc/frr/daemons": FRR_DAEMONS,
        "etc/frr/frr.conf": f"hostname {switch.name}\nservice integrated-vtysh-config\n",
    }
    if switch.access:
        files |= {
            "etc/dhcp-relay.json": _relay(switch, server),
            RELAY: Path(dhcp_relay.__file__).read_text(),
            "etc/systemd/system/dhcp-relay.service": UNIT,
        }
        wanted = upper / "etc/systemd/system/multi-user.target.wants/dhcp-relay.service"
        wanted.parent.mkdir(parents=True, exist_ok=True)
        wanted.symlink_to("/etc/systemd/system/dhcp-relay.service")
    for name, text in files.items():
        (upper / name).parent.mkdir(parents=True, exist_ok=True)
        (upper / name).write_text(text)
    return write_host_files(plan, switch.switch, upper, authorized_key)


def _relay(switch: LabSwitch, server: str) -> str:
    return json.dumps(
        {
            "switch": switch.name,
            "address": str(switch.interface.ip),
            "server": server,
            "bridge": BRIDGE,
            "ports": switch.access,
        }
    )
