"""The stack of one site."""

import sys

import pulumi

from clusterwright.design import design
from clusterwright.load import load_site
from clusterwright.site_folder import PROJECT, find_site

# Pulumi runs this folder as a program, so the package around it is not importable by itself.
sys.path.insert(0, str(PROJECT))

from stacks.facility import declare_facility
from stacks.hosts import declare_hosts


def main() -> None:
    """Declare the site that the stack's configuration names."""
    folder = find_site(pulumi.Config("clusterwright").require("site"))
    plan = design(load_site(folder))
    facility = declare_facility(plan)
    declare_hosts(folder, plan, facility)
    pulumi.export("site", plan.site)


main()
