"""A MIG instance sits where the hardware lets it, and the driver's choice is the guide's."""

from itertools import pairwise

import pytest

from clusterwright.catalogue import load_catalogue
from clusterwright.lab.payloads.emulated_gpu.models import Profile, load_model
from clusterwright.lab.payloads.emulated_gpu.placement import (
    Placed,
    choose,
    maximal_layouts,
    placements,
)

H100 = load_model("NVIDIA H100 80GB HBM3")
BY_NAME = {profile.name: profile for profile in H100.profiles}
BASIC = ("1g.10gb", "2g.20gb", "3g.40gb", "4g.40gb", "7g.80gb")
DISTINCT_SETS = {
    (("1g", 7),),
    (("1g", 5), ("2g", 1)),
    (("1g", 4), ("3g", 1)),
    (("1g", 3), ("2g", 2)),
    (("1g", 3), ("3g", 1)),
    (("1g", 3), ("4g", 1)),
    (("1g", 2), ("2g", 1), ("3g", 1)),
    (("1g", 1), ("2g", 3)),
    (("1g", 1), ("2g", 1), ("3g", 1)),
    (("1g", 1), ("2g", 1), ("4g", 1)),
    (("2g", 2), ("3g", 1)),
    (("3g", 2),),
    (("3g", 1), ("4g", 1)),
    (("7g", 1),),
}


def profiles(*names: str) -> list[Profile]:
    return [BY_NAME[name] for name in names]


def counted(layout: frozenset[tuple[int, int]]) -> tuple[tuple[str, int], ...]:
    names = {profile.id: profile.name for profile in H100.profiles}
    kinds = [names[profile_id] for _, profile_id in layout]
    return tuple(sorted((kind, kinds.count(kind)) for kind in set(kinds)))


def created(*names: str) -> list[int | None]:
    layout: list[Placed] = []
    starts: list[int | None] = []
    for name in names:
        new = choose(BY_NAME[name], layout)
        starts.append(new.start if new else None)
        layout += [new] if new else []
    return starts


def test_basic_profiles_have_19_maximal_placements_in_14_sets() -> None:
    layouts = list(maximal_layouts(profiles(*BASIC)))
    sets = {tuple((n.split(".")[0], c) for n, c in counted(layout)) for layout in layouts}
    assert len(layouts) == 19
    assert sets == DISTINCT_SETS


def test_double_memory_profile_makes_78_maximal_placements_in_38_sets() -> None:
    layouts = list(maximal_layouts(profiles(*BASIC, "1g.20gb")))
    assert len(layouts) == 78
    assert len({counted(layout) for layout in layouts}) == 38


@pytest.mark.parametrize(
    ("order", "starts"),
    [
        pytest.param(("1g.10gb",) * 8, [6, 4, 5, 0, 1, 2, 3, None], id="seven small ones"),
        pytest.param(
            ("1g.10gb", "1g.10gb", "2g.20gb", "3g.40gb"), [6, 4, 0, None], id="3g last fails"
        ),
        pytest.param(
            ("3g.40gb", "1g.10gb", "2g.20gb", "1g.10gb"), [4, 0, 2, 1], id="3g first fits"
        ),
        pytest.param(("3g.40gb", "3g.40gb", "1g.10gb"), [4, 0, None], id="two 3g fill memory"),
        pytest.param(("4g.40gb", "3g.40gb"), [0, 4], id="4g and 3g"),
        pytest.param(("7g.80gb", "1g.10gb"), [0, None], id="7g takes all"),
        pytest.param(("1g.20gb",) * 5, [6, 4, 0, 2, None], id="four double-memory ones"),
        pytest.param(("1g.10gb+me", "1g.10gb+me"), [6, None], id="one media instance"),
    ],
)
def test_driver_chooses_the_places_that_the_user_guide_shows(
    order: tuple[str, ...], starts: list[int | None]
) -> None:
    assert created(*order) == starts


def test_where_a_3g_sits_decides_what_else_fits() -> None:
    small, large = profiles("1g.10gb", "3g.40gb")
    at_0, at_4 = placements(large, [])
    assert [new.start for new in placements(small, [at_0])] == [4, 5, 6]
    assert [new.start for new in placements(small, [at_4])] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("NVIDIA A100-SXM4-80GB", "a100-sxm-80gb"),
        ("NVIDIA H100 80GB HBM3", "h100-sxm-80gb"),
        ("NVIDIA H200", "h200-sxm-141gb"),
        ("NVIDIA B200", "b200-sxm-180gb"),
    ],
)
def test_profiles_are_those_of_the_catalogue(name: str, entry: str) -> None:
    gpu = load_catalogue().gpus[entry]
    assert gpu.product == name
    assert [(p.name, p.id, p.size, p.starts) for p in load_model(name).profiles] == [
        (p.name, p.id, p.size_slices, p.starts) for p in gpu.mig_profiles
    ]


@pytest.mark.parametrize(
    "name", ["NVIDIA A100-SXM4-80GB", "NVIDIA H100 80GB HBM3", "NVIDIA H200", "NVIDIA B200"]
)
def test_larger_profiles_have_no_less_of_anything(name: str) -> None:
    by_slices = sorted(load_model(name).profiles, key=lambda profile: profile.compute_slices)
    for smaller, larger in pairwise(by_slices):
        assert smaller.multiprocessors <= larger.multiprocessors or smaller.size >= larger.size
    assert {profile.id for profile in by_slices} == {19, 20, 15, 14, 9, 5, 0}
