"""Racks on a floor, for tests of what lies between them."""

from clusterwright.catalogue.entry import RackModel
from clusterwright.design.racks import RackPlace
from clusterwright.model.facility import RackGroup, RackPdus

DEPTH_MM, AISLE_MM = 1200, 1200


def rack(name: str, *, place: int, row: int = 0) -> RackPlace:
    """Return a rack of 40 units and one metre of width; rows are 2.4 m from each other."""
    model = RackModel(
        title="",
        source="test",
        confidence="read",
        height_units=40,
        width_mm=1000,
        depth_mm=DEPTH_MM,
    )
    group = RackGroup(
        model="test", names=(name,), power_limit_kw=1, pdus=RackPdus(model="rack-pdu-24-c19")
    )
    return RackPlace(
        name=name,
        group=group,
        path=(),
        model=model,
        row=f"row{row}",
        place=place,
        x_mm=1000 * place,
        y_mm=row * (DEPTH_MM + AISLE_MM),
        front="south",
    )
