"""Secrets are kept encrypted, and whoever cannot open them learns why."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from clusterwright.access.vault import Login, open_vault
from clusterwright.errors import UsageError
from clusterwright.vault_file import change_vault, read_vault, write_vault

SECRETS = {"bmc/su1-n1": {"username": "operator", "password": "a secret of nobody"}}


@pytest.fixture
def passphrase(tmp_path):
    file = tmp_path / "passphrase"
    file.write_text("correct horse\n")
    return file


@pytest.fixture
def vault(tmp_path, passphrase):
    file = tmp_path / "secrets.vault.yml"
    write_vault(file, SECRETS, passphrase)
    return file


def test_what_is_written_is_read(vault, passphrase):
    assert read_vault(vault, passphrase) == SECRETS


def test_the_file_is_its_owners_and_shows_nothing(vault):
    assert vault.stat().st_mode & 0o777 == 0o600
    assert vault.read_text().startswith("$ANSIBLE_VAULT;1.1;AES256\n")
    assert [file.name for file in vault.parent.iterdir() if file.name.startswith(".")] == []


def test_ansible_itself_opens_it(vault, passphrase):
    command = [
        Path(sys.executable).with_name("ansible-vault"),
        "view",
        "--vault-password-file",
        passphrase,
        vault,
    ]
    shown = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "a secret of nobody" in shown.stdout


def test_a_failed_write_leaves_the_old_content(vault, passphrase, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_vault(vault, {}, passphrase)
    assert read_vault(vault, passphrase) == SECRETS
    assert sorted(file.name for file in vault.parent.iterdir()) == [
        "passphrase",
        "secrets.vault.yml",
    ]


def test_the_environment_names_the_passphrase(vault, passphrase, monkeypatch):
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", str(passphrase))
    login = open_vault(vault).login("bmc/su1-n1")
    assert login == Login(username="operator", password="a secret of nobody")
    assert "nobody" not in repr(login) + repr(open_vault(vault))


def test_without_a_passphrase_the_variable_is_named(vault, monkeypatch):
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE_FILE", raising=False)
    with pytest.raises(UsageError) as caught:
        read_vault(vault)
    assert str(caught.value) == (
        "passphrase: PULUMI_CONFIG_PASSPHRASE_FILE is not set, and it opens the site's vault; "
        "set it to the file that holds the passphrase: export PULUMI_CONFIG_PASSPHRASE_FILE=FILE"
    )


def test_a_passphrase_file_that_is_not_there_is_named(vault, tmp_path):
    with pytest.raises(
        UsageError, match=r"cannot be read \(No such file or directory\); set PULUMI"
    ):
        read_vault(vault, tmp_path / "nowhere")


def test_an_empty_passphrase_file_is_named(vault, passphrase):
    passphrase.write_text("\n")
    with pytest.raises(UsageError, match="passphrase: is empty; write"):
        read_vault(vault, passphrase)


def test_another_sites_passphrase_does_not_open_it(vault, passphrase):
    passphrase.write_text("wrong horse")
    with pytest.raises(UsageError) as caught:
        read_vault(vault, passphrase)
    assert str(caught.value) == (
        f"vault {vault}: the passphrase in {passphrase} does not open it; "
        "point PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase of this site"
    )


def test_a_file_in_clear_is_no_vault(vault, passphrase):
    vault.write_text("bmc/su1-n1: {}")
    with pytest.raises(UsageError, match="is not encrypted with Ansible Vault; encrypt it with"):
        read_vault(vault, passphrase)


def test_a_missing_vault_says_how_to_make_one(tmp_path, passphrase):
    with pytest.raises(UsageError, match="make it with: ansible-vault create"):
        read_vault(tmp_path / "secrets.vault.yml", passphrase)


def test_a_damaged_vault_does_not_open(vault, passphrase):
    vault.write_text(vault.read_text()[:-20])
    with pytest.raises(UsageError, match="does not open it"):
        read_vault(vault, passphrase)


@pytest.mark.parametrize("content", [["a list"], {"bmc/su1-n1": "a text"}, None])
def test_content_of_another_shape_is_refused(tmp_path, passphrase, content):
    file = tmp_path / "secrets.vault.yml"
    secret = VaultSecret(passphrase.read_bytes().strip())
    file.write_bytes(VaultLib([("default", secret)]).encrypt(yaml.safe_dump(content)))
    with pytest.raises(UsageError, match="must hold a mapping of names"):
        read_vault(file, passphrase)


@pytest.mark.parametrize(
    ("secrets", "what"),
    [
        pytest.param({}, "no username and no password", id="no such name"),
        pytest.param({"cdu/cdu1": {"username": "u"}}, "no password under", id="half"),
    ],
)
def test_a_login_that_is_not_there_is_named(vault, passphrase, secrets, what):
    write_vault(vault, secrets, passphrase)
    with pytest.raises(UsageError, match=f"secret cdu/cdu1: .* has {what}"):
        open_vault(vault, passphrase).login("cdu/cdu1")


def test_until_a_device_has_a_login_of_ours_it_is_the_factorys(vault, passphrase):
    factory = {"username": "root", "password": "from the label", "serial": "MK2"}
    change_vault(vault, lambda secrets: {**secrets, "factory/su1-n2": factory}, passphrase)
    opened = open_vault(vault, passphrase)
    assert opened.logins("bmc/su1-n2") == (Login(username="root", password="from the label"),)
    assert opened.login("bmc/su1-n1").username == "operator"
    assert not opened.has("bmc/su1-n2")


def test_a_vault_is_made_for_its_first_secret(tmp_path, passphrase):
    file = tmp_path / "secrets.vault.yml"
    change_vault(file, lambda secrets: secrets, passphrase)
    assert not file.exists()
    change_vault(file, lambda _: SECRETS, passphrase)
    assert read_vault(file, passphrase) == SECRETS
