"""A controller's accounts and roles: AccountService."""

import hmac
from dataclasses import replace
from typing import Any

from clusterwright.lab.facility.checks import of_type, one_of, text
from clusterwright.lab.facility.controller_memory import (
    Account,
    ControllerMemory,
    digest,
)
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.privileges import PRIVILEGES
from clusterwright.lab.facility.tree import ROOT, Body, RefusalError, Reply, Tree, Writable

SERVICE = f"{ROOT}/AccountService"
ACCOUNTS, ROLES = f"{SERVICE}/Accounts", f"{SERVICE}/Roles"
MIN_PASSWORD, MAX_ACCOUNTS = 8, 16
FIRST = "1"


class Accounts:
    """Who may log in. The first account is the factory's and cannot be deleted."""

    def __init__(self, memory: Memory[ControllerMemory]) -> None:
        self._memory = memory

    def known(self, username: str, password: str) -> Account | None:
        """Return the account that this login opens."""
        for account in self._memory.state.accounts.values():
            same = hmac.compare_digest(account.username.encode(), username.encode())
            if same and account.enabled and account.has(password):
                return account
        return None

    def get(self, number: str) -> Account | None:
        """Return the account of that number, if it still is and is enabled."""
        account = self._memory.state.accounts.get(number)
        return account if account and account.enabled else None

    def place(self, tree: Tree) -> None:
        """Place AccountService with its accounts and the three standard roles."""
        tree.add(SERVICE, _service())
        tree.add_collection(
            ACCOUNTS, "ManagerAccount", "Accounts", create=lambda body: self._create(tree, body)
        )
        for number in self._memory.state.accounts:
            self._place_one(tree, number)
        tree.add_collection(ROLES, "Role", "Roles")
        for name, privileges in PRIVILEGES.items():
            tree.add(f"{ROLES}/{name}", _role(name, privileges))

    async def _create(self, tree: Tree, body: Body) -> Reply:
        checks = {"UserName": text(r"\S{1,64}"), "Password": _PASSWORD, "RoleId": _ROLE}
        missing = [message("PropertyMissing", name) for name in checks if name not in body]
        wrong = [
            m for name, check in checks.items() if name in body and (m := check(name, body[name]))
        ]
        if missing or wrong:
            raise RefusalError(400, *missing, *wrong)
        accounts = self._memory.state.accounts
        if any(body["UserName"] == account.username for account in accounts.values()):
            about = ("ManagerAccount", "UserName", body["UserName"])
            raise RefusalError(409, message("ResourceAlreadyExists", *about))
        number = str(max(map(int, accounts), default=0) + 1)
        self._write(
            number,
            Account(
                number=number,
                username=body["UserName"],
                digest=digest(body["UserName"], body["Password"]),
                role=body["RoleId"],
                enabled=body.get("Enabled", True) is True,
                must_change=body.get("PasswordChangeRequired", False) is True,
            ),
        )
        path = self._place_one(tree, number)
        return Reply(status=201, body=tree.read(path), headers={"Location": path})

    def _place_one(self, tree: Tree, number: str) -> str:
        def delete() -> None:
            if number == FIRST:
                raise RefusalError(403, message("ResourceCannotBeDeleted"))
            left = {n: a for n, a in self._memory.state.accounts.items() if n != number}
            self._memory.update(accounts=left)
            tree.remove(f"{ACCOUNTS}/{number}")

        return tree.add(
            f"{ACCOUNTS}/{number}",
            lambda: _account(self._memory.state.accounts[number]),
            writable=self._writable(number),
            delete=delete,
        )

    def _writable(self, number: str) -> dict[str, Writable]:
        def change(**changes: Any) -> None:
            self._write(number, replace(self._memory.state.accounts[number], **changes))

        def password(value: str) -> None:
            username = self._memory.state.accounts[number].username
            change(digest=digest(username, value), must_change=False)

        return {
            "Password": Writable(check=_PASSWORD, write=password),
            "RoleId": Writable(check=_ROLE, write=lambda role: change(role=role)),
            "Enabled": Writable(check=of_type(bool), write=lambda on: change(enabled=on)),
            "PasswordChangeRequired": Writable(
                check=of_type(bool), write=lambda must: change(must_change=must)
            ),
        }

    def _write(self, number: str, account: Account) -> None:
        self._memory.update(accounts={**self._memory.state.accounts, number: account})


_PASSWORD = text(rf".{{{MIN_PASSWORD},64}}", secret=True)
_ROLE = one_of(*PRIVILEGES)


def _service() -> Body:
    return {
        "@odata.type": "#AccountService.v1_18_1.AccountService",
        "Id": "AccountService",
        "Name": "Account Service",
        "Status": healthy(),
        "ServiceEnabled": True,
        "MinPasswordLength": MIN_PASSWORD,
        "MaxPasswordLength": 64,
        "Accounts": link(ACCOUNTS),
        "Roles": link(ROLES),
    }


def _account(account: Account) -> Body:
    return {
        "@odata.type": "#ManagerAccount.v1_14_1.ManagerAccount",
        "Id": account.number,
        "Name": "User Account",
        "UserName": account.username,
        "Password": None,
        "RoleId": account.role,
        "Enabled": account.enabled,
        "Locked": False,
        "PasswordChangeRequired": account.must_change,
        "AccountTypes": ["Redfish"],
        "Links": {"Role": link(f"{ROLES}/{account.role}")},
    }


def _role(name: str, privileges: tuple[str, ...]) -> Body:
    return {
        "@odata.type": "#Role.v1_3_3.Role",
        "Id": name,
        "Name": "User Role",
        "RoleId": name,
        "IsPredefined": True,
        "AssignedPrivileges": list(privileges),
    }
