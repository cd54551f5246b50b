"""N nodes, and nothing else: the program that both providers are measured with."""

import json
from pathlib import Path

import pulumi

NODE = "clusterwright:facility:Node"

for name, inputs in json.loads(Path(pulumi.Config("bench").require("nodes")).read_text()).items():
    pulumi.CustomResource(NODE, name, inputs)
