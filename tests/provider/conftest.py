import pytest

from clusterwright.access import node
from clusterwright.provider.node import NodeInputs, _desired
from tests.provider.live import NODE_INPUTS, Devices


@pytest.fixture
def devices(monkeypatch):
    """The BMCs of the site; su1-n1's is as NODE_INPUTS declare it."""
    devices = Devices()
    devices.states["10.100.0.11"] = _desired(NodeInputs.declared(NODE_INPUTS))
    monkeypatch.setattr(node, "read", devices.read)
    monkeypatch.setattr(node, "apply", devices.apply)
    return devices
