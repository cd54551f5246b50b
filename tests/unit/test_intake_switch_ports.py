"""Where MACs are seen, as switches say it themselves."""

from clusterwright.access.switch import SwitchState
from clusterwright.design import design
from clusterwright.load import load_site
from clusterwright.operate.intake.switch_ports import seen
from clusterwright.site_folder import find_site


def test_a_mac_is_where_it_hangs_and_not_where_it_is_heard_through_another_switch():
    plan = design(load_site(find_site("lab")))
    switches = [one for one in plan.switches if one.fabric == "oob"]
    there, beyond = "02:00:00:00:00:01", "02:00:00:00:00:02"
    states = [
        SwitchState(up=frozenset(), neighbours={}, ports_of={there: "4", beyond: "49"}),
        SwitchState(up=frozenset(), neighbours={}, ports_of={there: "49", beyond: "5"}),
    ]
    assert seen(plan, switches, states) == {there: ("r1-oob", "4"), beyond: ("r2-oob", "5")}
