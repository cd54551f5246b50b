#!/usr/bin/python3
"""Ansible module: files that are ours from the first to the last line."""

from __future__ import annotations

import fnmatch
import os
import urllib.request
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
---
module: owned_files
short_description: Own files whole
description:
  - Compares and writes any number of files in one run on the host; template and copy take two runs
    for each file, which is most of the time of a play that changes nothing.
  - Makes folders that are not there, so check mode needs none of them.
  - Files belong to root.
author: Clusterwright
options:
  files:
    description: The files.
    type: list
    elements: dict
    required: true
    suboptions:
      path:
        description: Where the file lies.
        type: path
        required: true
      content:
        description: What it holds.
        type: str
        required: true
      mode:
        description: Its permissions, in octal.
        type: str
        default: "0644"
      validate:
        description: Command that must accept the file, with C(%s) in place of its path.
        type: str
  downloads:
    description: Further files, by path, with the URLs from which the host fetches what they hold.
    type: dict
    default: {}
  nothing_else_in:
    description: Folder in which no other files that match C(patterns) may be, at any depth.
    type: path
  patterns:
    description: Names of files, with wildcards.
    type: list
    elements: str
    default: []
"""

EXAMPLES = """
- name: Set kernel parameters
  owned_files:
    files:
      - path: /etc/sysctl.d/90-site.conf
        content: "{{ lookup('ansible.builtin.template', 'sysctl.conf.j2') }}"
"""

RETURN = """
changed_paths:
  description: Files that were, or would be, written or removed.
  type: list
  returned: always
absent_paths:
  description: Files that were not there.
  type: list
  returned: always
"""

FETCH_DEADLINE_S = 30
OWNER = "0:0"


def download(module: AnsibleModule, path: str, url: str) -> dict[str, str]:
    """Return a file that is fetched."""
    try:
        with urllib.request.urlopen(url, timeout=FETCH_DEADLINE_S) as reply:  # noqa: S310
            content = reply.read().decode()
    except (OSError, ValueError) as error:
        module.fail_json(msg=f"{path}: {url} cannot be fetched: {error}")
    return {"path": path, "content": content, "mode": "0644", "validate": None}


def attributes(path: Path, mode: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return actual and declared permissions and owner."""
    status = path.stat()
    actual = {"mode": f"{status.st_mode & 0o7777:04o}", "owner": f"{status.st_uid}:{status.st_gid}"}
    return actual, {"mode": mode, "owner": OWNER}


def compare(path: Path, content: str, mode: str) -> list[dict[str, object]]:
    """Return what differs, as `--diff` shows it: the content, else permissions and owner."""
    header = {"before_header": str(path), "after_header": str(path)}
    if not path.is_file():
        return [{**header, "before": "", "after": content}]
    found = []
    actual = path.read_bytes().decode(errors="replace")
    if actual != content:
        found.append({**header, "before": actual, "after": content})
    before, after = attributes(path, mode)
    if before != after:
        found.append({**header, "before": before, "after": after})
    return found


def write(module: AnsibleModule, file: dict[str, str]) -> None:
    """Write one file, in one step, after its validator has accepted it."""
    path = Path(file["path"])
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(module.tmpdir) / path.name
    draft.write_bytes(file["content"].encode())
    draft.chmod(int(file["mode"], 8))
    if file["validate"]:
        rc, out, err = module.run_command(file["validate"] % draft)
        if rc != 0:
            said = err.strip() or out.strip()
            module.fail_json(msg=f"{path} was not written: its validator said: {said}", rc=rc)
    module.atomic_move(str(draft), str(path))
    path.chmod(int(file["mode"], 8))
    os.chown(path, *map(int, OWNER.split(":")))


def strangers(module: AnsibleModule, ours: set[str]) -> list[Path]:
    """Return files in the owned folder that match the patterns and are not ours."""
    folder, patterns = module.params["nothing_else_in"], module.params["patterns"]
    if not folder:
        return []
    matching = (
        path
        for path in sorted(Path(folder).rglob("*"))
        if any(fnmatch.fnmatch(path.name, pattern) for pattern in patterns)
    )
    return [path for path in matching if str(path) not in ours and not path.is_dir()]


def result(module: AnsibleModule) -> dict[str, object]:
    """Compare all files first, then write and remove what differs."""
    downloads = [download(module, *item) for item in module.params["downloads"].items()]
    files = downloads + module.params["files"]
    absent = [file["path"] for file in files if not Path(file["path"]).is_file()]
    diff, changed = [], []
    for file in files:
        found = compare(Path(file["path"]), file["content"], file["mode"])
        if found:
            diff += found
            changed.append(file["path"])
            if not module.check_mode:
                write(module, file)
    for path in strangers(module, {file["path"] for file in files}):
        header = {"before_header": str(path), "after_header": str(path)}
        diff.append({**header, "before": {"state": "file"}, "after": {"state": "absent"}})
        changed.append(str(path))
        if not module.check_mode:
            path.unlink()
    return {
        "changed": bool(changed),
        "changed_paths": changed,
        "absent_paths": absent,
        "diff": diff,
    }


def main() -> None:
    """Compare, and write unless in check mode."""
    file = {
        "path": {"type": "path", "required": True},
        "content": {"type": "str", "required": True},
        "mode": {"type": "str", "default": "0644"},
        "validate": {"type": "str"},
    }
    module = AnsibleModule(
        argument_spec={
            "files": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": file,
            },
            "downloads": {"type": "dict", "default": {}},
            "nothing_else_in": {"type": "path"},
            "patterns": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    module.exit_json(**result(module))


if __name__ == "__main__":
    main()
