"""What several unit tests stand on."""

import pytest

from clusterwright.lab.authority import issue, make_ca


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """A folder with a CA (ca.pem), another one (foreign/), and services the first has signed."""
    folder = tmp_path_factory.mktemp("certificates")
    make_ca(folder)
    issue(folder, "service", "127.0.0.1")
    issue(folder, "elsewhere", "127.0.0.2")
    make_ca(folder / "foreign")
    return folder
