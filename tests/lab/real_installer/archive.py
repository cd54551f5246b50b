"""Debian's archive as this machine's apt is configured to reach it."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

RELEASE, VERSION = "trixie", "13"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


@dataclass(frozen=True, kw_only=True)
class Archive:
    """Where packages come from."""

    main: str

    def unpack(self, package: str, folder: Path, into: Path) -> None:
        """Unpack a package of the release, verified by apt; this machine does not get it."""
        file = self.download(package, folder)
        run("dpkg-deb", "--extract", str(file), str(into))
        file.unlink()

    def download(self, package: str, folder: Path) -> Path:
        """Fetch a package of the release, verified by apt, into the folder."""
        for name in ("state/lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        sources = folder / "sources.list"
        sources.write_text(f"deb [signed-by={KEYRING}] {self.main} {RELEASE} main\n")
        settings = {
            "Dir::Etc::SourceList": sources,
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::State": folder / "state",
            "Dir::Cache": folder / "cache",
            "APT::Sandbox::User": "root",
        }
        options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        run("apt-get", *options, "--quiet=2", "update")
        run("apt-get", *options, "--quiet=2", "download", package, folder=folder)
        return next(folder.glob(f"{package}_*.deb"))


def archive() -> Archive | None:
    """Return where apt finds Debian; None where it does not."""
    wanted = ("Created-By: Packages", "Origin: Debian", "Label: Debian", "Component: main")
    words = ("apt-get", "indextargets", "--format", "$(REPO_URI)", *wanted)
    try:
        found = run(*words).split()
    except FileNotFoundError:
        return None
    return Archive(main=found[0].rstrip("/")) if found else None


def run(*words: str, folder: Path | None = None) -> str:
    """Run a program to its end; what it writes to its error output is for people."""
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(
        words, check=True, stdout=subprocess.PIPE, text=True, cwd=folder, env=environment
    ).stdout
