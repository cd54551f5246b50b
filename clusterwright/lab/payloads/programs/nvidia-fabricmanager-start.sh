#!/usr/bin/python3
"""Fabric Manager of the emulated NVSwitches, under the name that its unit calls."""

import sys
from pathlib import Path

sys.path.insert(0, "/usr/lib/emulated-gpu")
from emulated_gpu.daemons import fabric_manager  # noqa: E402
from emulated_gpu.machine import Machine  # noqa: E402

sys.exit(fabric_manager(Machine(root=Path("/")), sys.argv[1:]))
