"""A server that QEMU emulates: it boots what its BMC says, else its disk."""

import asyncio
import re
import shutil
import ssl
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from clusterwright.errors import HostError
from clusterwright.lab.medium import Medium
from tests.access.facility_rig import Hosts
from tests.lab.real_installer.image import MENU_BYTES

DISK_BYTES = 12 << 30
FIRMWARE = Path("/usr/share/OVMF")
TAP = "guest0"
SPARE = "spare.img"
"""A second disk, which nobody named."""
# A server's disk is where the definition says: behind the first port of the first bridge.
HARDWARE = (
    "-machine q35 -m 2048 -smp 2 -nodefaults -display none -no-reboot "
    "-device pcie-root-port,id=port1,chassis=1,slot=1 "
    f"-netdev tap,id=net0,ifname={TAP},script=no,downscript=no -device virtio-net-pci,netdev=net0 "
    "-object rng-random,id=rng0,filename=/dev/urandom -device virtio-rng-pci,rng=rng0"
)
MENU_BEGINS = b"# Generated from templates/answer/grub"
# Questions come as text, and the installer's messages go where somebody hears them. An emulated
# timer is late on a busy machine, which the kernel would take for a broken one.
HEARD = "no_timer_check console=ttyS0 DEBIAN_FRONTEND=text log_host="
# Where the processor is emulated, what takes long and has no part in what is asked afterwards is
# left out: drivers that this server lacks, recommended packages, and the task `standard`.
BRIEF = (
    "mitigations=off base-installer/initramfs-tools/driver-policy=dep "
    "base-installer/install-recommends=false apt-setup/enable-source-repositories=false "
    "pkgsel/run_tasksel=false"
)
QUESTION = re.compile(r"Prompt: |[Pp]ress enter to continue|\[Press ")
_COLOUR = re.compile(r"\r|\x1b\[[0-9;?]*[A-Za-z]")
POLL_S = 1.0


def acceleration() -> tuple[str, ...]:
    """Return how QEMU runs a guest: by the processor only where that can run any kernel."""
    flags = Path("/proc/cpuinfo").read_text()
    if Path("/dev/kvm").exists() and re.search(r"\b(vmx|svm)\b", flags):
        return ("-accel", "kvm", "-cpu", "host")
    return ("-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max,la57=off,smap=off")


@dataclass
class Machine(Hosts):
    """One server with a blank disk, on the network that `prefix` leads into."""

    folder: Path = Path()
    ca_file: Path = Path()
    prefix: tuple[str, ...] = ()
    gateway: str = ""
    process: asyncio.subprocess.Process | None = None
    installed: bool = False

    @property
    def console(self) -> Path:
        return self.folder / "console.log"

    async def boot(self, name: str) -> bool:
        self.up.add(name)
        if self.installed:
            await self._start()
        return self.installed

    async def stop(self, name: str, *, graceful: bool) -> None:
        await super().stop(name, graceful=graceful)
        await self.end()

    async def install(self, name: str, medium: Medium) -> None:
        """Boot the disc; when the installer restarts the server, boot the disk."""
        image = self.folder / "medium.iso"
        await self._fetch(medium.url, image)
        make_heard(image, self.gateway)
        drive = f"id=disc,if=none,format=raw,readonly=on,media=cdrom,file={image}"
        await self._start("-drive", drive, "-device", "ide-cd,drive=disc")
        await self._until_restart()
        self.installed = True
        await self._start()
        self.up.add(name)

    async def end(self) -> None:
        """Switch it off."""
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def _fetch(self, url: str, image: Path) -> None:
        trust = ssl.create_default_context(cafile=self.ca_file)
        async with (
            aiohttp.ClientSession(raise_for_status=True) as session,
            session.get(url, ssl=trust, timeout=aiohttp.ClientTimeout(total=None)) as answer,
        ):
            with image.open("wb") as stream:
                async for chunk in answer.content.iter_chunked(1 << 20):
                    stream.write(chunk)

    async def _start(self, *disc: str) -> None:
        disk, spare = self.folder / "disk.img", self.folder / SPARE
        variables = self.folder / "variables.fd"
        if not disk.exists():
            for image in (disk, spare):
                with image.open("wb") as stream:
                    stream.truncate(DISK_BYTES)
            shutil.copyfile(FIRMWARE / "OVMF_VARS_4M.fd", variables)
        code = FIRMWARE / "OVMF_CODE_4M.fd"
        words = (
            # Whatever ends the tests ends it, too.
            *self.prefix, "setpriv", "--pdeathsig", "KILL",
            "qemu-system-x86_64", *acceleration(), *HARDWARE.split(),
            "-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={code}",
            "-drive", f"if=pflash,format=raw,unit=1,file={variables}",
            "-drive", f"id=disk0,if=none,format=raw,cache=unsafe,discard=unmap,file={disk}",
            "-device", "nvme,drive=disk0,serial=S4X-12,bus=port1",
            "-drive", f"id=disk1,if=none,format=raw,file={spare}",
            "-device", "virtio-blk-pci,drive=disk1",
            "-chardev", f"file,id=serial0,append=on,path={self.console}",
            "-serial", "chardev:serial0",
            *disc,
        )  # fmt: skip
        with (self.folder / "qemu.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *words, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
            )

    async def _until_restart(self) -> None:
        """Wait for the installer's end; one that asks would wait for ever."""
        assert self.process is not None
        while self.process.returncode is None:
            if asked := self.question():
                await self.end()
                raise HostError(f"the installer asks: {asked}")
            await asyncio.wait({asyncio.ensure_future(self.process.wait())}, timeout=POLL_S)
        if self.process.returncode != 0:
            raise HostError(f"QEMU: {(self.folder / 'qemu.log').read_text()[-500:]}")

    def question(self) -> str:
        """Return what the installer asks at its console, with what stands before it."""
        if not self.console.exists():
            return ""
        text = _COLOUR.sub("", self.console.read_text(errors="replace"))
        found = QUESTION.search(text)
        return text[: found.end()][-1500:] if found else ""


def make_heard(image: Path, gateway: str) -> None:
    """Add to the kernel's line what makes the installer heard, as somebody at GRUB's menu would."""
    whole = image.read_bytes()
    start = whole.index(MENU_BEGINS)
    menu = whole[start : start + MENU_BYTES].rstrip(b"\n")
    brief = "" if "kvm" in acceleration() else f"{BRIEF} "
    line = f"{brief}{HEARD}{gateway} ---".encode()
    changed = menu.replace(b"---", line).ljust(MENU_BYTES, b"\n")
    assert len(changed) == MENU_BYTES
    image.write_bytes(whole[:start] + changed + whole[start + MENU_BYTES :])
