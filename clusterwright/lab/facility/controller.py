"""What every controller has, whatever it controls: root, manager, registries, chassis."""

from collections.abc import Callable

from clusterwright.lab.facility.expand import FEATURES
from clusterwright.lab.facility.fragments import link
from clusterwright.lab.facility.identity import Identity
from clusterwright.lab.facility.manager import add_manager
from clusterwright.lab.facility.messages import REGISTRY
from clusterwright.lab.facility.parts import Parts
from clusterwright.lab.facility.service import Service
from clusterwright.lab.facility.sessions import SESSIONS
from clusterwright.lab.facility.tree import ROOT, Body, Tree

_SERVICES = (
    "Managers",
    "Chassis",
    "AccountService",
    "SessionService",
    "EventService",
    "UpdateService",
    "CertificateService",
    "Registries",
)


def add_controller(service: Service, identity: Identity, parts: Parts, **manager: object) -> None:
    """Place the resources that every controller has; `manager` is what its manager has besides."""
    tree = service.tree
    tree.add(ROOT, _root(identity, expands=service.expands))
    parts.updates.place(tree)
    certificates = f"{identity.manager_path}/NetworkProtocol/HTTPS/Certificates"
    parts.certificates.place(tree, certificates)
    _add_registries(tree, identity)
    add_manager(service, identity, parts, **manager)
    tree.add_collection(f"{ROOT}/Chassis", "Chassis", "Chassis")


def _root(identity: Identity, *, expands: bool) -> Body:
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
            **({"ExpandQuery": FEATURES} if expands else {}),
        },
        **{name: link(f"{ROOT}/{name}") for name in (*_SERVICES, *identity.services)},
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


def chassis(tree: Tree, identity: Identity, health: Callable[[], Body], **more: object) -> str:
    """Place the controller's chassis with its sensors, and return its path."""
    path = f"{ROOT}/Chassis/{identity.chassis}"
    manager = link(identity.manager_path)
    tree.add_collection(f"{path}/Sensors", "Sensor", "Sensors")
    constant = {
        "@odata.type": "#Chassis.v1_28_0.Chassis",
        "Id": identity.chassis,
        "Name": f"Chassis of {identity.name}",
        "ChassisType": "RackMount",
        "Manufacturer": identity.manufacturer,
        "Model": identity.model,
        "SerialNumber": identity.serial,
        "Location": {"Placement": {"Rack": identity.rack}},
        "Sensors": link(f"{path}/Sensors"),
        **more,
        "Links": {
            "ManagedBy": [manager],
            "ManagersInChassis": [manager],
            **identity.chassis_links,
        },
    }
    return tree.add(path, lambda: {**constant, "Status": health()})
