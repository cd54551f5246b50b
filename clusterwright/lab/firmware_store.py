"""The images that a lab's firmware store serves: what the definition names, and one release newer.

They are what emulated devices understand: JSON that says for which model, and what version.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from clusterwright.design.plan import FirmwareComponent, SitePlan
from clusterwright.errors import UsageError

PATH = "/firmware"
_LAST_NUMBER = re.compile(r"[0-9]+(?=[^0-9]*$)")


def build_store(plan: SitePlan, folder: Path) -> None:
    """Write the images that the plan's baselines take from the lab's own store.

    Raises:
        UsageError: one file would have to be an image for two models.
    """
    folder.mkdir(parents=True)
    owners: dict[str, str] = {}
    for baseline in plan.firmware:
        for component in baseline.components:
            for file, version in _images(plan, component):
                if owners.setdefault(file, baseline.model) != baseline.model:
                    raise UsageError(
                        f"firmware.models.{baseline.model}.components.{component.name}.image: "
                        f"{file} is an image for {owners[file]} already, and the lab has one "
                        f"for each model: write {baseline.model}/{PurePosixPath(file).name}"
                    )
                _write(folder / file, baseline.model, component.name, version)


def _images(plan: SitePlan, component: FirmwareComponent) -> Iterator[tuple[str, str]]:
    """Files of the component with their versions; a newer one where its name says which it is."""
    own = f"http://{plan.inband.gateway}{PATH}/"
    if not component.image.startswith(own):
        return
    file, version = component.image.removeprefix(own), component.version
    yield file, version
    if version in file:
        newer = next_release(version)
        yield file.replace(version, newer), newer


def next_release(version: str) -> str:
    """Return the version that comes after one: 1.0.1 after 1.0.0."""
    return _LAST_NUMBER.sub(lambda number: str(int(number[0]) + 1), version)


def _write(file: Path, model: str, component: str, version: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(file.read_text())["components"] if file.exists() else {}
    document = {"model": model, "components": {**known, component: version}}
    file.write_text(json.dumps(document) + "\n")
