"""A server's platform settings in a Pulumi program."""

from collections.abc import Sequence

import pulumi

from clusterwright.provider.resources.pending import Pending


class Platform(pulumi.CustomResource):
    """Secure Boot, boot order, power policy, limit and time of a server; None is left alone."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        address: str,
        secret: str,
        secure_boot: bool | None = None,
        boot_order: Sequence[str] | None = None,
        restore_policy: str | None = None,
        power_limit_watts: int | None = None,
        ntp_servers: Sequence[str] | None = None,
        serial: str | None = None,
        in_service: bool = True,
        allow: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "secureBoot": secure_boot,
            "bootOrder": None if boot_order is None else list(boot_order),
            "restorePolicy": restore_policy,
            "powerLimitWatts": power_limit_watts,
            "ntpServers": None if ntp_servers is None else list(ntp_servers),
            "serial": serial,
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:facility:Platform", name, inputs, opts)
