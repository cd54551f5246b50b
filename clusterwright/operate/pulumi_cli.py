"""Find the Pulumi command line: the operator's own, else the one that `make tools` has built.

Standard library only: tools/ uses it before anything is installed.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clusterwright.errors import ToolError

PULUMI_VERSION = "3.259.0"
"""The release that `make tools` builds, and of the `pulumi` package in pyproject.toml."""

OLDEST_VERSION = (3, 227)
"""Older engines tell drift and failure apart by words only, not by their exit code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PulumiCli:
    """One executable and the release it says it is."""

    executable: Path
    version: str


def cache_folder(variables: Mapping[str, str] = os.environ) -> Path:
    """Return what all checkouts of one user share; `clusterwright lab down` leaves it."""
    base = variables.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "clusterwright"


def built_cli(variables: Mapping[str, str] = os.environ) -> Path:
    """Return where `make tools` puts the executable, whether it is there or not."""
    return cache_folder(variables) / f"pulumi-{PULUMI_VERSION}" / "bin" / "pulumi"


def find_pulumi(variables: Mapping[str, str] = os.environ) -> PulumiCli:
    """Return the CLI that commands use.

    Raises:
        ToolError: there is none that is new enough.
    """
    own = cli_on_path(variables)
    if own is not None and is_new_enough(own.version):
        return own
    built = built_cli(variables)
    if os.access(built, os.X_OK):
        return PulumiCli(executable=built, version=PULUMI_VERSION)
    oldest = ".".join(map(str, OLDEST_VERSION))
    found = f"{own.executable} is {own.version or 'of no known version'}" if own else "none on PATH"
    raise ToolError(
        f"pulumi: {found}, and at least {oldest} is needed: "
        f"run `make tools`, which builds {PULUMI_VERSION} into {built.parent}"
    )


def cli_on_path(variables: Mapping[str, str] = os.environ) -> PulumiCli | None:
    """Return the `pulumi` on PATH, of whatever version."""
    executable = shutil.which("pulumi", path=variables.get("PATH", ""))
    if executable is None:
        return None
    if Path(executable) == built_cli(variables):
        return PulumiCli(executable=Path(executable), version=PULUMI_VERSION)
    answer = subprocess.run(
        [executable, "version"],
        env={**variables, "PULUMI_SKIP_UPDATE_CHECK": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    return PulumiCli(executable=Path(executable), version=answer.stdout.strip().removeprefix("v"))


def is_new_enough(version: str) -> bool:
    """Whether an engine of that release tells drift by exit code 7."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return numbers is not None and tuple(map(int, numbers.groups())) >= OLDEST_VERSION
