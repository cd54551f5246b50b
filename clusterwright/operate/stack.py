"""The Pulumi stack of a site: its name, its state, its configuration file."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from clusterwright.design.plan import SitePlan
from clusterwright.errors import OperationError, ToolError, UsageError
from clusterwright.operate.engine import STACK_NOT_FOUND, ask_pulumi, own_words, run_pulumi
from clusterwright.operate.state_file import FILE_BACKEND
from clusterwright.site_folder import PROJECT, SiteFolder

CONFIGURATIONS = PROJECT / "stacks" / "config"
SITE_KEY = "clusterwright:site"
LEAST_FREE_BYTES = 32 << 20
"""The engine writes a state, its backup and a history entry: a few MiB each for a large stack."""


def require_passphrase(variables: Mapping[str, str]) -> None:
    """Refuse to start without the passphrase of the state and the vault.

    Raises:
        UsageError: PULUMI_CONFIG_PASSPHRASE_FILE names no readable file.
    """
    file = variables.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if file is None:
        raise UsageError(
            "PULUMI_CONFIG_PASSPHRASE_FILE is not set: the state and the site's vault are "
            "encrypted with a passphrase; set the variable to the path of a file that holds it"
        )
    try:
        passphrase = Path(file).read_text()
    except OSError as error:
        raise UsageError(
            f"PULUMI_CONFIG_PASSPHRASE_FILE is {file}, which cannot be read ({error.strerror}): "
            "set it to the path of the file that holds the site's passphrase"
        ) from error
    if not passphrase.strip():
        raise UsageError(
            f"PULUMI_CONFIG_PASSPHRASE_FILE is {file}, which is empty: write the site's passphrase "
            "into it, or set the variable to the file that holds it"
        )


def wrong_passphrase(stack: str, variables: Mapping[str, str]) -> UsageError:
    """Return the error for a passphrase that is not the one this stack was made with."""
    return UsageError(
        f"PULUMI_CONFIG_PASSPHRASE_FILE is {variables['PULUMI_CONFIG_PASSPHRASE_FILE']}, whose "
        f"passphrase does not open the state of stack {stack}: set the variable to the file that "
        "holds the passphrase which the stack was made with"
    )


def require_backend(variables: Mapping[str, str]) -> None:
    """Refuse to start where the state could not be written.

    Raises:
        OperationError: the folder cannot be made or written, or its disk is full.
    """
    url = variables["PULUMI_BACKEND_URL"]
    if not url.startswith(FILE_BACKEND):
        return
    folder = Path(url.removeprefix(FILE_BACKEND))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_text("")
        probe.unlink()
        free_bytes = shutil.disk_usage(folder).free
    except OSError as error:
        raise OperationError(
            f"backend {folder}: it cannot be written ({error.strerror}), and the state must be: "
            "make room or change its owner, or set PULUMI_BACKEND_URL"
        ) from error
    if free_bytes < LEAST_FREE_BYTES:
        raise OperationError(
            f"backend {folder}: {free_bytes >> 20} MiB are free on its disk, and a run needs "
            f"{LEAST_FREE_BYTES >> 20} MiB: make room, or set PULUMI_BACKEND_URL; "
            "nothing was changed"
        )


def ensure_stack(folder: SiteFolder, plan: SitePlan, variables: Mapping[str, str]) -> str:
    """Return the stack's state as JSON, after making the stack where there is none."""
    state = exported(plan.site, variables)
    if state is None:
        CONFIGURATIONS.mkdir(parents=True, exist_ok=True)
        run_pulumi(["stack", "init", plan.site, "--secrets-provider", "passphrase"], variables)
        state = "{}"
    configure(folder, plan.site, variables)
    return state


def exported(stack: str, variables: Mapping[str, str]) -> str | None:
    """Return the state; None where the backend has no such stack."""
    answer = ask_pulumi(["stack", "export", "--stack", stack], variables)
    if answer.returncode == 0:
        return answer.stdout
    words = own_words(answer.stderr)
    if answer.returncode == STACK_NOT_FOUND or "no stack named" in words:
        return None
    raise ToolError(f"stack {stack}: its state cannot be read: {words}")


def configure(folder: SiteFolder, stack: str, variables: Mapping[str, str]) -> None:
    """Say in the stack's configuration which site it is; secrets never lie there."""
    site = site_reference(folder)
    file = configuration_file(stack)
    if file.is_file() and f"{SITE_KEY}: {site}\n" in file.read_text():
        return
    run_pulumi(["config", "set", "--stack", stack, SITE_KEY, site], variables)


def configuration_file(stack: str) -> Path:
    return CONFIGURATIONS / f"Pulumi.{stack}.yaml"


def site_reference(folder: SiteFolder) -> str:
    """Return what `find_site` finds the folder by: its name under inventory/, else its path."""
    named = PROJECT / "inventory" / folder.path.name
    return folder.path.name if folder.path == named else str(folder.path)
