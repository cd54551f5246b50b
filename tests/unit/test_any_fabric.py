"""Whatever server is put on whatever switch, it is planned or refused with sentences."""

from itertools import product

import pytest
import yaml

from clusterwright.catalogue import load_catalogue
from tests.basepods import basepod
from tests.sites import mistakes_of
from tests.superpods import PDU

CATALOGUE = load_catalogue()
SERVERS = ("dgx-a100", "dgx-b300", "hgx-h100-liquid")


@pytest.mark.parametrize("switch", sorted(CATALOGUE.switches))
def test_no_server_and_no_split_is_too_much_for_a_sentence(switch, tmp_path):
    own = tmp_path / "catalogue/pdus/management-pdu.yml"
    own.parent.mkdir(parents=True)
    own.write_text(PDU)
    for server, breakout, planes in product(SERVERS, (1, 2, 8), (1, 2)):
        site = yaml.safe_load(basepod())
        site["compute"][0]["groups"][0]["server"] = server
        kind = CATALOGUE.switches[switch].fabric_kind
        for fabric in ("compute", "storage"):
            asked = {"switch": switch, "kind": kind, "breakout": breakout}
            site["fabrics"][fabric] |= asked
        site["fabrics"]["compute"]["planes"] = planes
        assert all(one.rule for one in mistakes_of(tmp_path, site))
