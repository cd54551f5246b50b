"""What keeps hosts from being installed as asked for."""

from collections.abc import Iterator
from itertools import chain

from clusterwright.errors import DefinitionPath, Problem
from clusterwright.model.installation import Image, Installation, Profile, Storage
from clusterwright.model.naming import missing, second, twice
from clusterwright.model.site import Site

AT: DefinitionPath = ("installation",)


def find_problems(site: Site) -> Iterator[Problem]:
    """Yield references to nothing, hosts that are installed twice, users that cannot log in."""
    asked = site.installation
    if asked is None:
        return
    pools = pools_by_node(site)
    for name, image in asked.images.items():
        yield from _of_image((*AT, "images", name), name, image, emulated=site.emulated)
    seen: set[str] = set()
    for name, profile in asked.profiles.items():
        at: DefinitionPath = (*AT, "profiles", name)
        yield from _of_profile(at, profile, asked, site, pools)
        yield from _installed_twice(at, profile, pools, seen)
        seen.update(nodes_of(profile, pools))
    for name in asked.again:
        yield from missing(
            (*AT, "again", name), name, "installed host", sorted(seen), replaceable=False
        )


def pools_by_node(site: Site) -> dict[str, str]:
    """Return the pool of every node that is there, by the node's name by rule."""
    return {
        name: group.pool
        for unit in site.compute
        for group, indices in zip(unit.groups, unit.indices, strict=True)
        for name in (f"{unit.name}-n{index}" for index in indices)
        if name not in unit.holes
    }


def nodes_of(profile: Profile, pools: dict[str, str]) -> Iterator[str]:
    """Yield the nodes that a profile installs: those it names, then those of its pools."""
    yield from profile.hosts
    if profile.pools:
        wanted = set(profile.pools)
        yield from (name for name, pool in pools.items() if pool in wanted)


def _of_image(at: DefinitionPath, name: str, image: Image, *, emulated: bool) -> Iterator[Problem]:
    if image.sha256 is None and not emulated:
        yield Problem(
            path=(*at, "sha256"),
            value="",
            rule=f"image {name} has no checksum, but what is installed everywhere must be what was "
            f"meant: write what sha256sum says of {image.file}",
        )
    if image.security_mirror and image.distribution != "debian":
        path = (*at, "security_mirror")
        yield Problem(
            path=path,
            value=image.security_mirror,
            rule=f"image {name} is {image.distribution}'s, whose installer is told of one mirror "
            "alone: leave it out, and let a late command or a play name the other",
        )


def _of_profile(
    at: DefinitionPath, profile: Profile, asked: Installation, site: Site, pools: dict[str, str]
) -> Iterator[Problem]:
    yield from missing((*at, "image"), profile.image, "image", asked.images)
    for k, host in enumerate(profile.hosts):
        yield from missing((*at, "hosts", k), host, "node", pools)
    for k, pool in enumerate(profile.pools):
        yield from missing((*at, "pools", k), pool, "pool", site.pools)
    yield from twice((*at, "users"), ("name",), [user.name for user in profile.users])
    yield from _login(at, profile, site.software.ssh_user)
    if image := asked.images.get(profile.image):
        yield from _beyond_the_installer((*at, "storage"), profile.storage, image)
    if not (profile.hosts or profile.pools):
        yield Problem(
            path=at,
            value="",
            rule="it installs nobody, because it names neither hosts nor pools: give one of them, "
            "or take the profile out",
        )


def _beyond_the_installer(at: DefinitionPath, storage: Storage, image: Image) -> Iterator[Problem]:
    """What an installer cannot do would be as if nobody had asked for it."""
    if image.distribution == "debian" and storage.disk.size:
        yield Problem(
            path=(*at, "disk", "size"),
            value=storage.disk.size,
            rule="Debian's installer does not choose a disk by its size: write its path or serial",
        )
    if image.distribution == "ubuntu" and storage.filesystem != "ext4":
        path = (*at, "filesystem")
        yield Problem(
            path=path,
            value=storage.filesystem,
            rule=f"Ubuntu's installer makes no {storage.filesystem}, but ext4 in each of its "
            "layouts: write ext4, or install another image",
            remedy=((path, "ext4"),),
        )


def _login(at: DefinitionPath, profile: Profile, ssh_user: str) -> Iterator[Problem]:
    user = next((user for user in profile.users if user.name == ssh_user), None)
    if user is None:
        yield Problem(
            path=(*at, "users"),
            value=", ".join(user.name for user in profile.users),
            rule=f"none of the users is {ssh_user}, as whom hosts are configured "
            "(software.ssh_user): add it",
        )
    elif not (user.authorized_keys or user.key_secret):
        yield Problem(
            path=(*at, "users", profile.users.index(user)),
            value=ssh_user,
            rule=f"{ssh_user} configures the host (software.ssh_user), but has no key: give "
            "authorized_keys or key_secret",
        )


def _installed_twice(
    at: DefinitionPath, profile: Profile, pools: dict[str, str], seen: set[str]
) -> Iterator[Problem]:
    named = set(seen)
    for k, host in enumerate(profile.hosts):
        if host in named:
            yield second((*at, "hosts", k), host)
        named.add(host)
    for k, pool in enumerate(profile.pools):
        members = (name for name, its_pool in pools.items() if its_pool == pool)
        if both := next((name for name in members if name in named), None):
            yield Problem(
                path=(*at, "pools", k),
                value=pool,
                rule=f"{both} of pool {pool} is installed by another entry, too, but a host is "
                "installed in one way: leave it out of one of them",
            )
        named.update(chain(name for name, its in pools.items() if its == pool))
