"""What an operator would have prepared before hosts can be installed: images, and secrets."""

import tempfile
from pathlib import Path

from clusterwright.design.plan import InstallationImage, SitePlan
from clusterwright.lab.instance import Lab
from clusterwright.lab.programs import run
from clusterwright.vault_file import read_vault, write_vault

# As long as Debian's own boot menu is; what a host is told must fit in.
MENU_BYTES = 2048
# The hash of no password: nobody knows one that gives it.
NO_PASSWORD = "$6$lab$" + "x" * 86
_BOOTS = {
    "debian": ("install.amd/vmlinuz", "install.amd/initrd.gz"),
    "ubuntu": ("casper/vmlinuz", "casper/initrd"),
}


def make_installation_secrets(lab: Lab, plan: SitePlan) -> None:
    """Put into the vault what the boot service and the answer files need."""
    secrets = {name: dict(one) for name, one in _secrets(lab).items()}
    # By it, the boot service signs for itself.
    secrets["ca"] = {"private_key": (lab.authority / "ca.key").read_text()}
    public_key = lab.ssh_key.with_suffix(".pub").read_text().strip()
    for user in (user for one in plan.installations for user in one.users):
        if user.key_secret:
            secrets.setdefault(user.key_secret, {})["public_key"] = public_key
        if user.password_secret:
            secrets.setdefault(user.password_secret, {})["password_hash"] = NO_PASSWORD
    write_vault(lab.folder.vault, secrets, lab.passphrase_file)


def _secrets(lab: Lab) -> dict[str, dict[str, str]]:
    kept = read_vault(lab.folder.vault, lab.passphrase_file)
    return {name: dict(secret) for name, secret in kept.items()}


def make_images(lab: Lab, plan: SitePlan) -> None:
    """Make the images that nobody has given a checksum for, which only a lab may leave out."""
    images = {one.image.name: one.image for one in plan.installations if not one.image.sha256}
    for image in images.values():
        file = lab.folder.path / image.file
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=lab.state) as folder:
            _fill(Path(folder), lab, image)
            run("xorriso", "-as", "mkisofs", "-quiet", "-V", "INSTALL", "-R", "-o", file, folder)


def _fill(folder: Path, lab: Lab, image: InstallationImage) -> None:
    files = {
        "boot/grub/grub.cfg": "#" * (MENU_BYTES - 1) + "\n",
        "clusterwright/ca.pem": lab.folder.ca_file.read_text(),
        "clusterwright/release": f"{image.release}\n",
        "clusterwright/archive.asc": (lab.packages / "key.asc").read_text(),
        **dict.fromkeys(_BOOTS[image.distribution], "emulated\n"),
    }
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
