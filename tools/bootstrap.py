"""Install what is missing: Debian packages, the virtual environment, command-line tools.

Runs under the Python of the system, before anything of ours is there. Where nothing is missing,
nothing is done.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
ENVIRONMENT = PROJECT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LOCK = PROJECT / "requirements.lock"
STAMP = ENVIRONMENT / "installed-from"
PACKAGES = PROJECT / "tools" / "debian-packages.txt"
FOR_SOAK = PROJECT / "tools" / "soak-packages.txt"
POLICY = Path("/usr/sbin/policy-rc.d")
SERVICES = {"kea-dhcp4-server": "kea-dhcp4-server.service"}
"""What a package would start at the next boot of this machine."""
OLDEST_PYTHON = (3, 11)


class SetupError(Exception):
    """Something that the operator has to do first."""


def main() -> None:
    """Bring the machine to where `clusterwright` runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--python-only", action="store_true", help="leave Debian packages and tools alone"
    )
    parser.add_argument(
        "--soak", action="store_true", help="install Debian packages for `make soak` as well"
    )
    arguments = parser.parse_args()
    try:
        refuse_old_python()
        if not arguments.python_only:
            install_debian_packages(*((FOR_SOAK,) if arguments.soak else ()))
        install_environment()
        if not arguments.python_only:
            subprocess.run([PYTHON, PROJECT / "tools" / "build_pulumi.py"], check=True)
            subprocess.run([PYTHON, PROJECT / "tools" / "fetch_collection.py"], check=True)
    except SetupError as error:
        sys.exit(f"set-up: {error}")
    except subprocess.CalledProcessError as error:
        command = " ".join(map(str, error.cmd))
        sys.exit(f"set-up: `{command}` failed ({error.returncode}); its own words are above")


def refuse_old_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError(
            f"{sys.executable} is Python {sys.version.split()[0]}, and 3.11 or newer is needed: "
            "run `make PYTHON=python3.11 …` with one that is"
        )


def install_debian_packages(*more: Path) -> None:
    """Install the packages of debian-packages.txt, and of more lists, that are not there."""
    missing = missing_packages(*more)
    if not missing:
        return
    if shutil.which("apt-get") is None:
        print(
            f"This is not Debian: see to it that {', '.join(missing)} (Debian's names) are there",
            flush=True,
        )
        return
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        raise SetupError(
            f"{len(missing)} Debian packages are missing, and only root may install them: "
            f"run `{' '.join(command)}` as root, then this again"
        )
    print(f"Installing {len(missing)} Debian packages: {' '.join(missing)}", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "--quiet=2"], env=quiet, check=True)
    with no_service_starts():
        subprocess.run([*command, "--quiet=2"], env=quiet, check=True)
    for service in (SERVICES[name] for name in missing if name in SERVICES):
        subprocess.run(["systemctl", "--quiet", "disable", service], check=True)


@contextmanager
def no_service_starts() -> Iterator[None]:
    """Forbid packages to start their services while they are installed, as Debian's policy lets us.

    We want some of them for their checkers only: a DHCP server must not come up on this machine.
    """
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def missing_packages(*more: Path) -> list[str]:
    """Return which of the packages are not installed; all of them where dpkg is unknown."""
    names = wanted_packages(*more)
    if shutil.which("dpkg-query") is None:
        return names
    answer = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Abbrev}${Package}\n", *names],
        capture_output=True,
        text=True,
        check=False,
    )
    installed = {line[3:] for line in answer.stdout.splitlines() if line.startswith("ii ")}
    return [name for name in names if name not in installed]


def wanted_packages(*more: Path) -> list[str]:
    """Return what the lists name; what follows a # is for people."""
    text = "\n".join(file.read_text() for file in (PACKAGES, *more))
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return sorted({line for line in lines if line})


def install_environment() -> None:
    """Make .venv hold exactly what the lock says, and this checkout's package."""
    if PYTHON.exists() and STAMP.is_file() and STAMP.read_text() == fingerprint():
        return
    if not PYTHON.exists():
        make_environment()
    count = sum(1 for line in LOCK.read_text().splitlines() if "==" in line)
    print(f"Installing {count} Python packages into {ENVIRONMENT.name}", flush=True)
    pip("install", "--requirement", str(LOCK))
    pip("install", "--no-deps", "--no-build-isolation", "--editable", str(PROJECT))
    STAMP.write_text(fingerprint())


def make_environment() -> None:
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian keeps it in a package of its own
    except ImportError as error:
        raise SetupError(
            f"{sys.executable} cannot make virtual environments: install its venv package "
            "(Debian: python3-venv), or run `make PYTHON=…` with a Python that has it"
        ) from error
    print(f"Making the virtual environment {ENVIRONMENT.name}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)


def pip(*arguments: str) -> None:
    command = [PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True)


def fingerprint() -> str:
    """Return what the environment depends on, in short."""
    content = LOCK.read_bytes() + (PROJECT / "pyproject.toml").read_bytes()
    return hashlib.sha256(content).hexdigest() + "\n"


if __name__ == "__main__":
    main()
