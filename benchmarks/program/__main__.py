"""N nodes, and nothing else: the program that both providers are measured with."""

import json
from pathlib import Path

import pulumi

from clusterwright.provider import resources

for node, kinds in json.loads(Path(pulumi.Config("bench").require("nodes")).read_text()).items():
    before = []
    for kind, inputs in kinds.items():
        after = pulumi.ResourceOptions(depends_on=before)
        own = getattr(resources, kind)(f"{node}-{kind.lower()}", **inputs, opts=after)
        before = [*before, own]
