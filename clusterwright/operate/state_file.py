"""Put right what a full disk does to a file backend.

The engine's writer renames its temporary file into place even where the disk was full in the middle
of it, so a state, or the attributes beside a file, can end half-way. Going back to the state of the
last finished run loses nothing: what has been made since is live, and Create adopts it.
"""

import json
from pathlib import Path

FILE_BACKEND = "file://"
PROJECT_NAME = "clusterwright"
LAYOUT = "version: 1\n"


def folder_of(backend_url: str) -> Path | None:
    """Return the folder of a file backend; None for any other."""
    if not backend_url.startswith(FILE_BACKEND):
        return None
    return Path(backend_url.removeprefix(FILE_BACKEND)) / ".pulumi"


def repair(stack: str, backend_url: str) -> str:
    """Make the stack readable again; return what was done, in words, or an empty string."""
    folder = folder_of(backend_url)
    if folder is None or not folder.is_dir():
        return ""
    drop_broken_files(folder)
    layout = folder / "meta.yaml"
    if layout.is_file() and layout.read_text() != LAYOUT and not layout.read_text().strip():
        layout.write_text(LAYOUT)
    state = folder / "stacks" / PROJECT_NAME / f"{stack}.json"
    if not state.is_file() or is_whole(state):
        return ""
    backup = newest_backup(folder, stack)
    if backup is None:
        state.unlink()
        return "the state was cut off, as by a full disk; it starts anew and adopts what is live"
    put_back(backup, state)
    return f"the state was cut off, as by a full disk; put back the last whole one ({backup.name})"


def drop_broken_files(folder: Path) -> None:
    """Remove half-written attributes, which the engine does without, and temporary files.

    It takes a temporary file among the locks for a lock, and stumbles over it.
    """
    for pattern in ("*.attrs", "*.tmp"):
        for file in folder.rglob(pattern):
            if not is_whole(file):
                file.unlink()


def is_whole(file: Path) -> bool:
    try:
        json.loads(file.read_bytes())
    except ValueError:
        return False
    return True


def newest_backup(folder: Path, stack: str) -> Path | None:
    """Return the state after the last finished run; backups carry their time in their names."""
    backups = sorted((folder / "backups" / PROJECT_NAME / stack).glob(f"{stack}.*.json"))
    return next((backup for backup in reversed(backups) if is_whole(backup)), None)


def put_back(backup: Path, state: Path) -> None:
    unfinished = state.with_suffix(".restored")
    unfinished.write_bytes(backup.read_bytes())
    unfinished.rename(state)
    # Its checksum is that of the broken state.
    state.with_name(f"{state.name}.attrs").unlink(missing_ok=True)
