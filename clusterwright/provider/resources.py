"""The resource classes for Pulumi programs; the rules for their inputs are the provider's."""

from collections.abc import Mapping, Sequence

import pulumi

from clusterwright.design.plan import Scalar

Pending = pulumi.Output[list[dict[str, str]]]


class Node(pulumi.CustomResource):
    """A GPU server's power, boot source and BIOS attributes, held through its BMC."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        address: str,
        secret: str,
        power_state: str,
        boot: Mapping[str, str],
        bios: Mapping[str, Scalar],
        in_service: bool,
        allow: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "powerState": power_state,
            "boot": dict(boot),
            "bios": dict(bios),
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:facility:Node", name, inputs, opts)


class CoolingLoop(pulumi.CustomResource):
    """The set points of a coolant circuit, held through its CDU; give pressure or flow."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        address: str,
        secret: str,
        supply_temperature_c: float,
        differential_pressure_kpa: float | None = None,
        flow_lpm: float | None = None,
        control_mode: str,
        in_service: bool = True,
        allow: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "supplyTemperatureC": supply_temperature_c,
            "differentialPressureKpa": differential_pressure_kpa,
            "flowLpm": flow_lpm,
            "controlMode": control_mode,
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:facility:CoolingLoop", name, inputs, opts)


class RackPower(pulumi.CustomResource):
    """The outlets of a rack PDU, On or Off by number; others are left alone."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        address: str,
        secret: str,
        outlets: Mapping[str, str],
        in_service: bool = True,
        allow: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "outlets": dict(outlets),
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:facility:RackPower", name, inputs, opts)


class Firmware(pulumi.CustomResource):
    """The versions that shall run on one device's components, by their ids in its inventory."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        address: str,
        secret: str,
        components: Mapping[str, Mapping[str, str | int]],
        downgrade: bool = False,
        cords: Sequence[Mapping[str, str | int]] = (),
        in_service: bool = True,
        allow: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "components": {part: dict(one) for part, one in components.items()},
            "downgrade": downgrade,
            "cords": [dict(cord) for cord in cords],
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:facility:Firmware", name, inputs, opts)


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
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:facility:Platform", name, inputs, opts)


class PlaybookRun(pulumi.CustomResource):
    """One playbook on the hosts of one rack; `digest` covers all that the play follows from."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        playbook: str,
        rack: str,
        hosts: Sequence[str],
        digest: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "playbook": playbook,
            "rack": rack,
            "hosts": list(hosts),
            "digest": digest,
            "pending": None,
        }
        super().__init__("clusterwright:hosts:PlaybookRun", name, inputs, opts)


class OsInstall(pulumi.CustomResource):
    """The operating system of one host: installed once; another `again` installs it once more."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        address: str,
        secret: str,
        host: str,
        host_address: str,
        user: str,
        method: str,
        image: str,
        answer_name: str,
        answer: str,
        boot_menu: str,
        digest: str,
        serve_address: str,
        serve_port: int,
        sha256: str = "",
        again: str = "",
        in_service: bool = True,
        allow: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "host": host,
            "hostAddress": host_address,
            "user": user,
            "method": method,
            "image": image,
            "sha256": sha256,
            "answerName": answer_name,
            "answer": answer,
            "bootMenu": boot_menu,
            "digest": digest,
            "again": again,
            "serveAddress": serve_address,
            "servePort": serve_port,
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:hosts:OsInstall", name, inputs, opts)
