"""Plays on the site's hosts, through ansible-runner.

`run_play` is the one door: it waits for hosts that are still booting, plays, and says what changed,
or in check mode what would change. `digest` says whether a play has to run again.
"""

from clusterwright.access.ansible.digest import digest
from clusterwright.access.ansible.play import run_play
from clusterwright.access.ansible.results import PlayResult, TaskChange, TaskFailure

__all__ = ["PlayResult", "TaskChange", "TaskFailure", "digest", "run_play"]
