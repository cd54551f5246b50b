"""The resource classes for Pulumi programs; the rules for their inputs are the provider's."""

from clusterwright.provider.resources.controller import Controller
from clusterwright.provider.resources.cooling_loop import CoolingLoop
from clusterwright.provider.resources.firmware import Firmware
from clusterwright.provider.resources.leak_policy import LeakPolicy
from clusterwright.provider.resources.node import Node
from clusterwright.provider.resources.os_install import OsInstall
from clusterwright.provider.resources.platform import Platform
from clusterwright.provider.resources.playbook_run import PlaybookRun
from clusterwright.provider.resources.power_shelf import PowerShelf
from clusterwright.provider.resources.rack_power import RackPower

__all__ = [
    "Controller",
    "CoolingLoop",
    "Firmware",
    "LeakPolicy",
    "Node",
    "OsInstall",
    "Platform",
    "PlaybookRun",
    "PowerShelf",
    "RackPower",
]
