"""The article before the name of a model."""


def one(model: str) -> str:
    """Return the name with a or an before it."""
    return f"{'an' if model[:1] in 'aeio' else 'a'} {model}"
