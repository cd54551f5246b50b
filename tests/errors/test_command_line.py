"""What the command line does with a mistake: its sentence on stderr, an exit code, and no more.

The sentences of a definition are in test_definition.py; bad luck on a live site is in tests/lab.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from clusterwright.cli import app
from tests.errors.test_definition import CASES, edited

COMMAND = Path(sys.prefix) / "bin/clusterwright"
NAMED = {
    "unknown key",
    "wrong type",
    "reference to nothing",
    "duplicate name",
    "more nodes than a rack holds",
    "prefix too small for its hosts",
}
# Nothing can be written there: were a refusal missing, no engine would start.
NO_BACKEND = "file:///dev/null/state"
NO_SITE = "site nowhere: there is no inventory/nowhere/site.yml and no file of that name; choose "
NO_PASSPHRASE = "PULUMI_CONFIG_PASSPHRASE_FILE is not set"


def run(*words: str) -> Result:
    """Run a command in this process as an operator who has set nothing."""
    unset = {name: None for name in os.environ if name.startswith("PULUMI_")}
    return CliRunner().invoke(app, words, env={**unset, "PULUMI_BACKEND_URL": NO_BACKEND})


def run_program(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a program of its own, whose operator has set nothing but these variables."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
    return subprocess.run(
        [COMMAND, *words],
        env={**own, "PULUMI_BACKEND_URL": NO_BACKEND, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def real_site(tmp_path: Path) -> Path:
    """The lab's definition as that of a site that is not emulated, in a folder of its own."""
    definition = tmp_path / "site.yml"
    definition.write_text(edited([("emulated: true\n", ""), ("site: lab\n", "site: real\n")]))
    return definition


def test_the_mistakes_that_are_tried_here_are_known() -> None:
    assert {str(case.id) for case in CASES} >= NAMED


@pytest.mark.parametrize(("edits", "rules"), [case for case in CASES if case.id in NAMED])
def test_every_mistake_of_a_definition_is_a_line_and_the_exit_code_is_2(
    edits: list[tuple[str, str]], rules: list[str], tmp_path: Path
) -> None:
    definition = tmp_path / "site.yml"
    definition.write_text(edited(edits))
    finished = run("check", str(definition))
    lines = finished.stderr.splitlines()
    assert (finished.exit_code, finished.stdout) == (2, "")
    assert [line.removeprefix(f"{definition}:").partition(": ")[2] for line in lines] == rules
    assert all(line.removeprefix(f"{definition}:").partition(":")[0].isdigit() for line in lines)


@pytest.mark.parametrize("verb", ["plan", "up"])
def test_no_command_starts_on_a_definition_with_a_mistake(verb: str, tmp_path: Path) -> None:
    definition = tmp_path / "site.yml"
    definition.write_text(edited([("count: 2, racks: [r1]", "count: 0, racks: [r1]")]))
    finished = run(verb, str(definition))
    assert (finished.exit_code, finished.stdout) == (2, "")
    assert finished.stderr.startswith(f"{definition}:")
    assert len(finished.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == [definition]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("check", "nowhere"), id="check"),
        pytest.param(("up", "nowhere"), id="up"),
        pytest.param(("lab", "up", "--site", "nowhere"), id="lab-up"),
    ],
)
def test_a_site_that_does_not_exist_is_named_with_those_that_do(words: tuple[str, ...]) -> None:
    finished = run_program(*words)
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.startswith(NO_SITE)
    assert "lab" in finished.stderr.partition("choose one of ")[2]
    assert len(finished.stderr.splitlines()) == 1


@pytest.mark.parametrize("verb", ["up", "verify", "drift"])
def test_without_a_passphrase_the_variable_is_named(verb: str, real_site: Path) -> None:
    finished = run(verb, str(real_site), "--layer", "facility")
    assert (finished.exit_code, finished.stdout) == (2, "")
    assert NO_PASSPHRASE in finished.stderr
    assert "set" in finished.stderr.partition(NO_PASSPHRASE)[2]
    assert len(finished.stderr.splitlines()) == 1


@pytest.mark.parametrize("option", ["--layer", "--rack"])
def test_a_layer_or_rack_that_does_not_exist_is_refused(option: str, real_site: Path) -> None:
    finished = run("up", str(real_site), option, "none")
    assert (finished.exit_code, finished.stdout) == (2, "")
    kind = option.removeprefix("--")
    assert finished.stderr.startswith(f"{kind} none: there is no such {kind}; choose one of ")


def test_a_missing_engine_is_named_with_what_makes_it(real_site: Path, tmp_path: Path) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("word\n")
    finished = run_program(
        "up",
        str(real_site),
        PULUMI_CONFIG_PASSPHRASE_FILE=str(passphrase),
        PATH=str(tmp_path),
        XDG_CACHE_HOME=str(tmp_path),
    )
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr.startswith("pulumi: none on PATH, and at least 3.227 is needed: ")
    assert "run `make tools`" in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="who is not root is told so first")
def test_missing_programs_of_the_lab_are_named_with_their_packages(tmp_path: Path) -> None:
    definition = tmp_path / "site.yml"
    definition.write_text(edited([("site: lab\n", "site: lab-without-tools\n")]))
    state = tmp_path / "state"
    finished = run_program(
        "lab",
        "up",
        "--site",
        str(definition),
        PATH=str(tmp_path),
        CLUSTERWRIGHT_STATE_HOME=str(state),
    )
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr.startswith("lab: gpg, ip, mmdebstrap, ")
    assert "install with: apt-get install gpg iproute2 mmdebstrap " in finished.stderr
    assert len(finished.stderr.splitlines()) == 1
    assert not state.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param((), "say --emergency if that is what you want", id="not an emergency"),
        pytest.param(("--emergency", "--rack", "r9"), "rack r9: site real has none", id="no rack"),
        pytest.param(("--emergency",), "nobody is there to be asked: say --yes", id="no terminal"),
    ],
)
def test_power_off_does_nothing_that_was_not_said(
    words: tuple[str, ...], sentence: str, real_site: Path
) -> None:
    finished = run("power-off", str(real_site), *words)
    assert (finished.exit_code, finished.stderr.count("Traceback")) == (2, 0)
    assert sentence in finished.stderr


def test_power_off_says_what_would_go_down_without_a_live_site(real_site: Path) -> None:
    finished = run("power-off", str(real_site), "--emergency", "--dry-run", "--rack", "r2")
    assert finished.exit_code == 0
    assert finished.stdout.startswith("1. compute: su1-n3, su1-n4\n")


def test_a_definition_that_is_no_text_is_a_mistake(tmp_path: Path) -> None:
    definition = tmp_path / "site.yml"
    definition.write_bytes(b"site: \x96\n")
    finished = run("check", str(definition))
    assert finished.exit_code == 2
    assert finished.stderr == (
        f"{definition}:1: (top level): cannot be read (it is no text in UTF-8): mend the file, or "
        "name another one\n"
    )


def test_what_an_empty_definition_needs_is_named(tmp_path: Path) -> None:
    definition = tmp_path / "site.yml"
    definition.touch()
    lines = run("check", str(definition)).stderr.splitlines()
    assert [line.rpartition(": ")[2] for line in lines] == [
        "write it",
        "write it, with feeds, racks",
        "write it, each with name, build_for, groups",
        "write it",
        "write it, with compute, inband, oob",
        "write it, with package_sources, gpu_driver, time_servers",
    ]


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    finished = run("plan", "lab", "--what", "hosts", "--out", str(taken))
    assert finished.exit_code == 1
    assert finished.stderr.startswith(f"{taken}: cannot be written (")
    assert finished.stderr.endswith("clusterwright plan can write elsewhere with --out\n")


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [
        pytest.param("chek", "did you mean check?", id="nearly right"),
        pytest.param("foo", "clusterwright --help lists them", id="like nothing"),
    ],
)
def test_a_command_that_is_not_known_is_told_what_is(verb: str, sentence: str) -> None:
    finished = run(verb, "lab")
    assert finished.exit_code == 2
    assert finished.stderr == f"{verb}: there is no such command: {sentence}\n"


def test_the_version_is_said() -> None:
    finished = run("--version")
    assert (finished.exit_code, finished.stdout.split()[0]) == (0, "clusterwright")
