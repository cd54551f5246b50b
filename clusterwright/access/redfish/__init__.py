"""A small Redfish client for services that are slow, unreliable and full of their own ideas."""

from clusterwright.access.redfish.client import Redfish

__all__ = ["Redfish"]
