"""Draw what a terminal showed: `COMMAND 2>&1 | python tools/picture.py TITLE FILE.svg`."""

import re
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH_COLUMNS = 104
CURSOR = re.compile(r"\x1b\[[0-9;?]*[A-HJKfhlsu]")
"""What moves the cursor or clears; colours end in m and stay."""
SPINNER = re.compile(r"^[⠀-⣿] ")
"""What turns while one waits, and is overwritten on a real terminal."""
FONT = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def main() -> None:
    """Read ANSI from standard input, keep the last state of each line, draw."""
    title, file = sys.argv[1:3]
    console = Console(record=True, width=WIDTH_COLUMNS, file=StringIO())
    for line in sys.stdin.read().replace("\r\n", "\n").split("\n"):
        shown = CURSOR.sub("", line.rpartition("\r")[2]).rstrip()
        if SPINNER.match(Text.from_ansi(shown).plain):
            continue
        console.print(Text.from_ansi(shown), soft_wrap=False, overflow="ellipsis", no_wrap=True)
    # Without fonts from elsewhere: the picture must be the same on a machine without a network.
    Path(file).write_text(FONT.sub("", console.export_svg(title=title)))


if __name__ == "__main__":
    main()
