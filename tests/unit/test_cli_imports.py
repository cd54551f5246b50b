"""What a verb does not need is not imported for it: that is most of the time of a short command."""

import subprocess
import sys

import pytest

COSTLY = ("pulumi", "grpc", "aiohttp", "paramiko", "ansible_runner", "cryptography", "openpyxl")
OURS = ("lab", "verify", "provider", "operate", "access")
PROGRAM = """
import sys
from clusterwright.cli import app
app(sys.argv[1:], standalone_mode=False)
print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("words", "more"),
    [
        pytest.param(("check", "lab"), ("jinja2", "clusterwright.render"), id="check"),
        pytest.param(("plan", "lab", "--what", "cables", "--out", "{out}"), (), id="plan"),
    ],
)
def test_a_short_command_imports_nothing_of_the_live_site(words, more, tmp_path):
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM, *(word.format(out=tmp_path) for word in words)],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(finished.stderr.split())
    unwanted = {*COSTLY, *more, *(f"clusterwright.{layer}" for layer in OURS)}
    assert "clusterwright.design" in imported
    assert imported & unwanted == set()
