"""What would get too hot, too cold or wet, and the exact sentence each mistake gets."""

import pytest

from tests.sites import definition, heal, messages_of, own_model, put

CASES = [
    pytest.param(
        {"compute.su1.groups[1].count": 4},
        {"cdus/in-rack-cdu-200kw": {"capacity_watts": 30000, "pumps": {"count": 2, "needed": 2}}},
        [
            "compute.su1.groups[1].count: 4 × hgx-h100-liquid on loop tcs1 give 28 kW to the "
            "coolant, but cdu1, an in-rack-cdu-200kw, takes 15 kW with one pump lost: at most 2 "
            "fit, or use a gb300-in-rack-cdu-250kw",
        ],
        id="more heat than is carried with one pump lost",
    ),
    pytest.param(
        {
            "facility.racks[0].names": ["r1", "r2", "r3"],
            "facility.cooling.loops.tcs1.racks": ["r2", "r3"],
            "compute.su1.groups[1].count": 4,
            "compute.su1.groups[2]": {
                "server": "hgx-h100-liquid",
                "count": 4,
                "racks": ["r3"],
                "pool": "inference",
            },
        },
        {"cdus/in-rack-cdu-200kw": {"capacity_watts": 30000}},
        [
            "compute.su1.groups[1].count: 8 × hgx-h100-liquid on loop tcs1 give 56 kW to the "
            "coolant, but cdu1, an in-rack-cdu-200kw, takes 30 kW: at most 4 fit, or use a "
            "gb300-in-rack-cdu-250kw",
        ],
        id="more heat than a CDU takes, from two groups",
    ),
    pytest.param(
        {
            "compute.su1.groups[1].count": 4,
            "facility.cooling.loops.tcs1.further_cdus": [
                {"name": "cdu2", "model": "in-rack-cdu-200kw", "rack": "r1"}
            ],
        },
        {"cdus/in-rack-cdu-200kw": {"capacity_watts": 20000}},
        [
            "compute.su1.groups[1].count: 4 × hgx-h100-liquid on loop tcs1 give 28 kW to the "
            "coolant, but its 2 CDUs take 20 kW with one CDU lost: at most 2 fit",
        ],
        id="more heat than is carried with one CDU lost",
    ),
    pytest.param(
        {"compute.su1.groups[1].count": 4},
        {"cdus/in-rack-cdu-200kw": {"flow_max_lpm": 30.0}},
        [
            "compute.su1.groups[1].count: 4 × hgx-h100-liquid on loop tcs1 need 41.8 L/min, but "
            "cdu1, an in-rack-cdu-200kw, gives 30 L/min with one pump lost: at most 2 fit, or use a"
            " gb300-in-rack-cdu-250kw",
        ],
        id="more flow than a CDU gives",
    ),
    pytest.param(
        {
            "facility.cooling.loops.tcs1.differential_pressure_kpa": None,
            "facility.cooling.loops.tcs1.flow_lpm": 10,
        },
        {},
        [
            "facility.cooling.loops.tcs1.flow_lpm: 10 L/min is less than the 20.9 L/min that the "
            "racks of tcs1 need for 14 kW: write 21",
        ],
        id="less flow than the racks need",
    ),
    pytest.param(
        {
            "facility.cooling.loops.tcs1.differential_pressure_kpa": None,
            "facility.cooling.loops.tcs1.flow_lpm": 25,
        },
        {"servers/hgx-h100-liquid": {"liquid": {"flow_lpm": 15.0}}},
        [
            "facility.cooling.loops.tcs1.flow_lpm: 25 L/min is less than the 30.0 L/min that the "
            "racks of tcs1 need for 14 kW: write 30",
        ],
        id="a maker that asks for more flow than is held",
    ),
    pytest.param(
        {},
        {"servers/hgx-h100-liquid": {"liquid": {"supply_max_c": 30.0}}},
        [
            "facility.cooling.loops.tcs1.supply_temperature_c: 32 °C is too warm, as "
            "hgx-h100-liquid takes no more than 30 °C: write 30",
        ],
        id="supply too warm for a server",
    ),
    pytest.param(
        {
            "facility.cooling.room": {"inlet_c": 24, "dew_point_c": 22.3},
            "facility.cooling.loops.tcs1.supply_temperature_c": 20,
            "facility.cooling.water": {"supply_c": 10},
        },
        {},
        [
            "facility.cooling.loops.tcs1.supply_temperature_c: 20 °C is too cold, as the room's "
            "dew point is 22.3 °C, and 2 K more keep pipes dry: write 24.3",
        ],
        id="supply below the dew point",
    ),
    pytest.param(
        {"facility.cooling.water": {"supply_c": 30}},
        {},
        [
            "facility.cooling.loops.tcs1.supply_temperature_c: 32 °C is too cold, as facility "
            "water comes with 30 °C, and an in-rack-cdu-200kw gives 5 K more at its capacity: write"
            " 35",
        ],
        id="facility water too warm for the supply",
    ),
    pytest.param(
        {"facility.cooling.water": {"supply_c": 30}},
        {"servers/hgx-h100-liquid": {"liquid": {"supply_max_c": 33.0}}},
        [
            "facility.cooling.loops.tcs1.supply_temperature_c: 32 °C is too cold, as facility "
            "water comes with 30 °C, and an in-rack-cdu-200kw gives 5 K more at its capacity: no "
            "temperature suits all, for it would have to be at least 35 and at most 33 °C: use "
            "drier air, colder water, or other models",
        ],
        id="no supply that suits all",
    ),
    pytest.param(
        {"facility.cooling.loops.tcs1.supply_temperature_c": 52},
        {"servers/hgx-h100-liquid": {"liquid": {"supply_max_c": 40.0}}},
        [
            "facility.cooling.loops.tcs1.supply_temperature_c: 52 °C is beyond an in-rack-"
            "cdu-200kw, which holds 18 to 45 °C: write 40",
            "facility.cooling.loops.tcs1.supply_temperature_c: 52 °C is too warm, as "
            "hgx-h100-liquid takes no more than 40 °C: write 40",
        ],
        id="set point beyond the CDU, and a value that suits the servers, too",
    ),
    pytest.param(
        {},
        {"servers/hgx-h100-liquid": {"liquid": {"pressure_drop_kpa": 180.0}}},
        [
            "facility.cooling.loops.tcs1.differential_pressure_kpa: 150 kPa does not suit, as "
            "hgx-h100-liquid loses 180 kPa at its flow: write 180",
        ],
        id="pressure that does not drive the flow",
    ),
    pytest.param(
        {},
        {"servers/hgx-h100-liquid": {"liquid": {"pressure_max_kpa": 100.0}}},
        [
            "facility.cooling.loops.tcs1.differential_pressure_kpa: 150 kPa does not suit, as "
            "hgx-h100-liquid bears 100 kPa: write 100",
        ],
        id="pressure that a server does not bear",
    ),
    pytest.param(
        {"facility.cooling.loops.tcs1.differential_pressure_kpa": 400},
        {},
        [
            "facility.cooling.loops.tcs1.differential_pressure_kpa: 400 kPa is beyond an in-rack-"
            "cdu-200kw, which holds 0 to 300 kPa: write 300",
        ],
        id="pressure beyond the CDU",
    ),
    pytest.param(
        {"facility.cooling.loops.tcs1.redundancy": "n+1"},
        {},
        [
            "facility.cooling.loops.tcs1: loop tcs1 asks for redundancy n+1, but cdu1 is its only "
            "CDU: add one under further_cdus, or write n",
        ],
        id="a spare CDU that does not exist",
    ),
    pytest.param(
        {
            "facility.cooling.loops.tcs1.further_cdus": [
                {"name": "cdu1", "model": "in-rack-cdu-200kw", "rack": "r9"}
            ]
        },
        {},
        [
            "facility.cooling.loops.tcs1.further_cdus.cdu1.name: cdu1 is named twice, but a name "
            "means one thing: give this one another",
            "facility.cooling.loops.tcs1.further_cdus.cdu1.rack: there is no rack r9: choose one "
            "of r1, r2",
        ],
        id="a CDU named twice, in a rack that does not exist",
    ),
    pytest.param(
        {"facility.cooling.loops.tcs1.coolant": "pg52"},
        {},
        [
            "facility.cooling.loops.tcs1.coolant: there is no coolant pg52: did you mean pg25?",
        ],
        id="a coolant that does not exist",
    ),
    pytest.param(
        {"facility.cooling.room.dew_point_c": 10},
        {},
        [
            "facility.cooling.room: room must give either relative_humidity_percent or "
            "dew_point_c, because one follows from the other: write one of them",
        ],
        id="two words on humidity",
    ),
    pytest.param(
        {"facility.cooling.room.inlet_c": 34},
        {},
        [
            "facility.cooling.room.inlet_c: 34 °C is not what dgx-h100 breathes, 5 to 30 °C: write"
            " 30",
        ],
        id="inlet air too warm",
    ),
    pytest.param(
        {
            "facility.cooling.room.relative_humidity_percent": 90,
            "facility.cooling.loops.tcs1.supply_temperature_c": 35,
        },
        {},
        [
            "facility.cooling.room.relative_humidity_percent: 90 % is not what dgx-h100 breathes, "
            "20 to 80 %: write 80",
        ],
        id="air too humid",
    ),
    pytest.param(
        {
            "facility.cooling.air.handlers": [
                {"name": "ah1", "capacity_kw": 40, "flow_cfm": 90000},
                {"name": "ah2", "capacity_kw": 40, "flow_cfm": 90000},
            ]
        },
        {},
        [
            "compute.su1.groups[0].count: 2 × dgx-h100 give 20.4 kW to the air, beside 27.84 kW of"
            " other equipment, but the room's handlers take 40 kW with 1 lost: at most 1 fit, or "
            "add a handler",
        ],
        id="more heat than air handlers take with one lost",
    ),
    pytest.param(
        {
            "facility.cooling.air.handlers": [
                {"name": "ah1", "capacity_kw": 400, "flow_cfm": 2000},
                {"name": "ah2", "capacity_kw": 400, "flow_cfm": 2000},
            ]
        },
        {},
        [
            "compute.su1.groups[0].count: 2 × dgx-h100 breathe 2210 CFM, beside 0 CFM of other "
            "equipment, but the room's handlers give 2000 CFM with 1 lost: at most 1 fit, or add a"
            " handler",
        ],
        id="more air than handlers move with one lost",
    ),
    pytest.param(
        {
            "facility.cooling.air.handlers": [
                {"name": "ah1", "capacity_kw": 400, "flow_cfm": 20000},
                {"name": "ah2", "capacity_kw": 400, "flow_cfm": 20000},
            ],
            "facility.cooling.air.redundancy": "n+2",
        },
        {},
        [
            "compute.su1.groups[0].count: 2 × dgx-h100 give 20.4 kW to the air, beside 27.84 kW of"
            " other equipment, but the room's handlers take 0 kW with 2 lost: at most 0 fit, or "
            "add a handler",
            "compute.su1.groups[0].count: 2 × dgx-h100 breathe 2210 CFM, beside 0 CFM of other "
            "equipment, but the room's handlers give 0 CFM with 2 lost: at most 0 fit, or add a "
            "handler",
        ],
        id="no handler left",
    ),
    pytest.param(
        {
            "facility.cooling.air.handlers": [
                {"name": "ah1", "capacity_kw": 400},
                {"name": "ah1", "capacity_kw": 400},
            ]
        },
        {},
        [
            "facility.cooling.air.handlers.ah1.name: ah1 is named twice, but a name means one "
            "thing: give this one another",
        ],
        id="air handlers of one name",
    ),
    pytest.param(
        {"facility.racks[0].air_limit_kw": 35},
        {},
        [
            "compute.su1.groups[0].count: 2 × dgx-h100 in rack r1 give 20.4 kW to the air, beside "
            "21.44 kW of other equipment, but the rack's air_limit_kw is 35 kW: at most 1 fit",
        ],
        id="more heat to air than a rack may give",
    ),
    pytest.param(
        {"facility.racks[0].air_limit_kw": 5},
        {},
        [
            "compute.su1.groups[0].count: 2 × dgx-h100 in rack r1 give 20.4 kW to the air, beside "
            "21.44 kW of other equipment, but the rack's air_limit_kw is 5 kW: at most 0 fit: use "
            "another rack, or let this one give 41.84 kW to the air",
            "compute.su1.groups[1].count: 2 × hgx-h100-liquid in rack r2 give 6.4 kW to the air, "
            "but the rack's air_limit_kw is 5 kW: at most 1 fit",
        ],
        id="a rack whose air does not take the heat of one node",
    ),
    pytest.param(
        {"facility.cooling.loops.tcs1.racks": ["r1"]},
        {},
        [
            "compute.su1.groups[1].racks: hgx-h100-liquid in rack r2 is cooled by liquid, but no "
            "loop reaches that rack: add the rack to a loop, or use a rack that has one",
        ],
        id="wet servers without a loop",
    ),
    pytest.param(
        {
            "facility.racks[1]": {
                "model": "immersion-tank-42u",
                "names": ["t1"],
                "power_limit_kw": 140,
                "pdus": {"model": "rack-pdu-415v-60a"},
            },
            "compute.su1.groups[0].racks": ["t1"],
        },
        {},
        [
            "compute.su1.groups[0].racks: dgx-h100 in rack t1 stands in a fluid, but no loop "
            "reaches that rack: add the rack to a loop, or use a rack that has one",
        ],
        id="a tank without a loop",
    ),
    pytest.param(
        {
            "facility.racks[1]": {
                "model": "immersion-tank-42u",
                "names": ["t1"],
                "power_limit_kw": 140,
                "pdus": {"model": "rack-pdu-415v-60a"},
            },
            "compute.su1.groups[0].racks": ["t1"],
            "compute.su1.groups[0].count": 4,
            "facility.cooling.loops.tcs1.racks": ["r2", "t1"],
        },
        {
            "racks/immersion-tank-42u": {
                "immersion": {"coolant": "pao", "heat_max_watts": 25000, "supply_max_c": 30}
            }
        },
        [
            "facility.cooling.loops.tcs1.supply_temperature_c: 32 °C is too warm, as tank t1, "
            "immersion-tank-42u, takes no more than 30 °C: write 30",
            "compute.su1.groups[0].count: 4 × dgx-h100 in rack t1 give 40.8 kW to the fluid, but an"
            " immersion-tank-42u takes 25 kW: at most 2 fit",
        ],
        id="a tank too hot and a supply too warm for it",
    ),
    pytest.param(
        {"facility.cooling.loops.tcs1.pumps": {"run": 3}},
        {},
        [
            "facility.cooling.loops.tcs1.pumps.run: 3 pumps shall run, but an in-rack-cdu-200kw "
            "has 2 and carries its capacity on 1: write 2",
        ],
        id="more pumps than there are",
    ),
    pytest.param(
        {"facility.cooling.loops.tcs1.pumps": {"run": 1}},
        {"cdus/in-rack-cdu-200kw": {"pumps": {"count": 3, "needed": 2}}},
        [
            "facility.cooling.loops.tcs1.pumps.run: 1 pumps shall run, but an in-rack-cdu-200kw "
            "has 3 and carries its capacity on 2: write 2",
        ],
        id="fewer pumps than are needed",
    ),
    pytest.param(
        {"facility.cooling.loops.tcs1.pumps": {"redundancy": "n+1"}},
        {"cdus/in-rack-cdu-200kw": {"pumps": {"count": 2, "needed": 2}}},
        [
            "facility.cooling.loops.tcs1.pumps.redundancy: of the pumps of cdu1, an "
            "in-rack-cdu-200kw, 2 run and 2 are needed, so none is spare: write n",
        ],
        id="a spare pump that none is",
    ),
    pytest.param(
        {"facility.cooling.loops.tcs1.valves": {"r2": "closed"}},
        {},
        [
            "facility.cooling.loops.tcs1.valves.r2: the valve of r2 is closed, but su1-n3, a "
            "hgx-h100-liquid, behind it is cooled by liquid: write open",
        ],
        id="a closed valve in front of a node",
    ),
    pytest.param(
        {"facility.cooling.loops.tcs1.valves": {"r1": "open"}},
        {},
        [
            "facility.cooling.loops.tcs1.valves.r1: there is no valve on loop tcs1 r1: choose "
            "one of tcs1, r2",
        ],
        id="a valve that is not on the loop",
    ),
]


@pytest.mark.parametrize(("changes", "models", "expected"), CASES)
def test_each_mistake_gets_its_sentence(changes, models, expected, tmp_path):
    assert messages_of(tmp_path, changed(tmp_path, changes, models)) == expected


@pytest.mark.parametrize(("changes", "models", "expected"), CASES)
def test_heeding_the_remedies_leaves_only_mistakes_without_one(changes, models, expected, tmp_path):
    site = changed(tmp_path, changes, models)
    assert [one.rule for one in heal(tmp_path, site) if one.remedy] == []


def changed(folder, changes, models):
    """Return the lab with other values, and give it models with other figures."""
    for name, figures in models.items():
        own_model(folder, name, **figures)
    site = definition()
    for path, value in changes.items():
        put(site, path, value)
    return site
