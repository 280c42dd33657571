"""The logs: one JSON object a line, no text of an exception, files shared by several processes."""

import json
import logging
import multiprocessing
import sys
from pathlib import Path

import pytest

from espace.site.config import load
from espace.site.logs import JsonFormatter, QuickRotatingFileHandler, SharedRotatingFileHandler, logging_settings


def test_a_line_is_json_with_its_extra_fields() -> None:
    record = logging.makeLogRecord(
        {"name": "espace.security", "levelname": "WARNING", "msg": "refused %s", "args": ("token",), "door": "fhir"}
    )
    line = json.loads(JsonFormatter().format(record))
    assert line.pop("at").endswith("+00:00")
    assert line == {"level": "warning", "logger": "espace.security", "message": "refused token", "door": "fhir"}


def test_the_words_of_an_exception_are_never_written() -> None:
    """They may quote what was sent, or a row of the database."""
    try:
        raise ValueError("planted-secret")
    except ValueError:
        record = logging.makeLogRecord({"msg": "it broke", "exc_info": sys.exc_info()})
    text = JsonFormatter().format(record)
    assert "planted-secret" not in text
    assert json.loads(text)["exception"] == "ValueError"
    assert json.loads(text)["raised"][0].startswith("test_logs.py:")


class Quick(QuickRotatingFileHandler):
    LINES = 3


def _write(path: Path, word: str, kind: type[SharedRotatingFileHandler]) -> None:
    handler = kind(path, 500, 50)
    for number in range(100):
        handler.emit(logging.makeLogRecord({"msg": f"{word} {number:03}"}))
    handler.close()


@pytest.mark.parametrize(("kind", "largest"), [(SharedRotatingFileHandler, 500), (Quick, 750)])
def test_two_processes_turn_one_file_without_losing_a_line(
    kind: type[SharedRotatingFileHandler], largest: int, tmp_path: Path
) -> None:
    path = tmp_path / "security.log"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(path, word, kind)) for word in ("one", "two")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    files = list(tmp_path.glob("security.log*"))
    lines = sorted(line for file in files for line in file.read_text().splitlines())
    assert lines == sorted(f"{word} {number:03}" for word in ("one", "two") for number in range(100))
    assert len(files) > 1
    assert all(file.stat().st_size <= largest for file in files)


def test_without_a_home_everything_goes_to_standard_error(home: Path) -> None:
    settings = logging_settings(load({"ESPACE_HOME": str(home)}))
    assert settings["root"]["handlers"] == ["stderr"]
    assert settings["loggers"]["espace.security"]["handlers"] == ["stderr"]


def test_an_address_is_never_written() -> None:
    """Django's own warnings quote it, and an activation link is a secret."""
    record = logging.LogRecord("django.request", 30, "x.py", 1, "%s: %s", ("Not Found", "/activation/s3cret/"), None)
    record.status_code = 404
    line = json.loads(JsonFormatter().format(record))
    assert (line["message"], line["status_code"]) == ("a page refused or failed", 404)
    assert "s3cret" not in json.dumps(line)


def test_a_file_that_cannot_be_written_says_nothing_that_an_exception_quotes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = SharedRotatingFileHandler(tmp_path / "absent" / "espace.log", 500, 5)
    try:
        raise ValueError("planted-secret")
    except ValueError:
        handler.handle(logging.makeLogRecord({"msg": "it broke", "exc_info": sys.exc_info()}))
    assert capsys.readouterr().err == ""
