"""Messages of DMTF's Base registry, as answers carry them."""

from typing import Any

from clusterwright.lab.facility.base_registry import ENTRIES

REGISTRY = "Base.1.18"
Body = dict[str, Any]


def message(key: str, *args: str, about: str = "", resolution: str = "") -> Body:
    """Return one message object; `about` is the JSON pointer of the property it speaks of."""
    entry = ENTRIES[key]
    text = entry.text
    for number, argument in enumerate(args, start=1):
        text = text.replace(f"%{number}", argument)
    return {
        "@odata.type": "#Message.v1_2_1.Message",
        "MessageId": f"{REGISTRY}.{key}",
        "Message": text,
        "MessageArgs": list(args),
        "MessageSeverity": entry.severity,
        "Resolution": resolution or entry.resolution,
        **({"RelatedProperties": [about]} if about else {}),
    }


def error_body(*messages: Body) -> Body:
    """Return the body of a refusal with all its messages."""
    code, text = messages[0]["MessageId"], messages[0]["Message"]
    if len(messages) > 1:
        code, text = f"{REGISTRY}.GeneralError", ENTRIES["GeneralError"].text
    return {"error": {"code": code, "message": text, "@Message.ExtendedInfo": list(messages)}}
