"""Virtual drives of a BMC: an image from the network looks like a disc to the server."""

from clusterwright.lab.facility.checks import of_type, one_of, text
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.node_memory import NodeMemory
from clusterwright.lab.facility.tree import Action, Body, RefusalError, Reply, Tree

DRIVES = {"CD1": ("CD", "DVD"), "USB1": ("USBStick",)}
PROTOCOLS = ("HTTP", "HTTPS", "NFS", "CIFS")


def add_virtual_media(tree: Tree, path: str, memory: Memory[NodeMemory]) -> Body:
    """Place the drives; return the link to their collection."""
    tree.add_collection(path, "VirtualMedia", "Virtual Media")
    for drive, kinds in DRIVES.items():
        _add_drive(tree, f"{path}/{drive}", drive, kinds, memory)
    return link(path)


def _add_drive(
    tree: Tree, path: str, drive: str, kinds: tuple[str, ...], memory: Memory[NodeMemory]
) -> None:
    async def insert(body: Body) -> Reply:
        # As most BMCs do: one image must be out before another goes in.
        if drive in memory.state.media:
            raise RefusalError(409, message("ResourceInUse"))
        if body.get("Inserted", True):
            memory.update(media={**memory.state.media, drive: body["Image"]})
        return Reply()

    async def eject(_: Body) -> Reply:
        left = {name: image for name, image in memory.state.media.items() if name != drive}
        memory.update(media=left)
        return Reply()

    actions = {
        **tree.add_action(path, _insertion(insert)),
        **tree.add_action(path, Action(name="VirtualMedia.EjectMedia", run=eject)),
    }
    entry = actions["#VirtualMedia.InsertMedia"]
    entry["TransferProtocolType@Redfish.AllowableValues"] = list(PROTOCOLS)

    def shown() -> Body:
        image = memory.state.media.get(drive)
        return {
            "@odata.type": "#VirtualMedia.v1_6_5.VirtualMedia",
            "Id": drive,
            "Name": f"Virtual {kinds[0]}",
            "MediaTypes": list(kinds),
            "Image": image,
            "ImageName": image.rpartition("/")[2] if image else None,
            "Inserted": image is not None,
            "WriteProtected": True,
            "ConnectedVia": "URI" if image else "NotConnected",
            "Status": healthy(),
            "Actions": actions,
        }

    tree.add(path, shown)


def _insertion(run: object) -> Action:
    return Action(
        name="VirtualMedia.InsertMedia",
        run=run,  # type: ignore[arg-type]
        parameters={
            "Image": text(r"\S+"),
            "Inserted": of_type(bool),
            "WriteProtected": of_type(bool),
            "UserName": of_type(str),
            "Password": text(secret=True),
            "TransferMethod": one_of("Stream", "Upload"),
            "TransferProtocolType": one_of(*PROTOCOLS),
        },
        required=frozenset({"Image"}),
    )
