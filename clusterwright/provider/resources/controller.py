"""A controller for itself in a Pulumi program."""

from collections.abc import Sequence

import pulumi

from clusterwright.provider.resources.pending import Pending


class Controller(pulumi.CustomResource):
    """The password, certificate and network of one Redfish service; None is left alone."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        resource_name: str,
        *,
        address: str,
        secret: str,
        name: str,
        delivered: str = "",
        fingerprint: str = "",
        valid_days: int = 398,
        rotation: int = 0,
        password_days: int | None = None,
        certificate_days: int | None = None,
        hostname: str | None = None,
        dhcp: bool | None = None,
        prefix_length: int | None = None,
        gateway: str | None = None,
        vlan: int | None = None,
        ntp_servers: Sequence[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "name": name,
            "delivered": delivered,
            "fingerprint": fingerprint,
            "validDays": valid_days,
            "rotation": rotation,
            "passwordDays": password_days,
            "certificateDays": certificate_days,
            "hostname": hostname,
            "dhcp": dhcp,
            "prefixLength": prefix_length,
            "gateway": gateway,
            "vlan": vlan,
            "ntpServers": None if ntp_servers is None else list(ntp_servers),
            "pending": None,
        }
        super().__init__("clusterwright:facility:Controller", resource_name, inputs, opts)
