#!/usr/bin/python3
"""Fabric Manager of the emulated NVSwitches, under the name that its unit calls."""

import sys
from pathlib import Path

sys.path.insert(0, "/usr/lib/emulated-gpu")
try:
    from emulated_gpu.daemons import fabric_manager
    from emulated_gpu.machine import Machine
except ModuleNotFoundError:
    sys.exit("failed to initialise NVML: there is no driver")

sys.exit(fabric_manager(Machine(root=Path("/")), sys.argv[1:]))
