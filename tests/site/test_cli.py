"""The command line: help everywhere, exit codes, one sentence for what goes wrong."""

import errno
import importlib
import os
import re
from pathlib import Path

import pytest

from espace.site import cli
from espace.site.commands import COMMANDS
from espace.site.commands import reset as reset_command
from espace.site.commands import test as test_command
from espace.site.commands import worker as worker_command
from espace.site.config import Config, Mark, prepare_home, write_mark
from espace.site.postgres import running
from espace.site.source import ROOT
from espace.site.terminal import Failed, Stopped
from espace.site.testbed import KEPT, without_settings


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert f"./espace {command}" in capsys.readouterr().out


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(f"\n  {command} " in told for command in COMMANDS)


@pytest.mark.parametrize("words", [["nonsense"], ["demo", "--nonsense"], ["migrate", "extra"]])
def test_what_is_unknown_is_a_usage_error(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    assert capsys.readouterr().err


def test_no_command_shows_the_help_as_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    assert "commands:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Failed("It cannot be done."), 1, "espace: It cannot be done.\n"),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "espace: The disk is full"),
        (KeyboardInterrupt(), 130, ""),
        (Stopped(), 130, ""),
    ],
)
def test_what_goes_wrong_becomes_a_sentence_and_an_exit_code(
    error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(options: object) -> int:
        raise error

    monkeypatch.setattr(worker_command, "run", fail)
    assert cli.main(["worker"]) == code
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize("command", ["token", "enrol", "seed", "feed"])
def test_the_demonstrations_commands_refuse_a_real_home(
    command: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = {"token": ["hospital"], "enrol": [__file__], "seed": [], "feed": [__file__]}
    monkeypatch.setenv("ESPACE_HOME", str(home))
    assert cli.main([command, *words[command]]) == 1
    told = capsys.readouterr()
    assert "is not a demonstration home" in told.err
    assert told.out == ""
    assert not home.exists()


def test_commands_are_all_there() -> None:
    for command in COMMANDS:
        module = importlib.import_module(f"espace.site.commands.{command}")
        assert callable(module.run)


def test_reset_deletes_a_marked_home(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESPACE_HOME", str(config.home))
    prepare_home(config)
    write_mark(config.home, Mark.DEMONSTRATION)
    assert cli.main(["reset", "--yes"]) == 0
    assert not config.home.exists()
    assert cli.main(["reset", "--yes"]) == 0


def test_reset_asks_first(config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ESPACE_HOME", str(config.home))
    prepare_home(config)
    write_mark(config.home, Mark.DEMONSTRATION)
    monkeypatch.setattr(reset_command, "_agreed", lambda question: False)
    assert cli.main(["reset"]) == 1
    assert config.home.exists()


def test_reset_never_deletes_what_it_did_not_make(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESPACE_HOME", str(home))
    home.mkdir()
    (home / "thesis.txt").write_text("years of work")
    assert cli.main(["reset", "--yes"]) == 1
    assert (home / "thesis.txt").read_text() == "years of work"


def test_reset_refuses_while_it_runs(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESPACE_HOME", str(config.home))
    prepare_home(config)
    write_mark(config.home, Mark.DEMONSTRATION)
    with running(config, hasty=True):
        assert cli.main(["reset", "--yes"]) == 1
    assert config.home.exists()


def test_a_machine_with_browser_node_and_proxies_misses_nothing(tmp_path: Path) -> None:
    for name in ("browser", "node", "nginx", "haproxy"):
        (tmp_path / name).touch(mode=0o755)
    assert test_command.what_is_missing({"ESPACE_CHROMIUM": str(tmp_path / "browser"), "PATH": str(tmp_path)}) == []


def test_what_the_machine_has_not_is_said_with_the_package_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_command, "SYSTEM_PROGRAMS", str(tmp_path))
    nowhere = {"ESPACE_CHROMIUM": str(tmp_path / "none"), "PATH": str(tmp_path)}
    browser, node, nginx, haproxy = test_command.what_is_missing(nowhere)
    assert "apt-get install chromium" in browser
    assert "apt-get install nodejs" in node
    assert "apt-get install nginx-light" in nginx
    assert "apt-get install haproxy" in haproxy


def test_in_ci_a_missing_browser_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("ESPACE_CHROMIUM", str(tmp_path / "none"))
    monkeypatch.setattr(test_command, "stop_on_signals", lambda: None)
    assert cli.main(["test"]) == 1
    assert "Some tests cannot run here" in capsys.readouterr().err
    assert os.environ["CI"] == "true"


def test_what_says_how_to_test_reaches_the_tests_and_nothing_else_does() -> None:
    """A name that a test asks for and that is not let through would be asked for in vain."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")]
    asked = {name for source in sources for name in re.findall(r'environ\.get\("(ESPACE_\w+)"', source)}
    assert asked == KEPT
    assert without_settings(dict.fromkeys((*KEPT, "ESPACE_HOME", "ESPACE_KEYS_URL"), "1")).keys() == KEPT
