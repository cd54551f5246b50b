"""Every entry of the catalogue loads, and what one entry says of another is true."""

from dataclasses import fields

from clusterwright.catalogue import Catalogue, load_catalogue

CATALOGUE: Catalogue = load_catalogue()


def test_every_kind_has_entries():
    assert [field.name for field in fields(CATALOGUE) if not getattr(CATALOGUE, field.name)] == []


def test_every_server_names_a_known_gpu():
    named = {server.gpus.model for server in CATALOGUE.servers.values() if server.gpus}
    assert named - CATALOGUE.gpus.keys() == set()


def test_every_gpu_of_a_server_has_one_port():
    for name, server in CATALOGUE.servers.items():
        gpus = range(server.gpus.count) if server.gpus else range(0)
        assert sorted(port.gpu for port in server.compute_ports) == list(gpus), name
        assert len({port.cage for port in server.compute_ports}) == len(server.compute_ports), name


def test_power_supplies_carry_their_server():
    for name, server in CATALOGUE.servers.items():
        supplies = server.power_supplies
        if supplies.capacity_watts is not None:
            assert supplies.needed * supplies.capacity_watts >= server.power_max_watts, name
        assert server.liquid_watts <= server.power_max_watts, name


def test_mig_profiles_stay_within_their_gpu():
    for name, gpu in CATALOGUE.gpus.items():
        for profile in gpu.mig_profiles:
            ends = [start + profile.size_slices for start in profile.starts]
            assert max(ends) <= gpu.memory_slices, (name, profile.name)


def test_a_driver_release_is_named_after_the_version_its_driver_packages_have():
    for version, release in CATALOGUE.drivers.items():
        assert version.startswith(f"{release.branch}.")
        assert f"nvidia-open-{release.branch}" in {package.name for package in release.packages}
        versions = {p.version for p in release.packages if "nvidia" in p.name}
        assert {v.rsplit("-", 1)[0] for v in versions} == {version}
