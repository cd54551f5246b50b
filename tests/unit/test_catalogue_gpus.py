"""GPUs: MIG profiles and placements are those of NVIDIA's guide and of real GPUs."""

from collections import Counter
from collections.abc import Iterator

import pytest

from clusterwright.catalogue import load_catalogue
from clusterwright.catalogue.entry import Gpu, MigProfile

CATALOGUE = load_catalogue()
GPUS = CATALOGUE.gpus
EIGHT_SLOTS = {name: gpu for name, gpu in GPUS.items() if gpu.memory_slices == 8}

SIZES = {
    "a100-sxm-40gb": "5 10 20 40",
    "a100-sxm-80gb": "10 20 40 80",
    "h100-sxm-80gb": "10 20 40 80",
    "h100-nvl-94gb": "12 24 47 94",
    "h100-96gb": "12 24 48 96",
    "h200-sxm-141gb": "18 35 71 141",
    "h200-nvl-141gb": "18 35 71 141",
    "gh200-144gb": "18 36 72 144",
    "b200-sxm-180gb": "23 45 90 180",
    "gb200-186gb": "23 47 93 186",
    "gb200-189gb": "24 47 95 189",
    "b300-sxm-288gb": "34 67 135 269",
    "gb300-288gb": "35 70 139 278",
}
"""GB of an instance with one, two, three or four, and seven slices."""

OTHERS = {
    "a30-24gb": {"1g.6gb": 4, "1g.6gb+me": 1, "2g.12gb": 2, "2g.12gb+me": 1, "4g.24gb": 1},
    "rtx-pro-6000-96gb": {
        "1g.24gb": 4,
        "1g.24gb+me": 1,
        "1g.24gb+gfx": 4,
        "1g.24gb+me.all": 1,
        "1g.24gb-me": 4,
        "2g.48gb": 2,
        "2g.48gb+gfx": 2,
        "2g.48gb+me.all": 1,
        "2g.48gb-me": 2,
        "4g.96gb": 1,
        "4g.96gb+gfx": 1,
    },
}

MAXIMAL_SETS = (
    "7×1g · 5×1g+2g · 4×1g+3g · 3×1g+2×2g · 3×1g+3g · 3×1g+4g · 2×1g+2g+3g · 1g+3×2g · 1g+2g+3g · "
    "1g+2g+4g · 2×2g+3g · 2×3g · 3g+4g · 7g"
)


def seven_profiles(sizes: str) -> dict[str, int]:
    one, two, half, whole = sizes.split()
    return {
        f"1g.{one}gb": 7,
        f"1g.{one}gb+me": 1,
        f"1g.{two}gb": 4,
        f"2g.{two}gb": 3,
        f"3g.{half}gb": 2,
        f"4g.{half}gb": 1,
        f"7g.{whole}gb": 1,
    }


def maximal_placements(profiles: list[MigProfile]) -> set[frozenset[tuple[str, int]]]:
    """Every way to place instances until nothing more fits."""
    options = [
        (profile.name, start, frozenset(range(start, start + profile.size_slices)))
        for profile in profiles
        for start in profile.starts
    ]

    def grow(chosen: frozenset, taken: frozenset, since: int) -> Iterator[frozenset]:
        if all(slices & taken for _, _, slices in options):
            yield chosen
        for i in range(since, len(options)):
            name, start, slices = options[i]
            if not slices & taken:
                yield from grow(chosen | {(name, start)}, taken | slices, i + 1)

    return set(grow(frozenset(), frozenset(), 0))


def distinct_sets(placements: set[frozenset[tuple[str, int]]]) -> set[frozenset]:
    return {frozenset(Counter(name for name, _ in one).items()) for one in placements}


def plain(gpu: Gpu) -> dict[int, MigProfile]:
    """The profiles without media extensions, by id."""
    return {p.id: p for p in gpu.mig_profiles if "+me" not in p.name}


def test_every_gpu_is_checked_against_the_guide():
    assert GPUS.keys() == SIZES.keys() | OTHERS.keys()


@pytest.mark.parametrize("name", GPUS)
def test_profiles_are_those_of_the_guide(name):
    expected = OTHERS.get(name) or seven_profiles(SIZES[name])
    profiles = GPUS[name].mig_profiles
    assert {profile.name: profile.max_instances for profile in profiles} == expected


@pytest.mark.parametrize("name", GPUS)
def test_no_profile_id_means_two_things(name):
    ids = [profile.id for profile in GPUS[name].mig_profiles]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("name", GPUS)
def test_as_many_instances_of_a_profile_fit_as_the_guide_says(name):
    for profile in GPUS[name].mig_profiles:
        most = max(len(one) for one in maximal_placements([profile]))
        assert profile.max_instances == (1 if "+me" in profile.name else most), profile.name


@pytest.mark.parametrize("name", EIGHT_SLOTS)
def test_nineteen_placements_and_fourteen_sets_fill_the_eight_slots(name):
    profiles = plain(EIGHT_SLOTS[name])
    basic = maximal_placements([profiles[i] for i in (19, 14, 9, 5, 0)])
    assert (len(basic), len(distinct_sets(basic))) == (19, 14)
    every = maximal_placements(list(profiles.values()))
    assert (len(every), len(distinct_sets(every))) == (78, 38)


def test_the_fourteen_sets_are_the_published_ones():
    profiles = plain(GPUS["h100-sxm-80gb"])
    found = distinct_sets(maximal_placements([profiles[i] for i in (19, 14, 9, 5, 0)]))
    counted = {frozenset((name.split(".")[0], count) for name, count in one) for one in found}
    published = {
        frozenset(
            (part.split("×")[-1], int(part.split("×")[0]) if "×" in part else 1)
            for part in one.split("+")
        )
        for one in MAXIMAL_SETS.split(" · ")
    }
    assert counted == published


@pytest.mark.parametrize("name", GPUS)
def test_compute_slices_are_the_most_instances(name):
    gpu = GPUS[name]
    assert gpu.compute_slices == max(profile.max_instances for profile in gpu.mig_profiles)


@pytest.mark.parametrize("name", GPUS)
def test_larger_profiles_have_more_of_the_gpu(name):
    """Names say how many compute slices; memory and multiprocessors follow."""
    known = [p for p in GPUS[name].mig_profiles if p.multiprocessors]
    by_slices = sorted(known, key=lambda p: int(p.name.split("g")[0]))
    processors = [p.multiprocessors for p in by_slices if "." in p.name and p.id != 15]
    assert processors == sorted(processors)


def test_the_whole_of_a_gpu_is_no_more_than_it_has():
    for name, gpu in GPUS.items():
        whole = max(int(p.name.split(".")[1].split("gb")[0]) for p in gpu.mig_profiles)
        assert whole <= gpu.memory_gb, name
        assert all((p.memory_gib or 0) <= gpu.memory_gb for p in gpu.mig_profiles), name


def test_a_pci_device_is_one_gpu_or_one_gpu_under_two_names():
    seen = Counter(device for gpu in GPUS.values() for device in gpu.pci_devices)
    assert {device for device, count in seen.items() if count > 1} == {"2941"}


def test_hotter_limits_come_later():
    known = [gpu for gpu in GPUS.values() if gpu.shutdown_c]
    assert {gpu.title for gpu in known} == {"NVIDIA H100 SXM 80 GB", "NVIDIA B200 SXM 180 GB"}
    for gpu in known:
        assert gpu.operating_max_c < gpu.slowdown_c < gpu.shutdown_c
