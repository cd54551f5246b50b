"""A small site of a few nodes, two compute switches and all other networks, for tests."""

BASEPOD = """site: basepod
facility:
  feeds: [A, B, C]
  racks:
    - model: 48u-750x1200
      names: [r1, r2]
      power_limit_kw: 44
      pdus: {model: management-pdu, per_feed: 1}
compute:
  - name: su1
    build_for: 4
    groups:
      - {server: dgx-h100, count: 4, racks: [r1, r2], pool: training}
management:
  - {name: head1, server: management-1u, rack: r1}
  - {name: head2, server: management-1u, rack: r1}
  - {name: head3, server: management-1u, rack: r1}
  - {name: head4, server: management-1u, rack: r2}
  - {name: head5, server: management-1u, rack: r2}
storage:
  - {name: fast, model: storage-nvme-2u, racks: [r1, r2], count: 2, ports: 2, inband_ports: 2}
pools:
  training: {mig: none}
fabrics:
  compute:
    kind: infiniband
    switch: qm9700
    cable: auto
    rails_per_leaf: 4
    racks: [r1, r2]
  storage:
    kind: infiniband
    switch: qm9700
    cable: auto
    appliances: {leaves: 0}
    racks: [r1, r2]
  inband:
    kind: ethernet
    prefix: 10.1.0.0/24
    switch: sn4600c
    cable: auto
    racks: [r1, r2]
    uplinks: {rack: r1, cable: auto}
  oob:
    kind: ethernet
    prefix: 10.0.0.0/24
    switch: sn2201
    cable: auto
software:
  package_sources:
    - name: cuda
      uri: https://mirror.example.org
      suites: [/]
      key_url: https://mirror.example.org/key
  gpu_driver: 580.178.04
  time_servers: [10.1.0.2]
"""


def basepod(*edits: tuple[str, str]) -> str:
    """Return the site's definition with edits, each of which must find its place."""
    text = BASEPOD
    for old, new in edits:
        assert old in text, f"the definition no longer says {old}"
        text = text.replace(old, new, 1)
    return text
