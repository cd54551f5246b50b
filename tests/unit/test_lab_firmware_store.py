"""What the lab's firmware store has: the definition's images, and one release newer."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from clusterwright.design.plan import FirmwareBaseline, FirmwareComponent, SitePlan
from clusterwright.errors import UsageError
from clusterwright.lab.firmware_store import build_store, next_release
from tests.plans import lab_plan


def planned(*images: tuple[str, str]) -> SitePlan:
    """The lab's plan, with one image for each model given."""
    plan = lab_plan()
    return replace(
        plan,
        firmware=tuple(
            FirmwareBaseline(
                model=model,
                downgrade=False,
                components=(
                    FirmwareComponent(
                        name="BIOS", version="1.0.0", image=image, activation="reset", order=1
                    ),
                ),
            )
            for model, image in images
        ),
    )


def own(plan: SitePlan, file: str) -> str:
    return f"http://{plan.inband.gateway}/firmware/{file}"


def test_it_has_the_definitions_image_and_the_next_release(tmp_path: Path) -> None:
    plan = planned(("dgx-h100", own(lab_plan(), "dgx-h100/bios-1.0.0.fwpkg")))
    build_store(plan, tmp_path / "store")
    versions = {
        file.name: json.loads(file.read_text()) for file in (tmp_path / "store/dgx-h100").iterdir()
    }
    assert versions == {
        f"bios-{version}.fwpkg": {"model": "dgx-h100", "components": {"BIOS": version}}
        for version in ("1.0.0", "1.0.1")
    }


def test_an_image_of_another_store_is_left_to_that(tmp_path: Path) -> None:
    build_store(planned(("dgx-h100", "https://vendor.example/bios.fwpkg")), tmp_path / "store")
    assert list((tmp_path / "store").iterdir()) == []


def test_one_file_for_two_models_is_refused_with_another_name(tmp_path: Path) -> None:
    image = own(lab_plan(), "bios.fwpkg")
    with pytest.raises(UsageError) as refused:
        build_store(planned(("dgx-h100", image), ("hgx-h100-liquid", image)), tmp_path / "store")
    assert str(refused.value) == (
        "firmware.models.hgx-h100-liquid.components.BIOS.image: bios.fwpkg is an image for "
        "dgx-h100 already, and the lab has one for each model: write hgx-h100-liquid/bios.fwpkg"
    )


@pytest.mark.parametrize(
    ("version", "newer"), [("1.0.0", "1.0.1"), ("24.09.17", "24.09.18"), ("2.9b", "2.10b")]
)
def test_the_next_release_has_the_last_number_raised(version: str, newer: str) -> None:
    assert next_release(version) == newer
