"""What the boot service is told to serve for one installation, and what it does with a report."""

from dataclasses import replace

from clusterwright.access.boot_service import Grant
from clusterwright.access.os_install.answer import Filler
from clusterwright.access.os_install.attempt import Attempt
from clusterwright.access.os_install.known import Known, write_known
from clusterwright.access.os_install.means import Means
from clusterwright.access.os_install.order import Order


async def grant_of(order: Order, means: Means, attempt: Attempt) -> Grant:
    """Return image, answer file and tokens of one attempt."""
    tokens, url = attempt.tokens, means.service.url
    filler = Filler(order=order, vault=means.vault, ca_file=means.folder.ca_file)
    words = {
        # Ubuntu's installer asks for files in a folder, Debian's for one file.
        "answer-url": url(tokens.answer, order.answer_name if _debian(order) else ""),
        "report-url": url(tokens.report, "host-key"),
    }
    medium = await means.service.medium(
        order.image, order.sha256, filler.fill(order.boot_menu, words)
    )
    files = {order.answer_name: filler.fill(order.answer, words)}
    if not _debian(order):
        files["meta-data"] = ""

    async def fetched() -> None:
        kept = await means.attempts.find(order.host) or attempt
        await means.attempts.keep(order.host, replace(kept, fetched=True))

    def reported(key: str) -> None:
        write_known(means.folder.known_hosts, order.host, order.address, key, known_of(order))

    return Grant(
        host=order.host,
        tokens=tokens,
        medium=medium,
        files=files,
        fetched=fetched,
        reported=reported,
    )


def known_of(order: Order) -> Known:
    """Return for which installation a host key is."""
    return Known(digest=order.digest, again=order.again)


def _debian(order: Order) -> bool:
    return order.answer_name == "preseed.cfg"
