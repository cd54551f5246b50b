"""Controllers for themselves: before what they control."""

from collections.abc import Mapping, Sequence

import pulumi

from clusterwright.access.vault import came_with
from clusterwright.design.plan import Controller, ControllerPolicy, SitePlan
from clusterwright.provider import resources


class Controllers:
    """Declares controllers, where the definition says anything of them."""

    def __init__(self, plan: SitePlan) -> None:
        self._policy = plan.controllers
        self._fingerprints = plan.fingerprints()

    def declare_equipment(self, plan: SitePlan) -> Mapping[str, Sequence[pulumi.Resource]]:
        """Declare the controllers of PDUs, power shelves and CDUs, by the name of the device."""
        named = {pdu.name: pdu.controller for pdu in plan.pdus}
        named |= {shelf.name: shelf.controller for shelf in plan.power_shelves}
        named |= {loop.cdu: loop.controller for loop in plan.loops}
        return {name: self.declare(controller, name) for name, controller in named.items()}

    def declare(
        self, controller: Controller, device: str, needs: Sequence[pulumi.Resource] = ()
    ) -> list[pulumi.Resource]:
        """Declare the controller of a device; return what whoever uses it has to wait for."""
        if self._policy is None:
            return list(needs)
        return [self._declared(controller, device, self._policy, needs)]

    def _declared(
        self,
        controller: Controller,
        device: str,
        policy: ControllerPolicy,
        needs: Sequence[pulumi.Resource],
    ) -> resources.Controller:
        return resources.Controller(
            f"{controller.name}-controller",
            address=str(controller.address),
            secret=controller.secret,
            name=controller.name,
            delivered=came_with(controller.secret),
            fingerprint=self._fingerprints.get(device, ""),
            valid_days=policy.valid_days,
            rotation=policy.rotation,
            password_days=policy.password_days,
            certificate_days=policy.renew_days,
            hostname=controller.name,
            dhcp=policy.dhcp,
            prefix_length=None if policy.dhcp else policy.prefix_length,
            gateway=None if policy.dhcp else str(policy.gateway),
            vlan=policy.vlan,
            ntp_servers=policy.time_servers,
            opts=pulumi.ResourceOptions(depends_on=needs),
        )
