"""What differs between two values, in words short enough to act on."""

from collections.abc import Mapping, Set

from clusterwright.verify.report import Kind

ABSENT = "absent"
NOTHING: tuple[object, ...] = (None, "", (), [], {}, frozenset(), ABSENT)


def kind_of(expected: object, actual: object) -> Kind:
    """Tell what is gone and what is too much from what is different."""
    if expected == actual:
        raise ValueError(f"expected and actual are both {expected!r}: nothing differs")
    if _holds_all_of(expected, actual):
        return Kind.MISSING
    if _holds_all_of(actual, expected):
        return Kind.UNEXPECTED
    return Kind.DRIFT


def narrow(expected: object, actual: object) -> tuple[str, str]:
    """Return both values as text, of collections only what is not the same in both."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        keys = [key for key in {**expected, **actual} if expected.get(key) != actual.get(key)]
        return _entries(expected, keys), _entries(actual, keys)
    if isinstance(expected, Set) and isinstance(actual, Set):
        return _text(expected - actual), _text(actual - expected)
    return _text(expected), _text(actual)


def _holds_all_of(whole: object, part: object) -> bool:
    if part in NOTHING:
        return True
    if isinstance(whole, Mapping) and isinstance(part, Mapping):
        return all(key in whole and whole[key] == value for key, value in part.items())
    if isinstance(whole, Set) and isinstance(part, Set):
        return part <= whole
    if isinstance(whole, list | tuple) and isinstance(part, list | tuple):
        return all(whole.count(item) >= part.count(item) for item in part)
    return False


def _entries(mapping: Mapping[object, object], keys: list[object]) -> str:
    return ", ".join(f"{key}: {_text(mapping.get(key))}" for key in keys) if mapping else ABSENT


def _counted(items: list[object] | tuple[object, ...]) -> str:
    """Eight equal GPUs are said once."""
    distinct = dict.fromkeys(_text(item) for item in items)
    texts = [_text(item) for item in items]
    counts = [(texts.count(text), text) for text in distinct]
    return ", ".join(f"{count} × {text}" if count > 1 else text for count, text in counts) or ABSENT


def _text(value: object) -> str:
    if value in NOTHING:
        return ABSENT
    if isinstance(value, Set):
        return ", ".join(sorted(_text(item) for item in value))
    if isinstance(value, list | tuple):
        return _counted(value)
    if isinstance(value, Mapping):
        return _entries(value, list(value))
    return str(value)
