"""Bring racks of new metal into service, gate by gate."""
