"""Render a plan into files: pure, one function per file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.plan import SitePlan
from clusterwright.errors import UsageError
from clusterwright.render.ansible import (
    render_all_variables,
    render_hosts,
    render_node_variables,
)
from clusterwright.render.answer import render_answers
from clusterwright.render.bill import render_bill, render_bill_table
from clusterwright.render.cables import render_cables
from clusterwright.render.drawing import render_drawings
from clusterwright.render.graph import render_graphs
from clusterwright.render.hosts import render_etc_hosts
from clusterwright.render.kea import render_kea
from clusterwright.render.labels import render_labels
from clusterwright.render.mig import render_mig_parted
from clusterwright.render.netbox import render_netbox
from clusterwright.render.plan_json import render_plan
from clusterwright.render.pull_sheets import render_pull_sheets
from clusterwright.render.table import render_balance
from clusterwright.render.zones import render_zones

Content = str | bytes
Rendering = Callable[[SitePlan], Mapping[str, Content]]
"""From a plan to the content of files by their path under generated/."""


def encode(content: Content) -> bytes:
    """Return what a file of this content holds."""
    return content.encode() if isinstance(content, str) else content


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """Files of one purpose; `what` is the word by which `plan --what` picks them.

    Those that are not `committed` are made when they are needed: they say nothing that others do
    not say, in a form that no review reads.
    """

    what: str
    about: str
    render: Rendering
    committed: bool = True


def _one(
    path: str, render_file: Callable[[SitePlan], Content]
) -> Callable[..., dict[str, Content]]:
    return lambda plan: {path: render_file(plan)}


def _inventory(plan: SitePlan) -> dict[str, Content]:
    return {
        "ansible/hosts.yml": render_hosts(plan),
        "ansible/group_vars/all.yml": render_all_variables(plan),
        "ansible/group_vars/nodes.yml": render_node_variables(plan),
    }


def _bill(plan: SitePlan) -> dict[str, Content]:
    return {"bill.csv": render_bill(plan), "bill.md": render_bill_table(plan)}


def _workbook(plan: SitePlan) -> dict[str, Content]:
    # To import openpyxl takes longer than to render all the rest of a small site.
    from clusterwright.render.workbook import render_workbook  # noqa: PLC0415

    return {"site.xlsx": render_workbook(plan)}


ARTEFACTS = (
    Artefact(what="plan", about="the whole plan as JSON", render=_one("plan.json", render_plan)),
    Artefact(what="inventory", about="an Ansible inventory", render=_inventory),
    Artefact(what="cables", about="the cut sheet", render=_one("cables.csv", render_cables)),
    Artefact(what="pull-sheets", about="cables by bundle and by rack", render=render_pull_sheets),
    Artefact(what="labels", about="cable labels", render=_one("labels.csv", render_labels)),
    Artefact(what="bill", about="the bill of materials", render=_bill),
    Artefact(what="balance", about="power and cooling, used and allowed", render=render_balance),
    Artefact(what="drawings", about="rack elevations and the floor as SVG", render=render_drawings),
    Artefact(what="graphs", about="fabrics for Graphviz and Mermaid", render=render_graphs),
    Artefact(what="hosts", about="/etc/hosts", render=_one("hosts", render_etc_hosts)),
    Artefact(what="dhcp", about="DHCP for Kea", render=_one("dhcp/kea-dhcp4.conf", render_kea)),
    Artefact(what="dns", about="zone files for BIND and others", render=render_zones),
    Artefact(what="mig", about="MIG layouts", render=_one("mig-parted.yml", render_mig_parted)),
    Artefact(what="install", about="answer files of installers", render=render_answers),
    Artefact(
        what="netbox",
        about="files for NetBox's bulk import",
        render=render_netbox,
        committed=False,
    ),
    Artefact(
        what="workbook",
        about="all tables in one XLSX",
        render=_workbook,
        committed=False,
    ),
)

COMMITTED = frozenset(artefact.what for artefact in ARTEFACTS if artefact.committed)
"""What lies beside a definition in its repository."""

LIVE = frozenset({"plan", "inventory", "hosts", "mig", "dhcp"})
"""What deploying a site needs; the rest is for people and for programs of others."""


def choose(what: Sequence[str]) -> frozenset[str]:
    """Return the artefacts named; nothing named means all of them.

    Raises:
        UsageError: there is none of that name.
    """
    known = [one.what for one in ARTEFACTS]
    for name in what:
        if name not in known:
            raise UsageError(f"--what {name}: there is no such artefact: use {', '.join(known)}")
    return frozenset(what)


def render(plan: SitePlan, what: frozenset[str] = frozenset()) -> Mapping[str, Content]:
    """Return the content of every file by its path under generated/; `what` picks artefacts."""
    chosen = (one for one in ARTEFACTS if not what or one.what in what)
    return {path: content for one in chosen for path, content in one.render(plan).items()}
