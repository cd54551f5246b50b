"""The definition of a site: everything an operator may say."""

from typing import Annotated, Literal

from pydantic import Field, PositiveInt, StringConstraints

from clusterwright.model.base import Model, Name
from clusterwright.model.bill import Prices
from clusterwright.model.controllers import Controllers
from clusterwright.model.fabric import Fabrics
from clusterwright.model.facility import Facility, ManagementServer, ScalableUnit
from clusterwright.model.installation import Installation
from clusterwright.model.pins import Pins
from clusterwright.model.servers import Firmware, ServerSettings
from clusterwright.model.storage import StorageServers

MigLayoutText = Annotated[
    str, StringConstraints(pattern=r"^(none|[1-9]x[\w.+-]+(\s*\+\s*[1-9]x[\w.+-]+)*)$")
]
"""`none`, or instances per GPU, largest first, such as `7x1g.10gb` or `1x3g.40gb + 4x1g.10gb`."""

DisruptionText = Literal["reset", "power-cycle", "link-flap", "reboot"]


class Pool(Model):
    """Nodes that serve one type of workload."""

    mig: MigLayoutText = "none"
    """`none`, or the instances of each GPU: `7x1g.10gb`, or `1x3g.40gb + 4x1g.10gb`."""


class PackageSource(Model):
    """An APT repository: NVIDIA's or the distribution's, or the mirror of an air-gapped site."""

    name: Name
    uri: str
    suites: tuple[str, ...] = Field(min_length=1)
    """A flat repository, as NVIDIA's are, has one that is called `/`."""
    components: tuple[str, ...] = ()
    key_url: str
    """Where the key that signs it is."""


class Software(Model):
    """What runs on the hosts."""

    package_sources: tuple[PackageSource, ...] = Field(min_length=1)
    gpu_driver: str
    """A release in catalogue/drivers."""
    time_servers: tuple[str, ...] = Field(min_length=1)
    """Addresses or names that hosts take the time from."""
    ssh_user: str = "root"
    """Whom commands and plays log in as, on hosts and on switches."""
    base_packages: tuple[str, ...] = ("chrony",)
    sysctl: dict[str, str] = Field(
        default={
            "net.ipv4.conf.all.arp_announce": "2",
            "net.ipv4.conf.all.arp_ignore": "1",
            "net.ipv4.tcp_mtu_probing": "1",
        }
    )
    """By default, rails in one subnet answer ARP each for itself, and jumbo paths are probed."""


class Maintenance(Model):
    """What nodes in service may suffer; nothing where nothing is said."""

    allow: tuple[DisruptionText, ...] = ()
    """What may be done to them; all else waits as pending, until a node is drained."""
    at_once: PositiveInt = 1
    """How many nodes may be disrupted at the same time."""


Domain = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$"),
]


class Site(Model):
    """One site, one environment, one Pulumi stack."""

    site: Name
    """Its name: that of its folder under inventory/, and of its Pulumi stack."""
    emulated: bool = False
    """Whether the site exists in the lab only: its commands then work in the lab's own network."""
    domain: Domain | None = None
    """Of its names in DNS; by default the site's name under `internal`, which no one else has."""
    facility: Facility
    compute: tuple[ScalableUnit, ...] = Field(min_length=1)
    """The scalable units and the nodes in them."""
    management: tuple[ManagementServer, ...] = ()
    """Head, login and UFM hosts, and whatever else is no node."""
    storage: tuple[StorageServers, ...] = ()
    pools: dict[Name, Pool]
    """What nodes are for, by name: a tenant, a type of workload."""
    fabrics: Fabrics
    software: Software
    installation: Installation | None = None
    """Operating systems that we install; by default, none."""
    maintenance: Maintenance = Maintenance()
    servers: dict[str, ServerSettings] = Field(default={})
    """Settings of all servers of a model, by its name in the catalogue."""
    firmware: Firmware = Firmware()
    controllers: Controllers | None = None
    """Where nothing is said, controllers are used as they are."""
    prices: Prices = Prices()
    pins: Pins = Pins()
