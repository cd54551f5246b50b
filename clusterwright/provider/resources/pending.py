"""What of a resource waits for a maintenance window."""

import pulumi

Pending = pulumi.Output[list[dict[str, str]]]
