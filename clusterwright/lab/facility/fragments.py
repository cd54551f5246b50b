"""Objects that recur in many resources: references and Status."""

from clusterwright.lab.facility.messages import Body


def link(path: str) -> Body:
    """Return a reference to another resource."""
    return {"@odata.id": path}


def healthy(state: str = "Enabled") -> Body:
    """Return the Status object of something without a fault."""
    return {"State": state, "Health": "OK"}


def status(health: str, state: str = "Enabled") -> Body:
    """Return the Status object of something: OK, Warning or Critical."""
    return {"State": state, "Health": health}
