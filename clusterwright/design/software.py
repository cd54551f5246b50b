"""What the hosts run: the definition's choices with the driver release's packages."""

from clusterwright.design.plan import Package, PackageSource, Software
from clusterwright.load import LoadedSite


def plan_software(loaded: LoadedSite) -> Software:
    """Return the software of every host, packages at their exact versions."""
    asked = loaded.site.software
    release = loaded.catalogue.drivers[asked.gpu_driver]
    return Software(
        package_sources=tuple(
            PackageSource(
                name=source.name,
                uri=source.uri,
                suites=source.suites,
                components=source.components,
                key_url=source.key_url,
                key_file=f"/etc/apt/keyrings/{source.name}.asc",
            )
            for source in asked.package_sources
        ),
        time_servers=asked.time_servers,
        sysctl=tuple(sorted(asked.sysctl.items())),
        ssh_user=asked.ssh_user,
        base_packages=asked.base_packages,
        gpu_driver_version=asked.gpu_driver,
        gpu_driver_packages=tuple(
            Package(name=package.name, version=package.version) for package in release.packages
        ),
    )
