"""What an operator is told of servers that are not the ones that should stand there."""

from collections.abc import Mapping

from clusterwright.access.guard import Difference
from clusterwright.access.identity import IdentityState

_SUBJECTS = {
    "model": "its model",
    "serial": "its serial number",
    "nics": "network adapter {}",
    "gpus": "the number of GPUs {}",
    "tpm": "its TPM",
}


def sentences(name: str, found: tuple[Difference, ...]) -> tuple[str, ...]:
    """Say for an operator what is wrong with the server `name`, one sentence each."""
    return tuple(
        f"{name}: {_SUBJECTS[(parts := d.path.partition('.'))[0]].format(parts[2])} is {d.actual}, "
        f"but {d.expected} is expected: {d.remedy}"
        for d in found
    )


def misplaced(
    expected: Mapping[str, IdentityState], actual: Mapping[str, IdentityState]
) -> tuple[str, ...]:
    """Say of every server that another one's serial number is met in its place."""
    owners = {one.serial: name for name, one in expected.items() if one.serial}
    where = {
        name: owners[one.serial]
        for name, one in actual.items()
        if owners.get(one.serial, name) != name
    }
    said = []
    for place, owner in sorted(where.items()):
        if where.get(owner) != place:
            said.append(
                f"{place}: {owner} stands in its place: move it, or exchange their management "
                f"cables, or correct the manifest"
            )
        elif place < owner:
            said.append(
                f"{place} and {owner} stand in each other's place: exchange them or their "
                f"management cables, or correct the manifest"
            )
    return tuple(said)


def said_of(name: str, said: tuple[str, ...]) -> str:
    """Return what `misplaced` says of a server: "su1-n1: ...", or "su1-n1 and su1-n2 stand ..."."""
    for sentence in said:
        words = sentence.replace(":", " ").split()
        if name in words[: 3 if words[1:2] == ["and"] else 1]:
            return sentence
    return ""
