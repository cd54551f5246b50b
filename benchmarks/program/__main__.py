"""N nodes, and nothing else: the program that both providers are measured with."""

import json
from pathlib import Path

import pulumi

from clusterwright.provider.resources import Node

for name, inputs in json.loads(Path(pulumi.Config("bench").require("nodes")).read_text()).items():
    Node(name, **inputs)
