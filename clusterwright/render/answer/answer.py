"""What is served for one host: its answer file and its boot menu."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from clusterwright.design.plan import Installation, SitePlan
from clusterwright.render.answer.autoinstall import render_autoinstall
from clusterwright.render.answer.preseed import render_preseed
from clusterwright.render.environment import render_template


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`name` is the file that the installer asks for; `digest` changes with what is installed."""

    name: str
    text: str
    boot_menu: str
    digest: str


def render_answer(installation: Installation) -> Answer:
    """Render what one host is installed with."""
    debian = installation.image.distribution == "debian"
    text = render_preseed(installation) if debian else render_autoinstall(installation)
    menu = _boot_menu(installation)
    image = installation.image
    whole = "\0".join((text, menu, image.sha256, image.distribution, image.release))
    return Answer(
        name="preseed.cfg" if debian else "user-data",
        text=text,
        boot_menu=menu,
        digest=sha256(whole.encode()).hexdigest(),
    )


def render_answers(plan: SitePlan) -> Mapping[str, str]:
    """Render the answer file and the boot menu of every host that is installed by us."""
    files: dict[str, str] = {}
    for installation in plan.installations:
        answer = render_answer(installation)
        files[f"install/{installation.host}/{answer.name}"] = answer.text
        files[f"install/{installation.host}/grub.cfg"] = answer.boot_menu
    return files


def _boot_menu(installation: Installation) -> str:
    return render_template(
        f"answer/grub-{installation.image.distribution}.cfg.j2",
        host=installation.host,
        domain=installation.domain,
        address=installation.address,
        netmask=installation.network.prefix.netmask,
        gateway=installation.network.gateway,
    )
