"""`./espace bench` measures real processes, writes what it says it writes, and leaves nothing; never how fast it is."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from espace.site import cli
from espace.site.bench.facts import What
from espace.site.bench.proc import family
from espace.site.source import ROOT, tool_environment
from espace.site.terminal import Stopped
from figures import assert_measured
from running import migrated

TINY = ("--spaces", "2", "--documents", "2", "--clients", "1", "--seconds", "0.5")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for temporary files that the database's account can cross."""
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def environment_in(folder: Path) -> dict[str, str]:
    return {**tool_environment(), "TMPDIR": str(folder), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"}


def bench(folder: Path, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-P", ROOT / "tests" / "begun.py", migrated(), "bench", *words],
        env=environment_in(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.slow
def test_everything_is_measured(folder: Path, tmp_path: Path) -> None:
    """One throw-away installation for all of them: people of its own for each. The search is measured by the command
    itself, as a page says (tests/docs/test_measuring.py); of the three by SOAP, the deposit stands for all."""
    left_out = (What.SEARCH, What.ITI18, What.ITI43)
    found, asked = tmp_path / "figures.json", [what for what in What if what not in left_out]
    words = [sys.executable, "-P", Path(__file__).with_name("measuring.py"), found, migrated(), *asked]
    done = subprocess.run(words, env=environment_in(folder), capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(folder.iterdir()) == []
    measured = [json.loads(text) for text in found.read_text().splitlines()]
    assert len(measured) == len(asked)
    for what, one in zip(asked, measured, strict=True):
        assert_measured(what, one)
    [large] = json.loads(found.with_suffix(".large").read_text())
    assert (large["way"], large["document"], large["most"]) == ("ITI-41 in parts (MTOM)", 24, 36)
    assert 24 < large["extra"] < large["most"]


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    except OSError:
        return ""


@pytest.mark.slow
def test_an_interrupted_run_leaves_nothing(folder: Path) -> None:
    running = bench(folder, "search", *TINY[:-1], "60")
    while not any("espace.site.bench.load" in command(pid) for pid in family(running.pid)):
        assert running.poll() is None
        time.sleep(0.25)  # each look reads all of /proc, and takes from the run the time that it needs
    assert list(folder.iterdir())
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=120)
    assert running.returncode == 130
    assert list(folder.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)


@pytest.mark.parametrize(
    "words",
    [
        ["everything"],
        ["search", "--clients", "0"],
        ["search", "--clients", "1,,2"],
        ["search", "--seconds", "-1"],
        ["search", "--seconds", "soon"],
        ["search", "--spaces", "-3"],
    ],
)
def test_what_cannot_be_measured_is_a_usage_error(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["bench", *words])
    assert ended.value.code == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["read", "--documents", "0"], "Nothing to read: --documents must be 1 or more."),
        (["large", "--mebibytes", "0"], "--mebibytes must be from 1 to 1000."),
        (["screen", "--spaces", "0"], "Nobody to ask for: --spaces must be 1 or more."),
    ],
)
def test_nothing_to_ask_for_is_refused(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", *words]) == 1
    assert capsys.readouterr().err == f"espace: {sentence}\n"


@pytest.mark.parametrize(
    ("stopped", "sentence"),
    [
        (Stopped, "Stopped before the end by SIGTERM or SIGHUP (a time limit, a closed terminal): nothing is left."),
        (KeyboardInterrupt, "Interrupted before the end: nothing is left."),
    ],
)
def test_a_run_that_is_stopped_says_so(
    stopped: type[BaseException],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def house() -> None:
        raise stopped

    monkeypatch.setattr("espace.site.bench.house.throwaway_house", house)
    monkeypatch.setattr("espace.site.commands.bench.stop_on_signals", lambda: None)
    assert cli.main(["bench", "screen"]) == 130
    assert capsys.readouterr().err.splitlines()[-1] == f"espace: {sentence}"
