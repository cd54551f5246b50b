"""The package repository that the lab's hosts install from."""

import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path

from clusterwright.design.plan import SitePlan
from clusterwright.lab.packages import archive, contents, index
from clusterwright.lab.packages.archive import Wanted
from clusterwright.lab.rootfs import PACKAGES

# The clock is set on every host, whether or not the definition names the package for it.
ALWAYS = ("chrony",)
BASE_VERSIONS = {"chrony": "4.3-2+deb12u1"}
LAST_NUMBER = re.compile(r"0*[1-9]\d*(?=[^1-9]*$)")


def older(version: str) -> str:
    """Return the point release before: 580.95.05-1 after 580.95.04-1."""
    software = contents.upstream(version)
    earlier = LAST_NUMBER.sub(lambda at: f"{int(at[0]) - 1:0{len(at[0])}d}", software, count=1)
    return version.replace(software, earlier, 1)


def wanted_packages(plan: SitePlan) -> tuple[Wanted, ...]:
    """List what the plan's hosts install; the driver's packages one point release older, too."""
    driver = plan.software.gpu_driver_packages
    exact = [Wanted(name=one.name, version=one.version) for one in driver]
    previous = [Wanted(name=one.name, version=older(one.version)) for one in driver]
    base = [
        Wanted(name=name, version=BASE_VERSIONS.get(name, "1.0-1"))
        for name in (*ALWAYS, *plan.software.base_packages, *_of_installers(plan))
    ]
    unique = {(one.name, one.version): one for one in (*base, *exact, *previous)}
    return tuple(unique[key] for key in sorted(unique))


def _of_installers(plan: SitePlan) -> set[str]:
    """What installers install beside what is on their medium."""
    asked = {name for one in plan.installations for name in one.packages}
    return asked - set(PACKAGES)


def _digest(wanted: tuple[Wanted, ...]) -> str:
    sources = (contents.PAYLOADS, Path(__file__).parent)
    digest = hashlib.sha256(repr(wanted).encode())
    for source in sources:
        for file in sorted(path for path in source.rglob("*") if path.is_file()):
            if file.suffix != ".pyc":
                digest.update(f"{file.relative_to(source)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "clusterwright"


def _build(wanted: tuple[Wanted, ...], folder: Path) -> None:
    for one in wanted:
        archive.build(one, folder)
    index.write_packages(wanted, folder)
    index.write_release(folder)
    index.sign(folder)


def _cached(wanted: tuple[Wanted, ...]) -> Path:
    ready = _cache() / f"apt-{_digest(wanted)}"
    if ready.is_dir():
        return ready
    ready.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ready.parent) as folder:
        draft = Path(folder) / "apt"
        draft.mkdir()
        _build(wanted, draft)
        try:
            draft.rename(ready)
        except OSError:
            # Somebody else may have been faster; what they built is as good.
            if not ready.is_dir():
                raise
    return ready


def build_repository(plan: SitePlan, folder: Path) -> None:
    """Make `folder` the signed repository (dists/, pool/, key.asc) that the plan's hosts need.

    Built once per list of packages and kept in the user's cache. The key that signed it is
    thrown away at once: only key.asc, its public part, is left.
    """
    ready = _cached(wanted_packages(plan))
    if folder.is_dir():
        shutil.rmtree(folder)
    shutil.copytree(ready, folder)
