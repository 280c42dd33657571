"""Mutation testing, without a run of it (`./espace check --mutants`): what its page explains exists in the code, and
what it does not explain fails."""

import ast
from pathlib import Path

import pytest

from espace.site import mutants
from espace.site.mutants import ENDLESS, KILLED, SURVIVED, TARGETS, UNJUDGED, UNTESTED, Mutant
from espace.site.source import ROOT
from espace.site.terminal import Failed

KNOWN = sorted(mutants.explained(mutants.PAGE.read_text(encoding="utf-8")))
NAME = "espace.trace.rules.merkle.x_included__mutmut_3"
ONE = Mutant("src/espace/trace/rules/merkle.py", "included", ("if last == 0:",), ("if last == 1:",))


def lines_of(file: str, function: str) -> list[str]:
    """The lines of a function, or of a method « Class.method », without their margins."""
    text = (ROOT / file).read_text(encoding="utf-8")
    body: list[ast.stmt] = ast.parse(text).body
    for name in function.split("."):
        node = next(one for one in body if getattr(one, "name", None) == name)
        assert isinstance(node, ast.FunctionDef | ast.ClassDef)
        body = node.body
    return [line.strip() for line in text.splitlines()[node.lineno - 1 : node.end_lineno]]


def test_what_the_page_explains_is_in_the_code() -> None:
    assert KNOWN
    for one in KNOWN:
        there = lines_of(one.file, one.function)
        assert one.was and [line for line in one.was if line not in there] == [], one
        assert one.was != one.becomes, one


def test_what_is_mutated_and_the_tests_that_are_to_notice_exist() -> None:
    for target in TARGETS.values():
        for pattern in (*target.files, *target.tests):
            assert list(ROOT.glob(pattern)), pattern
    patterns = [pattern for target in TARGETS.values() for pattern in target.files]
    assert {one.file for one in KNOWN} <= {str(path.relative_to(ROOT)) for one in patterns for path in ROOT.glob(one)}


@pytest.mark.parametrize(
    ("name", "place"),
    [
        (NAME, ("src/espace/trace/rules/merkle.py", "included")),
        ("espace.site.verify_trace.xǁLogǁtile__mutmut_12", ("src/espace/site/verify_trace.py", "Log.tile")),
        ("espace.access.rules.deciding.x__care__mutmut_1", ("src/espace/access/rules/deciding.py", "_care")),
    ],
)
def test_a_mutant_says_where_it_is(name: str, place: tuple[str, str]) -> None:
    assert mutants.place_of(name) == place


def test_a_diff_is_read_change_by_change() -> None:
    diff = "--- a\n+++ a\n@@ -1 +1 @@\n def f():\n-    a\n+    b\n     c\n-    d\n-    e\n+    g\n"
    assert mutants.differences(diff) == [(("a",), ("b",)), (("d", "e"), ("g",))]
    assert mutants.differences("+    b\n") == [((), ("b",))]


PAGE = f"""# Title

## `{ONE.file}`

### `included`

Because.

```diff
-if last == 0:
+if last == 1:
```
"""


def test_the_page_is_read_as_the_command_writes_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutants.explained(PAGE) == {ONE}
    assert mutants.told({NAME: SURVIVED}, {NAME: ONE}, frozenset()) == 1
    assert mutants.explained(capsys.readouterr().out) == {ONE}


@pytest.mark.parametrize(
    ("verdict", "known", "code"),
    [
        (KILLED, [], 0),
        (ENDLESS, [], 0),
        (SURVIVED, [], 1),
        (SURVIVED, [ONE], 0),
        (SURVIVED, [ONE._replace(function="consistent")], 1),
        (UNTESTED, [], 1),
        (UNJUDGED, [ONE], 1),
    ],
)
def test_what_is_neither_killed_nor_explained_fails(verdict: str, known: list[Mutant], code: int) -> None:
    left = {NAME: ONE} if verdict in (SURVIVED, UNTESTED) else {}
    assert mutants.told({NAME: verdict}, left, frozenset(known)) == code


def test_a_run_that_found_nothing_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutants.told({}, {}, frozenset()) == 1
    assert "together" in capsys.readouterr().out


def test_the_table_counts_by_file(capsys: pytest.CaptureFixture[str]) -> None:
    mutants.told({NAME: KILLED, NAME + "4": ENDLESS, "espace.a.x_f__mutmut_1": KILLED}, {}, frozenset())
    said = [line.split() for line in capsys.readouterr().out.splitlines() if line]
    assert said[1:4] == [
        ["src/espace/trace/rules/merkle.py", "2", "1", "1", "0", "0", "0"],
        ["src/espace/a.py", "1", "1", "0", "0", "0", "0"],
        ["together", "3", "2", "1", "0", "0", "0"],
    ]


def test_a_target_is_one_of_three_or_a_file_of_theirs() -> None:
    file = "src/espace/access/rules/deciding.py"
    assert mutants.target_of("access") == TARGETS["access"]
    assert mutants.target_of(file) == mutants.Target((file,), TARGETS["access"].tests)


@pytest.mark.parametrize("name", ["moon", "src/espace/access/rules/moon.py", "src/espace/access/facts.py", ""])
def test_a_target_that_is_none_is_said(name: str) -> None:
    with pytest.raises(Failed) as caught:
        mutants.run_mutants([name], minutes=1, processes=1)
    assert str(caught.value) == (
        f"Nothing is called {name}: there are merkle, verifier, access, and the files that they mutate."
    )


def test_the_tests_run_in_a_copy_that_knows_no_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "ROOT", tmp_path / "checkout")
    for name in ("src/espace/a.py", "tests/conftest.py", "tests/mutants_conftest.py", "src/__pycache__/a.pyc"):
        path = tmp_path / "checkout" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    mutants.copy_checkout(tmp_path / "copy", list(TARGETS.values()))
    copied = tmp_path / "copy"
    assert (copied / "tests" / "conftest.py").read_text() == "tests/mutants_conftest.py"
    assert (copied / "src" / "espace" / "a.py").exists() and not (copied / "src" / "__pycache__").exists()
    assert '"src/espace/site/verify_trace.py"' in (copied / "pyproject.toml").read_text()
    assert mutants._environment(copied)["ESPACE_HOME"] == str(copied / "home")
    assert "PYTHONPATH" not in mutants._environment(copied)
