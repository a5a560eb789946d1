"""Who may write which news is what the code has to tell: found by following each page and errand to what it records."""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

import pytest

from app.kernel.access import Audience
from app.kernel.events import Event, record
from migrations.isolation import SYSTEM
from migrations.versions.v0004_post import NEWS, NEWS_ACROSS
from tests.architecture.routes import audience_apps
from workers.subscriptions import HANDLERS

OURS = ("app.", "workers.")
Told = set[tuple[str, bool]]  # the kind, and whether it is addressed (to the other end of a share)


@pytest.mark.parametrize("role", list(NEWS))
def test_an_audience_may_post_exactly_what_its_pages_tell(role: str) -> None:
    told = _told_by(role)
    kinds, addressed = {kind for kind, _ in told}, {kind for kind, is_addressed in told if is_addressed}
    allowed = {*NEWS[role], *NEWS_ACROSS[role]}
    assert not kinds - allowed, f"Say in NEWS or NEWS_ACROSS of v0004 that {role} may post {kinds - allowed}"
    assert not allowed - kinds, f"Nothing that {role} reaches tells {allowed - kinds}: take it out of v0004"
    assert set(NEWS_ACROSS[role]) == addressed
    assert kinds <= set(Event.kinds)


def test_pages_are_followed_to_what_they_record() -> None:
    """Else the sentence above would be true of nothing."""
    assert ("DecisionIssued", True) in _told_by("send_locality")
    assert ("PlanShared", False) in _told_by("send_school")


def _told_by(role: str) -> Told:
    if role == SYSTEM:
        return _follow(list(HANDLERS.values()))
    app = audience_apps()[Audience(role.removeprefix("send_"))]
    return _follow([inspect.unwrap(view) for view in app.view_functions.values()])


def _follow(waiting: list[Callable[..., Any]]) -> Told:
    seen: set[Any] = set()
    told: Told = set()
    while waiting:
        deed = waiting.pop()
        if deed in seen or not getattr(deed, "__module__", "").startswith(OURS):
            continue
        seen.add(deed)
        tree = _tree(deed)
        told |= set(_recorded(tree))
        waiting += _mentioned(tree, importlib.import_module(deed.__module__))
    return told


@cache
def _tree(deed: Callable[..., Any]) -> ast.AST:
    lines = inspect.getsource(deed)
    return ast.parse(inspect.cleandoc("if True:\n" + lines) if lines[0] == " " else lines)


def _recorded(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id == record.__name__:
            # Either made on the spot, or made before and held by a name: then whatever was made in this function.
            made = set(_events(call.args[0])) or set(_events(tree))
            addressed = any(keyword.arg == "to" for keyword in call.keywords)
            yield from ((kind, addressed) for kind in made)


def _events(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in Event.kinds:
            yield node.func.id


def _mentioned(tree: ast.AST, module: ModuleType) -> list[Callable[..., Any]]:
    """Functions named here: of this module, imported by name, or of an imported module. A parameter is none of them."""
    found = []
    own = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in own:
            found.append(getattr(module, node.id, None))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = getattr(module, node.value.id, None)
            found.append(getattr(owner, node.attr, None) if type(owner) is ModuleType else None)
    return [deed for deed in found if type(deed) is FunctionType]
