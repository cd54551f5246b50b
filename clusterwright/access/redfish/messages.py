"""What a Redfish service says about its own errors."""

from collections.abc import Iterator, Mapping
from typing import Any

ANNOTATION = "@Message.ExtendedInfo"

# DMTF's Base registry: what stands beside a success for a property that was not written.
_NOT_WRITTEN = frozenset(
    {
        "PropertyNotUpdated",
        "PropertyNotWritable",
        "PropertyUnknown",
        "PropertyValueConflict",
        "PropertyValueError",
        "PropertyValueFormatError",
        "PropertyValueNotInList",
        "PropertyValueOutOfRange",
        "PropertyValueTypeError",
    }
)


def said(body: Mapping[str, Any]) -> str:
    """Return the service's messages as one line, or an empty text where it gave none."""
    texts = [text for message in _messages(body) if (text := _text(message))]
    return " ".join(dict.fromkeys(texts))


def left_out(body: Mapping[str, Any]) -> str:
    """Return what a service that answers with success says it has not written, or an empty text."""
    texts = [
        _text(message)
        for message in _messages(body)
        if str(message.get("MessageId", "")).rsplit(".", 1)[-1] in _NOT_WRITTEN
    ]
    return " ".join(dict.fromkeys(texts))


def account_to_change(body: Mapping[str, Any]) -> str:
    """Return the account whose password must be changed before anything else, or an empty text."""
    for message in _messages(body):
        if str(message.get("MessageId", "")).rsplit(".", 1)[-1] == "PasswordChangeRequired":
            return str(next(iter(message.get("MessageArgs") or []), ""))
    return ""


def _messages(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    error = body.get("error")
    holders = [error, body] if isinstance(error, dict) else [body]
    for holder in holders:
        for key, value in holder.items():
            if key.endswith(ANNOTATION) and isinstance(value, list):
                yield from (message for message in value if isinstance(message, dict))
    if body.get("Messages"):
        yield from (message for message in body["Messages"] if isinstance(message, dict))
    if isinstance(error, dict) and not error.get(ANNOTATION):
        yield {"Message": error.get("message", ""), "MessageId": error.get("code", "")}


def _text(message: Mapping[str, Any]) -> str:
    text = str(message.get("Message") or message.get("MessageId") or "")
    resolution = str(message.get("Resolution") or "")
    useful = resolution and resolution.rstrip(".").lower() != "none"
    return f"{text} ({resolution})" if text and useful else text
