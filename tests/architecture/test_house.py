"""What the import contracts cannot see: the clock, the grant, the reasons, the events, the budgets."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
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


def dated_or_drawn(path: str, text: str, nodes: list[ast.AST]) -> Iterator[str]:
    if Path(path).parent.name == "edge" or "site" in Path(path).parts:
        return
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
            if (name, node.func.attr) in CLOCK_AND_CHANCE:
                yield f"{path}, line {node.lineno}: {name}.{node.func.attr}"


def receiving_signals(path: str, text: str, nodes: list[ast.AST]) -> Iterator[str]:
    if "@receiver" in text:
        yield path


def learning_types(path: str, text: str, nodes: list[ast.AST]) -> Iterator[str]:
    """`kernel.json.decode` says why: msgspec that learns a type in two threads at once ends the process."""
    if path.startswith(ONE_THREAD) or "msgspec" not in text:
        return
    for function in (one for one in nodes if isinstance(one, ast.FunctionDef)):
        for said in (ast.unparse(one) for one in ast.walk(function) if isinstance(one, ast.Call)):
            decodes = said.startswith("msgspec.json.decode(") and "type=" in said
            if decodes or said.startswith(("msgspec.convert(", "msgspec.json.Decoder(")):
                yield f"{path}: {said}"


def too_long(path: str, text: str, nodes: list[ast.AST]) -> Iterator[str]:
    if text.count("\n") > 400:
        yield path
    for node in nodes:
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno + 1 > 40:
            yield f"{path}: {node.name}"


Rule = Callable[[str, str, list[ast.AST]], Iterator[str]]
RULES: tuple[Rule, ...] = (dated_or_drawn, receiving_signals, learning_types, too_long)
"""The name of a file, its text, all that is in its tree → what it has that it may not have."""


def broken(path: str, text: str) -> dict[Rule, list[str]]:
    nodes = list(ast.walk(ast.parse(text)))
    return {rule: list(rule(path, text, nodes)) for rule in RULES}


@pytest.fixture(scope="module")
def program() -> list[dict[Rule, list[str]]]:
    """What every file of the program has that it may not have: each is read once, for all the rules."""
    return [broken(named(path), path.read_text(encoding="utf-8")) for path in FILES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_file_of_the_program_breaks_a_rule(rule: Rule, program: list[dict[Rule, list[str]]]) -> None:
    assert len(program) > 1000
    assert [fault for found in program for fault in found[rule]] == []


@pytest.mark.parametrize(
    ("rule", "path", "text", "found"),
    [
        (dated_or_drawn, "record/rules/x.py", "def now():\n    return datetime.now()", "x.py, line 2: datetime.now"),
        (dated_or_drawn, "keys/edge.py", "import os\nos.urandom(4)", "keys/edge.py, line 2: os.urandom"),
        (receiving_signals, "record/x.py", "@receiver(saved)\ndef heard(): ...", "record/x.py"),
        (learning_types, "wire/x.py", "def read(of):\n    msgspec.json.decode(of, type=T)", "decode(of, type=T)"),
        (learning_types, "wire/x.py", "def read(of):\n    msgspec.convert(of, T)", "msgspec.convert(of, T)"),
        (too_long, "wire/x.py", "\n" * 401, "wire/x.py"),
        (too_long, "wire/x.py", "def long():\n" + "    pass\n" * 40, "wire/x.py: long"),
    ],
)
def test_a_file_that_breaks_a_rule_is_named(rule: Rule, path: str, text: str, found: str) -> None:
    assert [one.endswith(found) for one in broken(path, text)[rule]] == [True]


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (dated_or_drawn, "edge/clock.py", "datetime.now()"),
        (dated_or_drawn, "site/x.py", "datetime.now()"),
        (learning_types, "site/commands/x.py", "def read(of):\n    return msgspec.convert(of, T)"),
        (learning_types, "wire/x.py", "READER = msgspec.json.Decoder(T)"),
        (too_long, "wire/x.py", "def long():\n" + "    pass\n" * 39),
    ],
)
def test_what_a_rule_allows_is_no_fault(rule: Rule, path: str, text: str) -> None:
    assert broken(path, text)[rule] == []


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


def test_every_reason_speaks_to_every_reader() -> None:
    assert {code: faults for code, one in REASONS.items() if (faults := faults_of(one))} == {}


def faults_of(reason: Reason) -> list[str]:
    """What a reason says amiss; its name does not say which of its sentences."""
    sentences = (reason.holder, reason.professional, *([reason.fix] if reason.fix else []))
    faults = [one.fr for one in sentences if not one.fr.endswith((".", "…", "»."))]
    faults += [one.en for one in sentences if not one.en.endswith((".", "…"))]
    faults += ["a refusal without a remedy"] if not reason.allows and reason.fix is None else []
    faults += [reason.issue] if reason.issue not in FHIR_ISSUE_TYPES else []
    return faults + ([reason.told_code] if reason.told_code not in REASONS else [])


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
