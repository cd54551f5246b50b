"""What every controller has, whatever it controls: root, manager, accounts, registries, chassis."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from clusterwright.lab.facility.accounts import add_accounts
from clusterwright.lab.facility.messages import REGISTRY
from clusterwright.lab.facility.sessions import SESSIONS
from clusterwright.lab.facility.tree import ROOT, Action, Body, Reply, Tree, healthy, link, one_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a controller says it is. `chassis` is the id of the enclosure it sits in."""

    name: str
    manager: str
    chassis: str
    manufacturer: str
    model: str
    serial: str
    rack: str
    services: tuple[str, ...]
    """What hangs off the service root besides what every controller has."""
    registries: tuple[str, ...] = ()
    chassis_links: Body = field(default_factory=dict)
    manager_links: Body = field(default_factory=dict)

    @property
    def uuid(self) -> str:
        return str(uuid5(NAMESPACE_URL, self.name))


def add_controller(tree: Tree, identity: Identity, username: str) -> None:
    """Place the resources that every controller has."""
    tree.add(ROOT, _root(identity))
    add_accounts(tree, username)
    _add_registries(tree, identity)
    _add_manager(tree, identity)
    tree.add_collection(f"{ROOT}/Chassis", "Chassis", "Chassis")


def _root(identity: Identity) -> Body:
    common = ("Managers", "Chassis", "AccountService", "SessionService", "Registries")
    return {
        "@odata.type": "#ServiceRoot.v1_20_0.ServiceRoot",
        "Id": "RootService",
        "Name": "Root Service",
        "RedfishVersion": "1.20.0",
        "UUID": identity.uuid,
        "Vendor": identity.manufacturer,
        "Product": identity.model,
        "ProtocolFeaturesSupported": {
            "FilterQuery": False,
            "SelectQuery": False,
            "ExcerptQuery": False,
            "OnlyMemberQuery": False,
        },
        **{name: link(f"{ROOT}/{name}") for name in (*common, *identity.services)},
        "Tasks": link(f"{ROOT}/TaskService"),
        "Links": {"Sessions": link(SESSIONS)},
    }


def _add_registries(tree: Tree, identity: Identity) -> None:
    path = f"{ROOT}/Registries"
    tree.add_collection(path, "MessageRegistryFile", "Registries")
    published = {
        "Language": "en",
        "PublicationUri": f"https://redfish.dmtf.org/registries/{REGISTRY}.0.json",
    }
    tree.add(f"{path}/Base", registry_file("Base", REGISTRY, published))
    for name in identity.registries:
        own = {"Language": "en", "Uri": f"{path}/{name}/{name}.json"}
        tree.add(f"{path}/{name}", registry_file(name, name.rpartition(".")[0] or name, own))


def registry_file(identifier: str, registry: str, location: Body) -> Body:
    """Return the resource that says where a registry lies."""
    return {
        "@odata.type": "#MessageRegistryFile.v1_1_5.MessageRegistryFile",
        "Id": identifier,
        "Name": f"{identifier} Registry File",
        "Registry": registry,
        "Languages": ["en"],
        "Location": [location],
    }


def _add_manager(tree: Tree, identity: Identity) -> None:
    tree.add_collection(f"{ROOT}/Managers", "Manager", "Managers")
    path = f"{ROOT}/Managers/{identity.manager}"
    kinds = ("GracefulRestart", "ForceRestart")
    reset = Action(name="Manager.Reset", run=_restarted, parameters={"ResetType": one_of(*kinds)})
    actions = tree.add_action(path, reset)
    actions["#Manager.Reset"]["ResetType@Redfish.AllowableValues"] = list(kinds)
    chassis = link(f"{ROOT}/Chassis/{identity.chassis}")
    constant = {
        "@odata.type": "#Manager.v1_24_0.Manager",
        "Id": identity.manager,
        "Name": "Management Controller",
        "ManagerType": "BMC" if identity.manager == "BMC" else "ManagementController",
        "Model": "Emulated controller",
        "UUID": identity.uuid,
        "ServiceEntryPointUUID": identity.uuid,
        "FirmwareVersion": "1.0.0",
        "PowerState": "On",
        "Status": healthy(),
        "DateTimeLocalOffset": "+00:00",
        "Actions": actions,
        "Links": {
            "ManagerForChassis": [chassis],
            "ManagerInChassis": chassis,
            **identity.manager_links,
        },
    }
    tree.add(path, lambda: {**constant, "DateTime": now()})


async def _restarted(_: Body) -> Reply:
    # The emulated controller restarts between two requests.
    return Reply()


def now() -> str:
    """Return the time as Redfish writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def chassis(tree: Tree, identity: Identity, **more: object) -> str:
    """Place the controller's chassis with its sensors, and return its path."""
    path = f"{ROOT}/Chassis/{identity.chassis}"
    manager = link(f"{ROOT}/Managers/{identity.manager}")
    tree.add_collection(f"{path}/Sensors", "Sensor", "Sensors")
    return tree.add(
        path,
        {
            "@odata.type": "#Chassis.v1_28_0.Chassis",
            "Id": identity.chassis,
            "Name": f"Chassis of {identity.name}",
            "ChassisType": "RackMount",
            "Manufacturer": identity.manufacturer,
            "Model": identity.model,
            "SerialNumber": identity.serial,
            "Status": healthy(),
            "Location": {"Placement": {"Rack": identity.rack}},
            "Sensors": link(f"{path}/Sensors"),
            **more,
            "Links": {
                "ManagedBy": [manager],
                "ManagersInChassis": [manager],
                **identity.chassis_links,
            },
        },
    )
