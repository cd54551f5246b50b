"""What a property or a parameter may be: each check gives the message that refuses a value."""

import re
from typing import Any

from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.tree import Body, Check

__all__ = ["Check", "number", "of_type", "one_of", "text", "texts"]


def one_of(*values: Any) -> Check:
    """Accept the listed values only."""

    def check(name: str, value: Any) -> Body | None:
        if type(value) is not type(values[0]):
            return message("PropertyValueTypeError", str(value), name, about=f"#/{name}")
        if value not in values:
            return message("PropertyValueNotInList", str(value), name, about=f"#/{name}")
        return None

    return check


def number(low: float, high: float) -> Check:
    """Accept numbers between two limits, both included."""

    def check(name: str, value: Any) -> Body | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return message("PropertyValueTypeError", str(value), name, about=f"#/{name}")
        if not low <= value <= high:
            return message("PropertyValueOutOfRange", str(value), name, about=f"#/{name}")
        return None

    return check


def of_type(*kinds: type) -> Check:
    """Accept any value of these JSON types."""

    def check(name: str, value: Any) -> Body | None:
        if type(value) not in kinds:
            return message("PropertyValueTypeError", str(value), name, about=f"#/{name}")
        return None

    return check


def texts(pattern: str = ".*") -> Check:
    """Accept lists of texts that all match."""

    def check(name: str, value: Any) -> Body | None:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            return message("PropertyValueTypeError", str(value), name, about=f"#/{name}")
        if wrong := [one for one in value if not re.fullmatch(pattern, one)]:
            return message("PropertyValueFormatError", wrong[0], name, about=f"#/{name}")
        return None

    return check


def text(pattern: str = ".*", *, secret: bool = False) -> Check:
    """Accept a text that matches; a secret one is not repeated in the refusal."""

    def check(name: str, value: Any) -> Body | None:
        shown = "******" if secret else str(value)
        if not isinstance(value, str):
            return message("PropertyValueTypeError", shown, name, about=f"#/{name}")
        if not re.fullmatch(pattern, value, re.DOTALL):
            return message("PropertyValueFormatError", shown, name, about=f"#/{name}")
        return None

    return check
