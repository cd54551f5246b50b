"""What installers fetch: images, answer files; and where installed hosts report. TLS only.

service   the server: open while something is installed
identity  its certificate
grant     what one host may fetch, by tokens of its own
medium    an image with a boot menu of the host's own
iso       where a file lies in an ISO 9660 image
"""

from clusterwright.access.boot_service.grant import Grant, Tokens, new_tokens
from clusterwright.access.boot_service.identity import identity_of
from clusterwright.access.boot_service.service import BootService, serve_boots

__all__ = ["BootService", "Grant", "Tokens", "identity_of", "new_tokens", "serve_boots"]
