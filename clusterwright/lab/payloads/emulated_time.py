"""A chronyd that believes its servers, and the chronyc that asks it.

Runs with a host's own Python: standard library only. A host of the lab may not set the clock,
which is the machine's own anyway.
"""

import os
import shlex
import signal
import sys
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

NOT_RUNNING = "506 Cannot talk to daemon\n"
SOURCES = ("server", "pool", "peer")
# fmt: off
DIRECTIVES = frozenset((
    "server", "pool", "peer", "confdir", "sourcedir", "driftfile", "makestep", "rtcsync",
    "keyfile", "allow", "deny", "local", "logdir", "maxupdateskew", "leapsectz", "leapseclist",
    "ntsdumpdir", "bindaddress", "bindcmdaddress", "cmdport", "port", "minsources", "log",
    "hwtimestamp", "include", "ntstrustedcerts", "stratumweight", "maxdistance", "cmdallow",
    "user", "dumpdir", "lock_all", "sched_priority", "smoothtime", "initstepslew",
))
# fmt: on
TRACKING = """\
Reference ID    : {reference:08X} ({name})
Stratum         : 3
Ref time (UTC)  : Thu Jan 01 00:00:00 2026
System time     : 0.000000000 seconds fast of NTP time
Last offset     : +0.000001210 seconds
RMS offset      : 0.000003180 seconds
Frequency       : 0.000 ppm fast
Residual freq   : +0.000 ppm
Skew            : 0.010 ppm
Root delay      : 0.000310000 seconds
Root dispersion : 0.000120000 seconds
Update interval : 64.0 seconds
Leap status     : {leap}
"""
SOURCES_HEAD = """\
MS Name/IP address         Stratum Poll Reach LastRx Last sample               
===============================================================================
"""  # noqa: W291 - chronyc ends its heading with blanks


def lines(root: Path, main: Path) -> list[list[str]]:
    """Return every directive of a configuration file and of the folders that it names."""
    found = []
    for line in main.read_text(encoding="utf-8").splitlines():
        words = shlex.split(line, comments=True)
        if not words or words[0][0] in "!;%":
            continue
        found.append(words)
        if words[0] in ("confdir", "sourcedir"):
            ending = "*.conf" if words[0] == "confdir" else "*.sources"
            for file in sorted((root / words[1].lstrip("/")).glob(ending)):
                found += lines(root, file)
    return found


def servers(root: Path) -> list[str]:
    main = root / "etc/chrony/chrony.conf"
    found = lines(root, main) if main.is_file() else []
    return [words[1] for words in found if words[0] in SOURCES]


def chronyd(root: Path, arguments: Sequence[str]) -> int:
    """Check a configuration (-p), or run until told to stop."""
    named = arguments[arguments.index("-f") + 1] if "-f" in arguments else "etc/chrony/chrony.conf"
    main = root / named.lstrip("/") if not Path(named).is_file() else Path(named)
    if not main.is_file():
        sys.stdout.write(f"Fatal error : Could not open {main} : No such file or directory\n")
        return 1
    for words in lines(root, main):
        if words[0] not in DIRECTIVES:
            sys.stdout.write(f"Fatal error : Invalid directive {words[0]} in {main}\n")
            return 1
    if "-p" in arguments:
        sys.stdout.write("".join(" ".join(words) + "\n" for words in lines(root, main)))
        return 0
    return _stay(root / "run/chrony/chronyd.pid")


def _stay(pid_file: Path) -> int:
    """Go into the background until told to stop; SIGHUP changes nothing."""
    pid_file.parent.mkdir(parents=True, exist_ok=True)
    signals = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    child = os.fork()
    if child:
        draft = pid_file.with_suffix(".new")
        draft.write_text(f"{child}\n", encoding="utf-8")
        draft.replace(pid_file)
        return 0
    os.setsid()
    while signal.sigwait(signals) == signal.SIGHUP:
        pass
    pid_file.unlink(missing_ok=True)
    os._exit(0)


def runs(root: Path) -> bool:
    """Whether the daemon of this root is alive."""
    try:
        os.kill(int((root / "run/chrony/chronyd.pid").read_text(encoding="utf-8")), 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _number(name: str) -> int:
    try:
        return int(ip_address(name)) & 0xFFFFFFFF
    except ValueError:
        return 0x7F7F0101


def tracking(names: Sequence[str]) -> str:
    if not names:
        return TRACKING.format(reference=0, name="", leap="Not synchronised")
    return TRACKING.format(reference=_number(names[0]), name=names[0], leap="Normal")


def sources(names: Sequence[str]) -> str:
    rows = [
        f"^{'*' if place == 0 else '+'} {name:<27} "
        "2   6   377    21   +3210ns[+4110ns] +/-  155us\n"
        for place, name in enumerate(names)
    ]
    return SOURCES_HEAD + "".join(rows)


def chronyc(root: Path, arguments: Sequence[str]) -> int:
    """Answer `tracking`, `sources` and `waitsync`."""
    command = next((word for word in arguments if not word.startswith("-")), "tracking")
    if not runs(root):
        sys.stdout.write(NOT_RUNNING)
        return 1
    names = servers(root)
    answers = {"tracking": tracking(names), "sources": sources(names), "waitsync": ""}
    if command not in answers:
        sys.stdout.write("Unrecognized command\n")
        return 1
    sys.stdout.write(answers[command])
    return 0 if names or command != "waitsync" else 1
