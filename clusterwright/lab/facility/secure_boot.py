"""Secure Boot: what is declared now takes effect at the next boot."""

from clusterwright.lab.facility.checks import of_type, one_of
from clusterwright.lab.facility.fragments import link
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.node_memory import NodeMemory
from clusterwright.lab.facility.tree import Action, Body, Reply, Tree, Writable

KEYS = ("ResetAllKeysToDefault", "DeleteAllKeys", "DeletePK")


def take_effect(memory: Memory[NodeMemory]) -> None:
    """Boot with what was declared: without keys there is nothing to check against."""
    state = memory.state
    now = state.secure_boot and state.secure_boot_keys
    if now != state.secure_boot_now:
        memory.update(secure_boot_now=now)


def add_secure_boot(tree: Tree, system: str, memory: Memory[NodeMemory]) -> Body:
    """Place SecureBoot; return the link to it."""
    path = f"{system}/SecureBoot"

    async def reset_keys(body: Body) -> Reply:
        memory.update(secure_boot_keys=body["ResetKeysType"] == KEYS[0])
        return Reply()

    action = Action(
        name="SecureBoot.ResetKeys",
        run=reset_keys,
        parameters={"ResetKeysType": one_of(*KEYS)},
        required=frozenset({"ResetKeysType"}),
    )
    actions = tree.add_action(path, action)
    actions["#SecureBoot.ResetKeys"]["ResetKeysType@Redfish.AllowableValues"] = list(KEYS)
    enable = Writable(check=of_type(bool), write=lambda on: memory.update(secure_boot=on))

    def shown() -> Body:
        state = memory.state
        return {
            "@odata.type": "#SecureBoot.v1_1_2.SecureBoot",
            "Id": "SecureBoot",
            "Name": "UEFI Secure Boot",
            "SecureBootEnable": state.secure_boot,
            "SecureBootCurrentBoot": "Enabled" if state.secure_boot_now else "Disabled",
            "SecureBootMode": "UserMode" if state.secure_boot_keys else "SetupMode",
            "Actions": actions,
        }

    return link(tree.add(path, shown, writable={"SecureBootEnable": enable}))
