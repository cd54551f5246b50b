"""What several tests stand on, and how they are given to workers."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from clusterwright.lab.authority import issue, make_ca
from tests.groups import Groups, rank_of

# A machine may be slow: neither an example nor drawing it has a limit of time.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=(HealthCheck.too_slow,), print_blob=True
)
# Equal code has equal examples, so that a failure is that of a change; `make soak` draws others.
settings.register_profile("steady", settings.get_profile("patient"), derandomize=True)
settings.load_profile("patient" if "EXAMPLES_TIMES" in os.environ else "steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: rank_of(item.path))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups | None:
    return Groups(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """A folder with a CA (ca.pem), another one (foreign/), and services the first has signed."""
    folder = tmp_path_factory.mktemp("certificates")
    make_ca(folder)
    issue(folder, "service", "127.0.0.1")
    issue(folder, "elsewhere", "127.0.0.2")
    make_ca(folder / "foreign")
    return folder
