"""Host keys of machines that are gone."""

import hmac
from base64 import b64decode

from clusterwright.site_folder import SiteFolder
from clusterwright.whole_file import replace_file


def forget_host(folder: SiteFolder, host: str) -> int:
    """Drop the keys under which SSH knows `host`, and say how many lines that were."""
    file = folder.known_hosts
    if not file.is_file():
        return 0
    lines = file.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not _is_of(line, host)]
    if len(kept) < len(lines):
        replace_file(file, "".join(kept).encode(), file.stat().st_mode & 0o777)
    return len(lines) - len(kept)


def _is_of(line: str, host: str) -> bool:
    words = line.split()
    if not words or words[0].startswith(("#", "@")):
        return False
    return any(_is_name(written, host) for written in words[0].split(","))


def _is_name(written: str, host: str) -> bool:
    if written.startswith("|1|"):  # a hash of the name, with its salt
        _, _, salt, digest = written.split("|")
        return hmac.digest(b64decode(salt), host.encode(), "sha1") == b64decode(digest)
    return written in {host, f"[{host}]:22"}
