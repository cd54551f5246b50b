"""A controller's accounts: one administrator, as the vault knows it."""

from clusterwright.lab.facility.tree import ROOT, Body, Tree, healthy, link

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


def add_accounts(tree: Tree, username: str) -> None:
    """Place AccountService with the one account and the three standard roles."""
    service = f"{ROOT}/AccountService"
    accounts, roles = f"{service}/Accounts", f"{service}/Roles"
    tree.add(
        service,
        {
            "@odata.type": "#AccountService.v1_18_1.AccountService",
            "Id": "AccountService",
            "Name": "Account Service",
            "Status": healthy(),
            "ServiceEnabled": True,
            "MinPasswordLength": 8,
            "Accounts": link(accounts),
            "Roles": link(roles),
        },
    )
    tree.add_collection(accounts, "ManagerAccount", "Accounts")
    tree.add(f"{accounts}/1", _account(username, f"{roles}/Administrator"))
    tree.add_collection(roles, "Role", "Roles")
    for name, privileges in PRIVILEGES.items():
        tree.add(f"{roles}/{name}", _role(name, privileges))


def _account(username: str, role: str) -> Body:
    return {
        "@odata.type": "#ManagerAccount.v1_14_1.ManagerAccount",
        "Id": "1",
        "Name": "User Account",
        "UserName": username,
        "Password": None,
        "RoleId": "Administrator",
        "Enabled": True,
        "Locked": False,
        "PasswordChangeRequired": False,
        "AccountTypes": ["Redfish"],
        "Links": {"Role": link(role)},
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
