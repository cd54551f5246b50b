"""What to buy: everything in the plan, counted.

stock  what there is, and where
price  part numbers, spares, prices
"""

from clusterwright.design.bill.price import price_all
from clusterwright.design.bill.stock import Item, take_stock

__all__ = ["Item", "price_all", "take_stock"]
