"""What to buy: everything in the plan, counted.

stock  what there is, and where
price  part numbers, spares, prices
"""

from collections.abc import Sequence

from clusterwright.design.bill.price import price_all
from clusterwright.design.bill.stock import take_stock
from clusterwright.design.cabling import Cabling
from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Bill, SitePlan
from clusterwright.load import LoadedSite


def list_bill(
    loaded: LoadedSite, plan: SitePlan, occupants: Sequence[Occupant], cabling: Cabling
) -> Bill:
    """Return the bill of a plan that is otherwise whole."""
    stock = take_stock(loaded.catalogue, plan, occupants, cabling)
    return price_all(loaded.catalogue, loaded.site.prices, stock)
