"""A plan made by hand, for tests of what comes after design."""

from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from clusterwright.design.plan import (
    BiosAttribute,
    BootSource,
    Controller,
    CoolingLoop,
    Disruption,
    Gap,
    Gpus,
    Maintenance,
    ManagementHost,
    MigDevice,
    Mount,
    Network,
    Node,
    NodePort,
    Outlet,
    Package,
    PackageSource,
    Pdu,
    PowerSupply,
    Rack,
    ServiceState,
    SideMount,
    SitePlan,
    Software,
)

FEEDS = ("a", "b", "c")
SIDES: tuple[Literal["left", "right"], ...] = ("left", "right", "left")
GAPS = {
    "r1": (Gap(lowest_unit=17, height_units=3), Gap(lowest_unit=21, height_units=28)),
    "r2": (Gap(lowest_unit=17, height_units=32),),
}
SEVEN_SLICES = tuple(
    MigDevice(profile="1g.10gb", profile_id=19, start=start, size=1) for start in range(7)
)


def _node(index: int) -> Node:
    rack, pool = ("r1", "training") if index <= 2 else ("r2", "inference")
    name = f"su1-n{index}"
    place = (index - 1) % 2
    return Node(
        name=name,
        server="dgx-h100" if rack == "r1" else "hgx-h100-liquid",
        unit="su1",
        index=index,
        pool=pool,
        service_state=ServiceState.NEW,
        mount=Mount(rack=rack, lowest_unit=1 + 8 * place, height_units=8),
        controller=Controller(
            name=f"{name}-bmc",
            address=IPv4Address("10.100.0.10") + index,
            secret=f"bmc/{name}",
        ),
        address=IPv4Address("10.101.0.10") + index,
        power_supplies=tuple(
            PowerSupply(
                name=f"PSU{n}",
                pdu=f"{rack}-pdu-{FEEDS[n % 3]}",
                outlet=1 + 2 * place + n // 3,
                feed=FEEDS[n % 3].upper(),
            )
            for n in range(6)
        ),
        power_supplies_needed=4,
        boot=BootSource(target="Hdd", enabled="Continuous", mode="UEFI"),
        bios=(
            BiosAttribute(name="BootMode", value="Uefi"),
            BiosAttribute(name="SriovSupport", value="Enabled"),
        ),
        gpus=Gpus(
            model="NVIDIA H100 80GB HBM3",
            count=8,
            memory_mib=81559,
            pcie_width=16,
            nvswitch=True,
            mig_devices=() if pool == "training" else SEVEN_SLICES,
        ),
        ports=tuple(
            NodePort(name=f"ib{n}", cage=f"OSFP{n}", rail=n, speed_gbps=400) for n in range(1, 9)
        ),
        board_controllers=tuple(
            Controller(
                name=f"{name}-{suffix}",
                address=IPv4Address("10.100.0.128") + 4 * (index - 1) + slot,
                secret=f"{role}/{name}",
            )
            for slot, (role, suffix) in enumerate((("hgx", "hgx"), ("dpu1", "dpu1-bmc")))
            if rack == "r2"
        ),
    )


def _pdu(rack: str, feed: str, nodes: tuple[Node, ...], address: IPv4Address) -> Pdu:
    name = f"{rack}-pdu-{feed}"
    return Pdu(
        name=name,
        model="rack-pdu-24-c19",
        rack=rack,
        feed=feed.upper(),
        controller=Controller(name=name, address=address, secret=f"pdu/{name}"),
        outlet_count=24,
        outlets=tuple(
            Outlet(
                number=supply.outlet,
                type="C19",
                branch=chr(ord("A") + (supply.outlet - 1) // 8),
                phase="",
                consumer=node.name,
                power_supply=supply.name,
                power_on_delay_s=0,
            )
            for node in nodes
            for supply in node.power_supplies
            if supply.pdu == name
        ),
    )


def _software() -> Software:
    driver = "580.95.05"
    return Software(
        package_sources=(
            PackageSource(
                name="clusterwright",
                uri="http://10.101.0.1/apt",
                suites=("clusterwright",),
                components=("main",),
                key_url="http://10.101.0.1/apt/key.asc",
                key_file="/etc/apt/keyrings/clusterwright.asc",
            ),
        ),
        time_servers=("10.101.0.2",),
        sysctl=(("net.ipv4.conf.all.rp_filter", "2"), ("net.ipv4.tcp_mtu_probing", "1")),
        ssh_user="root",
        base_packages=("chrony",),
        gpu_driver_version=driver,
        gpu_driver_packages=(
            Package(name="nvidia-open-580", version=f"{driver}-1"),
            Package(name="nvidia-fabricmanager", version=f"{driver}-1"),
            Package(name="nvidia-persistenced", version=f"{driver}-1"),
            Package(name="cuda-toolkit-13-0", version="13.0.2-1"),
        ),
    )


def lab_plan(site: str = "lab") -> SitePlan:
    """Return the lab's plan without its fabric."""
    nodes = tuple(_node(index) for index in range(1, 5))
    racks = ("r1", "r2")
    pdus = tuple(
        _pdu(
            rack,
            feed,
            tuple(n for n in nodes if n.mount.rack == rack),
            IPv4Address("10.100.3.200") + 3 * r + f,
        )
        for r, rack in enumerate(racks)
        for f, feed in enumerate(FEEDS)
    )
    return SitePlan(
        site=site,
        emulated=True,
        racks=tuple(
            Rack(
                name=rack,
                model="48u-750x1200",
                row="row1",
                place=place,
                x_mm=750 * place,
                y_mm=0,
                width_mm=750,
                depth_mm=1200,
                front="south",
                height_units=48,
                power_watts=20_400,
                power_limit_watts=44_000,
                liquid_watts=0,
                air_watts=20_400,
                gaps=GAPS[rack],
                sides=tuple(
                    SideMount(device=f"{rack}-pdu-{feed}", side=side, place=1 + n // 2)
                    for n, (feed, side) in enumerate(zip(FEEDS, SIDES, strict=True))
                ),
            )
            for place, rack in enumerate(racks)
        ),
        nodes=nodes,
        management_hosts=(
            ManagementHost(
                name="head",
                server="management-1u",
                mount=Mount(rack="r1", lowest_unit=20, height_units=1),
                address=IPv4Address("10.101.0.2"),
                power_supplies=(),
            ),
        ),
        switches=(),
        links=(),
        pdus=pdus,
        loops=(
            CoolingLoop(
                name="tcs1",
                circuit="tcs1",
                cdu="cdu1",
                cdu_model="in-rack-cdu-200kw",
                controller=Controller(
                    name="cdu1", address=IPv4Address("10.100.3.250"), secret="cdu/cdu1"
                ),
                racks=("r2",),
                supply_temperature_c=32.0,
                differential_pressure_kpa=150.0,
                flow_lpm=None,
                control_mode="Automatic",
            ),
        ),
        domain=f"{site}.internal",
        hardware_addresses=(),
        inband=Network(
            name="inband",
            prefix=IPv4Network("10.101.0.0/22"),
            gateway=IPv4Address("10.101.0.1"),
        ),
        oob=Network(
            name="oob", prefix=IPv4Network("10.100.0.0/22"), gateway=IPv4Address("10.100.0.1")
        ),
        software=_software(),
        maintenance=Maintenance(allow=frozenset(Disruption), at_once=2),
    )
