"""No class shows a secret where it is printed: in a traceback, a log, a failed assertion."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import Field, fields, is_dataclass

import clusterwright.access
import clusterwright.operate
from clusterwright.access.redfish.exchange import Reply, Request

SECRETS = {
    "answer",
    "boot_menu",
    "delivered",
    "headers",
    "keeper",
    "key",
    "logins",
    "menu",
    "password",
    "secrets",
    "vault",
}
"""What fields are called that hold a secret, or what has one in it."""
NAMES_ONLY = {("ControllerState", "password")}
"""A setting that says whose password it is."""


def _fields() -> Iterator[tuple[str, Field[object]]]:
    seen = set()
    for package in (clusterwright.access, clusterwright.operate):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, one in inspect.getmembers(importlib.import_module(module.name)):
                if inspect.isclass(one) and is_dataclass(one) and one not in seen:
                    seen.add(one)
                    yield from ((name, field) for field in fields(one))


def test_no_class_shows_a_secret():
    found = [(name, field) for name, field in _fields() if field.name in SECRETS]
    assert {field.name for _, field in found} == SECRETS, "a name that no field has any more"
    shown = {(name, field.name) for name, field in found if field.repr}
    assert shown - NAMES_ONLY == set()


def test_neither_what_is_asked_nor_what_is_answered_shows_a_login():
    asked = Request(
        method="POST",
        path="/redfish/v1/SessionService/Sessions",
        body={"UserName": "operator", "Password": "a password"},
        headers={"Authorization": "credentials"},
    )
    reply = Reply(request=asked, status=201, headers={"X-Auth-Token": "a token"}, body={})
    said = repr(asked) + repr(reply)
    assert [one for one in ("a password", "credentials", "a token") if one in said] == []
