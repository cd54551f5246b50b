"""How seldom Python looks for garbage that refers to itself."""

import gc

# Plans, trees of resources and what is read of thousands of devices stay until the process ends:
# at Python's own pace, most of the time that building them takes goes into looking through them.
_PACE = (20_000, 20, 500)


def collect_seldom() -> None:
    """Set the pace of this process; for entry points only, because it holds for everything."""
    gc.set_threshold(*_PACE)
