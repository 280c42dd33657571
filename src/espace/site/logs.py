"""One JSON object a line, on standard error and in the home; never patient data."""

import fcntl
import json
import logging
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from espace.edge import present_request
from espace.site.config import MEBIBYTE, Config

_SAY_ADDRESSES = ("django.request", "django.security", "django.server")
"""Loggers whose messages quote the address asked for, which may be the secret of an activation link."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "taskName"}


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message, the fields given as `extra`, the request under way, and the kind of an exception.

    The text of an exception may hold what was sent, and a database error holds row values: outside a
    demonstration only its class and the places of the code that raised it are written.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": "a page refused or failed"
            if str(record.name).startswith(_SAY_ADDRESSES)
            else record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if request := present_request():
            line.setdefault("request_id", request)
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["raised"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _places(traceback: Any) -> list[str]:
    places = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return places[-12:]


class SharedRotatingFileHandler(RotatingFileHandler):
    """A rotating file that several processes write: one lock, and reopened when another process turned it."""

    def __init__(self, path: Path, most_bytes: int, kept: int) -> None:
        super().__init__(path, maxBytes=most_bytes, backupCount=kept, encoding="utf-8", delay=True)
        self._lock_path = path.with_suffix(".lock")

    def emit(self, record: logging.LogRecord) -> None:
        try:
            with self._lock_path.open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._reopen_if_turned()
                super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """A disk that is full: the line is on standard error already. Python's own report would quote exceptions."""

    def _reopen_if_turned(self) -> None:
        if self.stream is None:
            return
        path = Path(self.baseFilename)
        if not path.exists() or not path.samefile(f"/proc/self/fd/{self.stream.fileno()}"):
            self.stream.close()
            self.stream = self._open()


class QuickRotatingFileHandler(SharedRotatingFileHandler):
    """For a log of many lines: a line is one write at the end of the file, which the system keeps whole among those of
    other processes. Only one line of many takes the lock, follows the file that another process turned, and turns it.
    """

    LINES = 256
    """Until it looks again: meanwhile the lines go on in a file that was turned, which is kept."""

    def __init__(self, path: Path, most_bytes: int, kept: int) -> None:
        super().__init__(path, most_bytes, kept)
        self._quick = 0

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream is None or not self._quick:
            self._quick = self.LINES
            super().emit(record)
        else:
            self._quick -= 1
            logging.StreamHandler.emit(self, record)


def logging_settings(config: Config) -> dict[str, Any]:
    """Django's LOGGING; files only once the home is prepared, since importing settings writes nothing."""
    folder = config.home / "logs"
    filed = folder.is_dir()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
            **(_files(folder) if filed else {}),
        },
        "root": {"level": "INFO", "handlers": ["stderr", "file"] if filed else ["stderr"]},
        "loggers": {
            "espace.security": {
                "level": "INFO",
                "propagate": False,
                "handlers": ["security"] if filed else ["stderr"],
            },
            "espace.requests": {
                "level": "INFO" if config.request_log else "WARNING",
                "propagate": False,
                "handlers": ["requests"] if filed else ["stderr"],
            },
            "django.server": {"propagate": True, "handlers": []},
            # At INFO it writes the name of every passkey that is used.
            "fido2": {"level": "WARNING"},
        },
    }


def _files(folder: Path) -> dict[str, Any]:
    return {
        "file": _file(folder / "espace.log", SharedRotatingFileHandler),
        "security": _file(folder / "security.log", SharedRotatingFileHandler),
        "requests": _file(folder / "requests.log", QuickRotatingFileHandler),
    }


def _file(path: Path, kind: type[SharedRotatingFileHandler]) -> dict[str, Any]:
    return {
        "()": kind,
        "path": path,
        "most_bytes": 10 * MEBIBYTE,
        "kept": 5,
        "formatter": "json",
    }
