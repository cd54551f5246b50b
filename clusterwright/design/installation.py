"""Which hosts are installed with what."""

from collections.abc import Iterable

from clusterwright.design.plan import (
    BootService,
    Installation,
    InstallationImage,
    InstallationStorage,
    InstallationUser,
    Network,
    Node,
)
from clusterwright.load import LoadedSite
from clusterwright.model.installation import Image, InstalledUser, Profile
from clusterwright.model.installation_problems import nodes_of, pools_by_node

# Without these nobody could report, log in or configure.
NEEDED = ("ca-certificates", "curl", "openssh-server", "python3", "python3-apt")


def plan_boot_service(loaded: LoadedSite) -> BootService | None:
    """Return where images are served; None where nothing is installed by us."""
    asked = loaded.site.installation
    if asked is None:
        return None
    return BootService(address=str(asked.boot_service.address), port=asked.boot_service.port)


def plan_installations(
    loaded: LoadedSite, nodes: Iterable[Node], network: Network, domain: str
) -> tuple[Installation, ...]:
    """Return the installation of every host that has one, in the order of the nodes."""
    asked = loaded.site.installation
    if asked is None:
        return ()
    pools = pools_by_node(loaded.site)
    chosen = {
        name: profile for profile in asked.profiles.values() for name in nodes_of(profile, pools)
    }
    return tuple(
        _installation(loaded, node, chosen[node.name], network, domain)
        for node in nodes
        if node.name in chosen
    )


def _installation(
    loaded: LoadedSite, node: Node, profile: Profile, network: Network, domain: str
) -> Installation:
    asked = loaded.site.installation
    if asked is None:
        raise ValueError("nothing is installed")
    disk = profile.storage.disk
    sudo = ("sudo",) if any(user.sudo for user in profile.users) else ()
    return Installation(
        host=node.name,
        image=_image(profile.image, asked.images[profile.image]),
        method=profile.method,
        storage=InstallationStorage(
            disk_path=disk.path or "",
            disk_serial=disk.serial or "",
            disk_size=disk.size or "",
            layout=profile.storage.layout,
            filesystem=profile.storage.filesystem,
        ),
        users=tuple(map(_user, profile.users)),
        packages=tuple(sorted({*NEEDED, *sudo, *profile.packages})),
        late_commands=profile.late_commands,
        again=asked.again.get(node.name, ""),
        address=node.address,
        network=network,
        domain=domain,
        time_servers=loaded.site.software.time_servers,
    )


def _image(name: str, image: Image) -> InstallationImage:
    return InstallationImage(
        name=name,
        distribution=image.distribution,
        release=image.release,
        file=image.file,
        sha256=image.sha256 or "",
        mirror=image.mirror.rstrip("/"),
        security_mirror=(image.security_mirror or "").rstrip("/"),
    )


def _user(user: InstalledUser) -> InstallationUser:
    return InstallationUser(
        name=user.name,
        authorized_keys=user.authorized_keys,
        key_secret=user.key_secret or "",
        password_secret=user.password_secret or "",
        sudo=user.sudo,
    )
