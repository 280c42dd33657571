"""The clients given to others: of their own, small, and with the clock and chance in one module."""

import ast
import sys
import tomllib
from pathlib import Path

import pytest

CLIENTS = Path(__file__).parents[2] / "clients"
FILES = sorted(CLIENTS.rglob("src/**/*.py"))
ORDER = (
    "__main__",
    "command",
    "config page",
    "feeder",
    "folder store preparing",
    "cda header credentials",
    "sidecar net",
    "verdicts",
    "facts edge",
)
"""espace_feed, from above to below: a module imports those of the lines below its own, and of its own line none."""
PURE = ("facts", "sidecar", "header", "cda", "verdicts")
EDGE = {"time", "random", "secrets"}
OUTSIDE = EDGE | {"os", "socket", "ssl", "subprocess", "pathlib", "sqlite3", "http", "espace_feed.edge"}


def named(path: Path) -> str:
    return path.relative_to(CLIENTS).as_posix()


def imported(path: Path) -> set[str]:
    """Every module named, `from a import b` as a and as a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_client_needs_what_its_own_project_declares_and_nothing_of_ours(path: Path) -> None:
    project = tomllib.loads((path.parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {one.partition(">")[0] for one in project["dependencies"]} | {path.parent.name}
    assert {one.partition(".")[0] for one in imported(path)} - declared <= set(sys.stdlib_module_names)
    assert "espace" not in declared


@pytest.mark.parametrize("path", FILES, ids=named)
def test_files_and_functions_of_a_client_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    assert [one.name for one in functions if one.end_lineno and one.end_lineno - one.lineno >= 40] == []


@pytest.mark.parametrize("path", FILES, ids=named)
def test_the_clock_and_chance_of_a_client_live_at_its_edge(path: Path) -> None:
    called = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
    if path.stem != "edge":
        assert imported(path) & EDGE == set()
        assert called & {"utcnow", "today", "urandom", "uuid1", "uuid4"} == set()


def test_modules_of_a_client_import_downwards() -> None:
    lines = [line.split() for line in ORDER]
    depth = {name: rank for rank, line in enumerate(lines) for name in line}
    files = {path.stem: path for path in FILES if path.stem != "__init__"}
    assert set(files) == set(depth)
    known = {f"espace_feed.{name}" for name in files}
    inner = {name: [one for one in imported(path) if one.count(".") and one in known] for name, path in files.items()}
    upwards = [(name, one) for name in files for one in inner[name] if depth[one.split(".")[1]] <= depth[name]]
    assert upwards == []


@pytest.mark.parametrize("name", PURE)
def test_what_decides_touches_nothing(name: str) -> None:
    [path] = [one for one in FILES if one.stem == name]
    found = {word for one in imported(path) for word in (one, one.partition(".")[0])}
    assert found & OUTSIDE == set()
