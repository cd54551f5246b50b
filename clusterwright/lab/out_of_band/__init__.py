"""The lab's out-of-band network: real switches, real leases, a port for each controller."""
