"""The Pulumi plugin `pulumi-resource-clusterwright`, and the resource classes for programs.

server, lifetime              the process: from its port to its end
servicer, lifecycle           the wire protocol: one method per request
wire, check, compare          property bags, and what can be said of them without looking
kind, kinds                   what a resource kind is, and the table of all
node, cooling_loop, rack_power, playbook_run, device    one module per kind
site, operations, progress    whose turn it is, how it stops, what the operator reads
resources                     the classes that a program declares
"""
