"""What stops `up` before it starts, and where a stack's site is named."""

import pytest

from clusterwright.errors import OperationError, UsageError
from clusterwright.operate import stack
from clusterwright.operate.stack import require_backend, require_passphrase, site_reference
from clusterwright.site_folder import PROJECT, SiteFolder

VARIABLE = "PULUMI_CONFIG_PASSPHRASE_FILE"


def test_a_missing_variable_is_named():
    with pytest.raises(UsageError, match=f"^{VARIABLE} is not set: .* set the variable to"):
        require_passphrase({})


def test_a_missing_passphrase_file_is_named(tmp_path):
    with pytest.raises(UsageError, match=f"{tmp_path}/none, which cannot be read .No such file"):
        require_passphrase({VARIABLE: str(tmp_path / "none")})


def test_an_empty_passphrase_is_refused(tmp_path):
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(UsageError, match="which is empty"):
        require_passphrase({VARIABLE: str(tmp_path / "empty")})


def test_a_passphrase_is_enough(tmp_path):
    (tmp_path / "good").write_text("word\n")
    require_passphrase({VARIABLE: str(tmp_path / "good")})


def test_a_backend_that_cannot_be_a_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OperationError, match=r"it cannot be written \(Not a directory\)"):
        require_backend({"PULUMI_BACKEND_URL": f"file://{tmp_path}/file/state"})


def test_a_full_disk_is_refused_before_anything_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(stack, "LEAST_FREE_BYTES", 1 << 62)
    with pytest.raises(OperationError, match=r"MiB are free on its disk.*nothing was changed"):
        require_backend({"PULUMI_BACKEND_URL": f"file://{tmp_path}/state"})


def test_a_backend_is_made_and_left_clean(tmp_path):
    require_backend({"PULUMI_BACKEND_URL": f"file://{tmp_path}/new/state"})
    assert list((tmp_path / "new" / "state").iterdir()) == []


@pytest.mark.parametrize(
    ("definition", "reference"),
    [
        pytest.param(PROJECT / "inventory" / "lab" / "site.yml", "lab", id="named"),
        pytest.param(PROJECT / "x" / "lab" / "site.yml", str(PROJECT / "x" / "lab"), id="path"),
    ],
)
def test_a_site_is_referred_to_so_that_it_can_be_found(definition, reference):
    assert site_reference(SiteFolder(definition=definition)) == reference
