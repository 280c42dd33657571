"""What the import contracts cannot see: the clock, the grant, the reasons, the events, the budgets."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import espace
from espace.kernel.reasons import REASONS, Reason
from espace.kernel.words import Grant
from espace.outbox.facts import Event
from espace.site.wiring import AWAITED, REACTIONS

SOURCE = Path(espace.__file__).parent
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)

ONE_THREAD = ("kernel/json.py", "site/backup/", "site/bench/", "site/commands/")
"""Where types are learnt one at a time: by the one reader, and by commands."""

CLOCK_AND_CHANCE = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("timezone", "now"),
    ("uuid", "uuid4"),
    ("uuid", "uuid1"),
    ("os", "urandom"),
    ("secrets", "token_bytes"),
    ("secrets", "token_hex"),
    ("secrets", "token_urlsafe"),
}

# fmt: off
FHIR_ISSUE_TYPES = {
    "invalid", "structure", "required", "value", "invariant", "security", "login", "unknown", "expired",
    "forbidden", "suppressed", "processing", "not-supported", "duplicate", "multiple-matches", "not-found",
    "deleted", "too-long", "code-invalid", "extension", "too-costly", "business-rule", "conflict", "transient",
    "lock-error", "no-store", "exception", "timeout", "incomplete", "throttled", "informational",
}
# fmt: on
"""http://hl7.org/fhir/R4/valueset-issue-type.html"""


def named(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def calls(path: Path) -> Iterator[tuple[str, str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
            yield name, node.func.attr, node.lineno


@pytest.mark.parametrize("path", FILES, ids=named)
def test_the_clock_and_chance_live_at_the_edge(path: Path) -> None:
    if path.parent.name == "edge" or "site" in path.relative_to(SOURCE).parts:
        return
    found = [(owner, name, line) for owner, name, line in calls(path) if (owner, name) in CLOCK_AND_CHANCE]
    assert found == []


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_signal_receivers(path: Path) -> None:
    assert "@receiver" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=named)
def test_types_are_learnt_by_one_thread_at_a_time(path: Path) -> None:
    """`kernel.json.decode` says why: msgspec that learns a type in two threads at once ends the process."""
    if path.relative_to(SOURCE).as_posix().startswith(ONE_THREAD):
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    said = [ast.unparse(one) for function in functions for one in ast.walk(function) if isinstance(one, ast.Call)]
    assert not [one for one in said if one.startswith("msgspec.json.decode(") and "type=" in one]
    assert not [one for one in said if one.startswith(("msgspec.convert(", "msgspec.json.Decoder("))]


@pytest.mark.parametrize("path", FILES, ids=named)
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    long = [
        (node.name, node.end_lineno - node.lineno + 1)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno + 1 > 40
    ]
    assert long == []


LOOK_UPS = {"look_in_vain", "patient_of_entry"}
"""What leads to the gate, and so comes before it: whose record an id is about, and nothing else."""
FIGURES = {"about_nobody", "count_waiting"}
"""Counts over everybody, and who asked about nobody, for the operator."""
PUBLISHED = {"checkpoint", "entries", "hashes"}
"""What everybody may read of the access log: hashes, about nobody."""


@pytest.mark.parametrize("room", ["record", "trace"])
def test_every_reader_of_patient_data_takes_the_grant_first(room: str) -> None:
    queries = importlib.import_module(f"espace.{room}.queries")
    readers = [
        function
        for name, function in inspect.getmembers(queries, inspect.isfunction)
        if function.__module__.startswith(queries.__name__) and not name.startswith("_")
    ]
    assert readers
    named = [f for f in readers if f.__name__ not in LOOK_UPS | FIGURES | PUBLISHED]
    first = {f.__name__: next(iter(inspect.signature(f).parameters.values())).annotation for f in named}
    assert {name for name, annotation in first.items() if annotation is not Grant} == set()


READ_WITHOUT_OPENING = {
    "clinical/queries/waiting.py": "which documents wait for their facts: ids, before their record is opened",
    "record/actions/forgetting.py": "a job of the worker, which opens no record and leaves no line",
    "record/actions/holding.py": "whether a document is held still, before its record is opened to show it",
    "record/actions/submit.py": "whether a set is the sender’s own: what is in its way is opened when that refuses",
    "record/queries/contents.py": "jobs of the operator, which open no record and leave no line",
    "record/queries/filing.py": "the ids that a set brought, opened by `kept`",
    "record/queries/owning.py": "how many documents the holder added, and their bytes: none is opened",
    "record/queries/rows.py": "the one reader",
}


def test_documents_are_read_by_rows_which_ask_what_a_refusal_would_tell_of() -> None:
    """The line of a refusal is hidden as what it tells of: a new reader that does not say what that is must fail."""
    rows = importlib.import_module("espace.record.queries.rows")
    for reader in (rows.rows, rows.documents_of):
        about = inspect.signature(reader).parameters["about"]
        assert (about.kind, about.default) == (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.empty)
    assert [named(path) for path in FILES if "hidden_if_refused" in path.read_text(encoding="utf-8")] == [
        "access/gate.py",
        "kernel/words.py",
        "record/queries/filing.py",
        "record/queries/rows.py",
    ]
    read = {named(path) for path in FILES if "FROM record_entry" in path.read_text(encoding="utf-8")}
    assert {path for path in read if not path.startswith("site/")} == set(READ_WITHOUT_OPENING)


@pytest.mark.parametrize("reason", REASONS.values(), ids=lambda reason: reason.code)
def test_every_reason_speaks_to_every_reader(reason: Reason) -> None:
    for sentence in (reason.holder, reason.professional, *([reason.fix] if reason.fix else [])):
        assert sentence.fr.endswith((".", "…", "»."))
        assert sentence.en.endswith((".", "…"))
    assert reason.allows or reason.fix is not None
    assert reason.issue in FHIR_ISSUE_TYPES
    assert reason.told_code in REASONS


def test_reason_codes_are_not_reused() -> None:
    assert len({reason.code for reason in REASONS.values()}) == len(REASONS)


def test_every_event_has_its_line_in_the_wiring() -> None:
    announced = {
        event
        for module in pkgutil.walk_packages([str(SOURCE)], "espace.")
        if module.name.endswith(".events")
        for event in vars(importlib.import_module(module.name)).values()
        if isinstance(event, type) and issubclass(event, Event) and event is not Event
    }
    assert announced == {*REACTIONS, *AWAITED}
    assert AWAITED.isdisjoint(REACTIONS)


def test_a_grant_is_only_made_by_the_gate() -> None:
    makers = [named(path) for path in FILES if "SEAL" in path.read_text(encoding="utf-8")]
    assert makers == ["access/gate.py", "kernel/seal.py", "kernel/words.py"]
