"""Where the files of one site lie."""

from dataclasses import dataclass
from pathlib import Path

from clusterwright.errors import UsageError

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFolder:
    """A folder with a definition, and beside it what commands and the operator keep for that site.

    Only paths: nothing is read here. Optional files may be absent; who needs one says so.
    """

    definition: Path

    @property
    def path(self) -> Path:
        return self.definition.parent

    @property
    def record(self) -> Path:
        """What commands have written about the site's devices (record.yml; optional)."""
        return self.path / "record.yml"

    @property
    def catalogue(self) -> Path:
        """Models of the site's own, by kind as in clusterwright/catalogue (optional)."""
        return self.path / "catalogue"

    @property
    def vault(self) -> Path:
        """User names and passwords by name, as an Ansible Vault file."""
        return self.path / "secrets.vault.yml"

    @property
    def ca_file(self) -> Path:
        """The certificate, in PEM, of the CA that signs the site's controllers."""
        return self.path / "ca.pem"

    @property
    def revoked_file(self) -> Path:
        """The list, in PEM, of certificates of that CA that count no more (optional)."""
        return self.path / "ca.crl.pem"

    @property
    def ssh_config(self) -> Path:
        """How to log in to the site's hosts (OpenSSH client configuration; optional)."""
        return self.path / "ssh_config"

    @property
    def known_hosts(self) -> Path:
        """The host keys of the site's hosts, with what we have installed them with (optional)."""
        return self.path / "known_hosts"

    @property
    def generated(self) -> Path:
        """Where the rendered files lie."""
        return self.path / "generated"

    @property
    def reports(self) -> Path:
        """What runs have written about racks, for people; no command reads it."""
        return self.path / "reports"

    @property
    def ansible_inventory(self) -> Path:
        return self.generated / "ansible"


def find_site(site: str) -> SiteFolder:
    """Return the folder of `site`: a name under inventory/, a folder, or a definition's path.

    Raises:
        UsageError: there is no such definition.
    """
    named = PROJECT / "inventory" / site / "site.yml"
    given = Path(site)
    for definition in (named, given / "site.yml", given):
        if definition.is_file():
            return SiteFolder(definition=definition.absolute())
    known = sorted(path.parent.name for path in (PROJECT / "inventory").glob("*/site.yml"))
    nowhere = (
        "no such file"
        if given.is_absolute()
        else (f"no inventory/{site}/site.yml and no file of that name")
    )
    raise UsageError(
        f"site {site}: there is {nowhere}; "
        f"choose one of {', '.join(known) or '(none yet)'}, or give the path of a definition"
    )
