"""Write requirements.lock: what pyproject.toml's pins need, each at one version (`make lock`)."""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
HEADER = (
    "# Every Python package that `make lab` and `make test` install, exactly. "
    "`make lock` writes this file.\n"
)


def main() -> None:
    """Resolve in an environment of its own, so that nothing installed by hand gets in."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = str(Path(folder) / "bin" / "python")
        pip = [python, "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", "--upgrade", *pins()], check=True)
        frozen = subprocess.run(
            [*pip, "freeze", "--all"], check=True, capture_output=True, text=True
        ).stdout
    lines = [line for line in frozen.splitlines() if not line.startswith(("pip==", "wheel=="))]
    (PROJECT / "requirements.lock").write_text(HEADER + "\n".join(lines) + "\n")


def pins() -> list[str]:
    """Return what pyproject.toml asks for, the build system included."""
    document = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    project = document["project"]
    extras = project["optional-dependencies"].values()
    everything = [*document["build-system"]["requires"], *project["dependencies"]]
    return [*everything, *(pin for extra in extras for pin in extra)]


if __name__ == "__main__":
    main()
