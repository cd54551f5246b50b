"""MIG layouts: which GPU instances, on which memory slices."""

import re
from collections.abc import Iterator, Sequence

from clusterwright.catalogue.entry import Gpu, MigProfile
from clusterwright.design.plan import MigDevice
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite


def lay_out(text: str, gpu: Gpu) -> tuple[MigDevice, ...]:
    """Return the instances of a layout that `find_problems` has found possible, in its order."""
    profiles = _profiles(text, gpu)
    return _place(profiles, frozenset(), gpu) or ()


def find_problems(loaded: LoadedSite) -> Iterator[Problem]:
    """Yield every pool whose layout names an unknown profile or fits on no placement."""
    for pool, model in sorted(_pool_gpus(loaded)):
        text, gpu = loaded.site.pools[pool].mig, loaded.catalogue.gpus[model]
        path = ("pools", pool, "mig")
        known = {profile.name: profile for profile in gpu.mig_profiles}
        unknown = [name for _, name in _counts(text) if name not in known]
        if unknown:
            yield _no_profile(path, text, gpu, unknown[0])
        elif misfit := _misfit(text, gpu):
            yield Problem(path=path, value=text, rule=misfit)


def _no_profile(path: DefinitionPath, text: str, gpu: Gpu, name: str) -> Problem:
    known = [profile.name for profile in gpu.mig_profiles]
    if known:
        rule = f"{gpu.title} has no MIG profile {name}: choose from {', '.join(known)}"
        return Problem(path=path, value=text, rule=rule)
    rule = f"{gpu.title} cannot be divided: write mig: none"
    return Problem(path=path, value=text, rule=rule, remedy=((path, "none"),))


def _misfit(text: str, gpu: Gpu) -> str | None:
    profiles = _profiles(text, gpu)
    if sum("+me" in profile.name for profile in profiles) > 1:
        return f"{text}: only one instance with media engines (+me) fits on a GPU: ask for one"
    if profiles and _place(profiles, frozenset(), gpu) is None:
        fit = next(
            n
            for n in range(len(profiles), -1, -1)
            if _place(profiles[:n], frozenset(), gpu) is not None
        )
        return (
            f"{text} does not fit on {gpu.title}: its {gpu.memory_slices} memory slices hold only "
            f"the first {fit} of these {len(profiles)} instances: ask for fewer or smaller ones"
        )
    return None


def _pool_gpus(loaded: LoadedSite) -> set[tuple[str, str]]:
    groups = (group for unit in loaded.site.compute for group in unit.groups)
    servers = ((group.pool, loaded.catalogue.servers[group.server]) for group in groups)
    return {(pool, server.gpus.model) for pool, server in servers if server.gpus}


def _counts(text: str) -> list[tuple[int, str]]:
    if text == "none":
        return []
    parts = (
        re.split(r"x", part.strip(), maxsplit=1) for part in re.split(r"\s*\+\s*(?=\d+x)", text)
    )
    return [(int(count), name) for count, name in parts]


def _profiles(text: str, gpu: Gpu) -> tuple[MigProfile, ...]:
    known = {profile.name: profile for profile in gpu.mig_profiles}
    return tuple(known[name] for count, name in _counts(text) for _ in range(count))


def _place(
    profiles: Sequence[MigProfile], taken: frozenset[int], gpu: Gpu
) -> tuple[MigDevice, ...] | None:
    """Search the placement table, instance by instance, lowest slice first."""
    if not profiles:
        return ()
    first = profiles[0]
    for start in first.starts:
        slices = frozenset(range(start, start + first.size_slices))
        if slices & taken:
            continue
        rest = _place(profiles[1:], taken | slices, gpu)
        if rest is not None:
            device = MigDevice(
                profile=first.name, profile_id=first.id, start=start, size=first.size_slices
            )
            return (device, *rest)
    return None
