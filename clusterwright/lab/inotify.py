"""The kernel's limit on inotify instances, which is too low for many hosts on one machine.

Without an instance to spare a host's systemd does not notice that its services have come up. The
limit is one for all of root's processes, so it is raised while any lab is up, and put back after.
"""

from pathlib import Path

from clusterwright.errors import OperationError

LIMIT = Path("/proc/sys/fs/inotify/max_user_instances")
FORMER_LIMIT = Path("/run/clusterwright-inotify-limit")
# Counted on Debian 12: systemd holds five, logind and dbus one each; services may hold some.
INSTANCES_PER_HOST = 10
# Room for several labs beside each other, and for the machine itself.
LEAST_INSTANCES = 1024


def make_room(hosts: int) -> None:
    """Raise the limit where it would stop some of `hosts` from booting.

    Raises:
        OperationError: it is too low and may not be raised.
    """
    limit = int(LIMIT.read_text())
    needed = LEAST_INSTANCES + INSTANCES_PER_HOST * hosts
    if limit >= needed:
        return
    try:
        LIMIT.write_text(f"{needed}\n")
    except OSError as error:
        raise OperationError(
            f"fs.inotify.max_user_instances: is {limit}, but {hosts} hosts need {needed}, and it "
            f"cannot be raised here ({error.strerror}); raise it where the kernel is yours: "
            f"sysctl fs.inotify.max_user_instances={needed}"
        ) from error
    if not FORMER_LIMIT.exists():
        FORMER_LIMIT.write_text(f"{limit}\n")


def give_room_back(labs: Path) -> None:
    """Put the limit back, unless another lab still has its control group in `labs`."""
    if FORMER_LIMIT.exists() and not any(labs.glob("cw-*")):
        LIMIT.write_text(FORMER_LIMIT.read_text())
        FORMER_LIMIT.unlink()
