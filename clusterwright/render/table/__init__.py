"""Tables of the plan: the same rows as Markdown, as CSV and as sheets of a workbook.

table      columns and rows, and how Markdown writes them
inventory  racks, devices
wiring     power cords, addresses
balance    power and cooling: what is used of what there is
"""

from clusterwright.render.table.balance import render_balance
from clusterwright.render.table.table import Table, markdown

__all__ = ["Table", "markdown", "render_balance"]
