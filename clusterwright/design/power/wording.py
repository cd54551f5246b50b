"""Figures of power, as sentences show them."""


def kilo(value: float, unit: str) -> str:
    """Write watts or volt-amperes as kW or kVA, with one digit where it says something."""
    return f"{value / 1000:.1f}".removesuffix(".0") + f" k{unit}"


def amps(value: float) -> str:
    """Write amperes, with one digit where it says something."""
    return f"{value:.1f}".removesuffix(".0") + " A"


def case(lost: str) -> str:
    """Say in which case: nothing in normal operation."""
    return f" with feed {lost} gone" if lost else ""
