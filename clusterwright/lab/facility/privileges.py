"""What an account may do: DMTF's standard roles, and which privilege each request needs."""

from collections.abc import Iterable

from clusterwright.lab.facility.controller_memory import Account
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.tree import ROOT, RefusalError

PRIVILEGES = {
    "Administrator": (
        "Login",
        "ConfigureManager",
        "ConfigureUsers",
        "ConfigureSelf",
        "ConfigureComponents",
    ),
    "Operator": ("Login", "ConfigureSelf", "ConfigureComponents"),
    "ReadOnly": ("Login", "ConfigureSelf"),
}
_AREAS = {
    "AccountService": "ConfigureUsers",
    "SessionService": "ConfigureManager",
    "Managers": "ConfigureManager",
    "EventService": "ConfigureManager",
    "CertificateService": "ConfigureManager",
    "TaskService": "ConfigureManager",
}


def require(
    account: Account, method: str, path: str, *, own: Iterable[str], changes: Iterable[str] = ()
) -> None:
    """Let a request pass, or refuse it with 403.

    `own` is what belongs to the account itself (its account, its session), `changes` the properties
    that a PATCH names. Whoever must change a password may do nothing else.
    """
    mine = path in own
    if account.must_change and not (mine and method != "POST"):
        target = f"{ROOT}/AccountService/Accounts/{account.number}"
        raise RefusalError(403, message("PasswordChangeRequired", target))
    if method in ("GET", "HEAD") or (mine and method == "DELETE"):
        return
    if mine and method == "PATCH" and set(changes) <= {"Password"}:
        return
    area = path.removeprefix(f"{ROOT}/").partition("/")[0]
    if _AREAS.get(area, "ConfigureComponents") not in PRIVILEGES[account.role]:
        raise RefusalError(403, message("InsufficientPrivilege"))
