"""A server's BIOS: attributes, what waits for the next reset, and the registry that names them.

Attribute names and wanted values come from the plan; a server leaves the factory with something
else wherever there is something else, so that deploying has something to do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clusterwright.design.plan import BiosAttribute, Scalar
from clusterwright.lab.facility.checks import Check, number, of_type, one_of
from clusterwright.lab.facility.clock import now
from clusterwright.lab.facility.fragments import link
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.node_memory import NodeMemory
from clusterwright.lab.facility.tree import ROOT, Action, Body, Reply, Tree, Writable

INTEGER_LIMIT = 65_535
RESTORE_POLICIES = ("LastState", "AlwaysOn", "AlwaysOff")
_FAMILIES = (
    ("Disabled", "Enabled"),
    ("UEFI", "Legacy"),
    ("Uefi", "Legacy"),
    RESTORE_POLICIES,
)
_FACTORY_IS_FIRST = {"UEFI", "Uefi", "Legacy", *RESTORE_POLICIES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute as its registry describes it; `choices` is empty where it is no enumeration."""

    name: str
    kind: str
    choices: tuple[str, ...]
    factory: Scalar

    @property
    def check(self) -> Check:
        if self.kind == "Integer":
            return number(0, INTEGER_LIMIT)
        return one_of(*self.choices) if self.choices else of_type(bool)


def attributes_of(planned: Iterable[BiosAttribute]) -> tuple[Attribute, ...]:
    """Return the attributes that a server with these planned values must have."""
    return tuple(_attribute(a.name, a.value) for a in sorted(planned, key=lambda a: a.name))


def _attribute(name: str, value: Scalar) -> Attribute:
    if isinstance(value, bool):
        return Attribute(name=name, kind="Boolean", choices=(), factory=not value)
    if isinstance(value, int):
        return Attribute(name=name, kind="Integer", choices=(), factory=0)
    choices = next((family for family in _FAMILIES if value in family), ("Auto", value))
    others = [choice for choice in choices if choice != value]
    factory = choices[0] if value in _FACTORY_IS_FIRST else others[0]
    return Attribute(name=name, kind="Enumeration", choices=choices, factory=factory)


def factory_values(attributes: Iterable[Attribute]) -> dict[str, Scalar]:
    """Return the values a new server has."""
    return {attribute.name: attribute.factory for attribute in attributes}


def apply_pending(memory: Memory[NodeMemory]) -> None:
    """Take over what was pending: the end of POST."""
    state = memory.state
    if state.bios_pending:
        values = {**state.bios, **state.bios_pending}
        memory.update(bios=values, bios_pending={}, bios_applied_at=now())
        for value in state.bios_pending.values():
            if value in RESTORE_POLICIES:
                memory.update(restore_policy=value)


def set_restore_policy(memory: Memory[NodeMemory], policy: str) -> None:
    """Set what happens when power returns: one setting, shown by the system and by its BIOS."""
    values = memory.state.bios.items()
    shown = {name: policy if value in RESTORE_POLICIES else value for name, value in values}
    memory.update(bios=shown, restore_policy=policy)


def registry_name(server: str) -> str:
    """Return the name of the attribute registry of one server model."""
    words = "".join(word.capitalize() for word in server.replace("_", "-").split("-"))
    return f"BiosAttributeRegistry{words}.v1_0_0"


def add_bios(
    tree: Tree,
    system: str,
    *,
    server: str,
    attributes: tuple[Attribute, ...],
    memory: Memory[NodeMemory],
) -> Body:
    """Place Bios, its settings object and its registry; return the link to it."""
    path, registry = f"{system}/Bios", registry_name(server)
    defaults = factory_values(attributes)

    async def to_defaults(_: Body) -> Reply:
        memory.update(bios_pending=_unlike(memory.state.bios, defaults))
        return Reply()

    actions = tree.add_action(path, Action(name="Bios.ResetBios", run=to_defaults))
    tree.add(path, lambda: _current(memory.state, registry, path, actions))
    tree.add(
        f"{path}/Settings",
        lambda: _pending(memory.state, registry),
        writable={f"Attributes/{a.name}": _writable(a, memory) for a in attributes},
    )
    file = f"{ROOT}/Registries/{registry}/{registry}.json"
    tree.add(file, _registry(registry, attributes))
    return link(path)


def _writable(attribute: Attribute, memory: Memory[NodeMemory]) -> Writable:
    def write(value: Scalar) -> None:
        pending = {**memory.state.bios_pending, attribute.name: value}
        memory.update(bios_pending=_unlike(memory.state.bios, pending))

    return Writable(check=attribute.check, write=write)


def _unlike(current: Mapping[str, Scalar], wanted: Mapping[str, Scalar]) -> dict[str, Scalar]:
    return {name: value for name, value in wanted.items() if current.get(name) != value}


def _current(state: NodeMemory, registry: str, path: str, actions: Body) -> Body:
    return {
        "@odata.type": "#Bios.v1_2_3.Bios",
        "Id": "Bios",
        "Name": "BIOS Configuration Current Settings",
        "AttributeRegistry": registry,
        "Attributes": state.bios,
        "@Redfish.Settings": {
            "@odata.type": "#Settings.v1_4_0.Settings",
            "SettingsObject": link(f"{path}/Settings"),
            "SupportedApplyTimes": ["OnReset"],
            **({"Time": state.bios_applied_at} if state.bios_applied_at else {}),
        },
        "Actions": actions,
    }


def _pending(state: NodeMemory, registry: str) -> Body:
    return {
        "@odata.type": "#Bios.v1_2_3.Bios",
        "Id": "Settings",
        "Name": "BIOS Configuration Pending Settings",
        "AttributeRegistry": registry,
        "Attributes": {**state.bios, **state.bios_pending},
    }


def _registry(name: str, attributes: tuple[Attribute, ...]) -> Body:
    return {
        "@odata.type": "#AttributeRegistry.v1_4_0.AttributeRegistry",
        "Id": name,
        "Name": "BIOS Attribute Registry",
        "Language": "en",
        "OwningEntity": "Clusterwright",
        "RegistryVersion": "1.0.0",
        "RegistryEntries": {"Attributes": [_entry(attribute) for attribute in attributes]},
    }


def _entry(attribute: Attribute) -> Body:
    entry: Body = {
        "AttributeName": attribute.name,
        "DisplayName": attribute.name,
        "Type": attribute.kind,
        "DefaultValue": attribute.factory,
        "ReadOnly": False,
        "ResetRequired": True,
    }
    if attribute.choices:
        entry["Value"] = [
            {"ValueName": choice, "ValueDisplayName": choice} for choice in attribute.choices
        ]
    if attribute.kind == "Integer":
        entry |= {"LowerBound": 0, "UpperBound": INTEGER_LIMIT, "ScalarIncrement": 1}
    return entry
