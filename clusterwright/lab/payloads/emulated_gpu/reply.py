"""What a command answers."""

from dataclasses import dataclass

SUCCESS = 0
INVALID_ARGUMENT = 2
NO_PERMISSION = 4
NOT_FOUND = 6
NO_DRIVER = 9
IN_USE = 19
INSUFFICIENT_RESOURCES = 23

NO_DRIVER_TEXT = (
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. "
    "Make sure that the latest NVIDIA driver is installed and running.\n"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """An exit code of NVML's kind, and the text on standard output."""

    code: int
    text: str


def refuse(code: int, *lines: str) -> Reply:
    """Answer with an error of one or more lines."""
    return Reply(code, "".join(f"{line}\n" for line in lines))
