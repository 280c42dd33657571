"""Mutation testing: one small fault at a time is put in the rules, in a copy, to see that a test meets it.

mutmut (docs/dependencies.md) makes the faults and runs the tests. Here: what it is run on, with which tests, for how
long; and the comparison with docs/reference/mutants.md, where each fault that no test can meet is explained.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path, PurePath
from typing import NamedTuple

from espace.site.source import ROOT
from espace.site.terminal import Failed, say, stop_on_signals
from espace.site.testbed import without_settings

PAGE = ROOT / "docs" / "reference" / "mutants.md"
LONGEST = 90
"""Minutes after which a run gives up."""
PROGRESS = 30
"""Seconds between two lines of progress."""


class Target(NamedTuple):
    """What is mutated (patterns of files) and which tests are to notice."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


TARGETS: Mapping[str, Target] = {
    "merkle": Target(
        ("src/espace/trace/rules/*.py",),
        tuple(f"tests/trace/test_{one}.py" for one in ("merkle", "tiles", "canonical", "chains")),
    ),
    "verifier": Target(
        ("src/espace/site/verify_trace.py",),
        tuple(f"tests/trace/test_verifier{one}.py" for one in ("", "_signed", "_published")),
    ),
    "access": Target(("src/espace/access/rules/*.py",), ("tests/access",)),
}

CONFIGURATION = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = {files}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
timeout_multiplier = 2.0
timeout_constant = 30.0
use_setproctitle = false
use_git_change_detection = false
track_dependencies = false

[tool.pytest.ini_options]
DJANGO_SETTINGS_MODULE = "espace.site.settings"
pythonpath = ["src", "tests"]
addopts = "--import-mode=importlib"
"""
SHOW = "import sys; from mutmut.__main__ import show; [show.callback(name) for name in sys.argv[1:]]"

KILLED, SURVIVED, ENDLESS, UNTESTED, UNJUDGED = "killed", "survived", "endless", "untested", "not judged"
_VERDICTS: Mapping[int | None, str] = {
    **dict.fromkeys((1, 3), KILLED),
    0: SURVIVED,
    **dict.fromkeys((36, -24, 24, 152, 255, -9), ENDLESS),
    **dict.fromkeys((5, 33), UNTESTED),
}
"""What the exit code of the tests says of a mutant. One that runs without end is noticed too."""

Lines = tuple[str, ...]


class Mutant(NamedTuple):
    """A fault as a difference of lines, without their margins: it has the same name whatever comes around it."""

    file: str
    function: str
    was: Lines
    becomes: Lines


def run_mutants(names: Sequence[str], *, minutes: float, processes: int) -> int:
    """Mutates these targets (all); 0 when every mutant is killed or explained, else 1."""
    stop_on_signals()
    targets = [target_of(name) for name in names or TARGETS]
    with tempfile.TemporaryDirectory(prefix="espace-mutants-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        copy_checkout(folder, targets)
        ended = _mutate(folder, minutes=minutes, processes=processes)
        verdicts = dict(_verdicts(folder))
        left = [one for one, verdict in verdicts.items() if verdict in (SURVIVED, UNTESTED)]
        survivors = _shown(folder, left) if left else {}
    code = told(verdicts, survivors, explained(PAGE.read_text(encoding="utf-8")))
    if not ended:
        say(f"The {minutes:g} minutes were up before the end.")
    return code if ended else 1


def target_of(name: str) -> Target:
    """A target by its name, or one file of it by its path."""
    if name in TARGETS:
        return TARGETS[name]
    for target in TARGETS.values():
        if any(PurePath(name).match(pattern) for pattern in target.files) and (ROOT / name).is_file():
            return Target((name,), target.tests)
    raise Failed(f"Nothing is called {name}: there are {', '.join(TARGETS)}, and the files that they mutate.")


def copy_checkout(folder: Path, targets: Sequence[Target]) -> None:
    """What the tests need of the checkout, which itself is never touched."""
    unread = shutil.ignore_patterns("__pycache__", "node_modules")
    for name in ("src", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=unread, copy_function=_copy)
    shutil.copy(ROOT / "tests" / "mutants_conftest.py", folder / "tests" / "conftest.py")
    said = CONFIGURATION.format(
        files=json.dumps([one for target in targets for one in target.files]),
        tests=json.dumps([*dict.fromkeys(one for target in targets for one in target.tests)]),
    )
    (folder / "pyproject.toml").write_text(said, encoding="utf-8")


def _copy(source: str, target: str) -> None:
    """A file that went while others were copied (an editor's) is not missed."""
    with suppress(FileNotFoundError):
        shutil.copy2(source, target)


def _mutate(folder: Path, *, minutes: float, processes: int) -> bool:
    """Runs mutmut in the copy; False where the time was up before its end."""
    words = ("-c", "from mutmut.__main__ import cli; cli()", "run", "--max-children", str(processes))
    limit = time.monotonic() + minutes * 60
    with (folder / "said.txt").open("wb") as said:
        running = subprocess.Popen(  # noqa: S603  ours
            (sys.executable, *words), cwd=folder, env=_environment(folder), stdout=said, stderr=said,
            start_new_session=True,
        )  # fmt: skip
        try:
            while running.poll() is None and time.monotonic() < limit:
                _wait(running)
                judged = Counter(verdict for _, verdict in _verdicts(folder))
                say(f"{judged.total() - judged[UNJUDGED]} of {judged.total()} mutants judged.")
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()
    if running.returncode > 0:
        raise Failed((folder / "said.txt").read_text(errors="replace")[-4000:])
    return running.returncode == 0


def _wait(running: "subprocess.Popen[bytes]") -> None:
    try:
        running.wait(PROGRESS)
    except subprocess.TimeoutExpired:
        return


def _environment(folder: Path) -> dict[str, str]:
    """No installation, and no sources but those of the copy."""
    kept = {name: value for name, value in without_settings(os.environ).items() if name != "PYTHONPATH"}
    return kept | {"ESPACE_HOME": str(folder / "home")}


def _verdicts(folder: Path) -> Iterator[tuple[str, str]]:
    """(name, verdict) of each mutant, as mutmut notes them."""
    for path in sorted((folder / "mutants").rglob("*.meta")):
        try:
            codes = json.loads(path.read_bytes())["exit_code_by_key"]
        except (OSError, ValueError):
            continue  # being written at this instant
        yield from ((name, _VERDICTS.get(code, UNJUDGED)) for name, code in codes.items())


def _shown(folder: Path, names: Sequence[str]) -> dict[str, Mutant]:
    """What these mutants change."""
    command = (sys.executable, "-c", SHOW, *names)
    shown = subprocess.run(  # noqa: S603  ours
        command, cwd=folder, env=_environment(folder), capture_output=True, text=True, check=False
    )
    if shown.returncode:
        raise Failed(shown.stderr[-4000:])
    parts = re.split(r"^# (\S+): .*$", shown.stdout, flags=re.MULTILINE)[1:]
    found = {name: (*place_of(name), differences(diff)) for name, diff in zip(parts[::2], parts[1::2], strict=True)}
    return {name: Mutant(file, function, *diff[0]) for name, (file, function, diff) in found.items()}


def place_of(name: str) -> tuple[str, str]:
    """The file and the function of a mutant: « espace.a.b.x_f__mutmut_1 », or « …xǁClassǁmethod__mutmut_1 »."""
    module, _, mangled = name.partition("__mutmut_")[0].rpartition(".")
    function = mangled[2:].replace("ǁ", ".")
    return f"src/{module.replace('.', '/')}.py", function


def differences(diff: str) -> list[tuple[Lines, Lines]]:
    """What the lines of a diff take away and put there, change by change."""
    kept = [line for line in diff.splitlines() if line[:1] in "+-" and line and not line.startswith(("---", "+++"))]
    changes: list[tuple[list[str], list[str]]] = []
    for line in kept:
        if not changes or (line[0] == "-" and changes[-1][1]):
            changes.append(([], []))
        changes[-1][line[0] == "+"].append(line[1:].strip())
    return [(tuple(was), tuple(becomes)) for was, becomes in changes]


_PART = re.compile(r"^## `(?P<file>[^`]+)`$|^### `(?P<function>[^`]+)`$|^```diff\n(?P<diff>.*?)^```$", re.M | re.S)


def explained(page: str) -> frozenset[Mutant]:
    """The survivors that the page explains: under a heading with the file, one with the function, as a diff."""
    found, file, function = set(), "", ""
    for part in _PART.finditer(page):
        file, function = part["file"] or file, part["function"] or function
        found |= {Mutant(file, function, *change) for change in differences(part["diff"] or "")}
    return frozenset(found)


def told(verdicts: Mapping[str, str], survivors: Mapping[str, Mutant], known: frozenset[Mutant]) -> int:
    """Prints what came of each file, then what is not explained."""
    columns = (KILLED, ENDLESS, SURVIVED, UNTESTED, UNJUDGED)
    by_file: dict[str, Counter[str]] = {}
    for name, verdict in verdicts.items():
        by_file.setdefault(place_of(name)[0], Counter())[verdict] += 1
    by_file["together"] = sum(by_file.values(), Counter())
    width = max(map(len, by_file)) + 2
    print("".ljust(width) + "".join(one.rjust(12) for one in ("mutants", *columns)))
    for file, counted in by_file.items():
        figures = (counted.total(), *(counted[one] for one in columns))
        print(file.ljust(width) + "".join(str(one).rjust(12) for one in figures))
    open_ones = sorted(set(survivors.values()) - known)
    for (file, function), group in groupby(open_ones, key=lambda one: one[:2]):
        print(f"\n## `{file}`\n\n### `{function}`")
        for one in group:
            print(f"\n```diff\n{_diff(one)}\n```")
    unjudged = by_file["together"][UNJUDGED]
    print(f"\n{len(survivors)} survived, of which {len(set(survivors.values()) & known)} are explained in {PAGE.name}.")
    return 1 if open_ones or unjudged or not verdicts else 0


def _diff(one: Mutant) -> str:
    lines: Iterable[str] = (*(f"-{line}" for line in one.was), *(f"+{line}" for line in one.becomes))
    return "\n".join(lines)
