"""What a catalogue entry may say: one class per kind, defined noun by noun in `entries`."""

from clusterwright.catalogue.entries.base import Confidence, Entry, Figures, Scalar
from clusterwright.catalogue.entries.cooling import Cdu, Coolant, Pumps
from clusterwright.catalogue.entries.driver import DriverPackage, DriverRelease
from clusterwright.catalogue.entries.gpu import Gpu, MigProfile
from clusterwright.catalogue.entries.link import Cable, CableEnd, CableSku, Nic, Transceiver
from clusterwright.catalogue.entries.power import (
    OUTLET_FOR,
    RATED_AMPS,
    Inlet,
    OutletBank,
    OutletType,
    Pdu,
    PowerShelf,
    PowerSupplies,
)
from clusterwright.catalogue.entries.rack_system import RackSystem, SwitchTrays, Trays
from clusterwright.catalogue.entries.server import (
    Air,
    Boot,
    ComputePort,
    Liquid,
    Server,
    ServerGpus,
    ServerPort,
)
from clusterwright.catalogue.entries.space import Immersion, RackModel
from clusterwright.catalogue.entries.storage import StorageSystem
from clusterwright.catalogue.entries.switch import Breakout, Cages, Switch

__all__ = [
    "OUTLET_FOR",
    "RATED_AMPS",
    "Air",
    "Boot",
    "Breakout",
    "Cable",
    "CableEnd",
    "CableSku",
    "Cages",
    "Cdu",
    "ComputePort",
    "Confidence",
    "Coolant",
    "DriverPackage",
    "DriverRelease",
    "Entry",
    "Figures",
    "Gpu",
    "Immersion",
    "Inlet",
    "Liquid",
    "MigProfile",
    "Nic",
    "OutletBank",
    "OutletType",
    "Pdu",
    "PowerShelf",
    "PowerSupplies",
    "Pumps",
    "RackModel",
    "RackSystem",
    "Scalar",
    "Server",
    "ServerGpus",
    "ServerPort",
    "StorageSystem",
    "Switch",
    "SwitchTrays",
    "Transceiver",
    "Trays",
]
