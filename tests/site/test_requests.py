"""One line a request: the route's name and figures, nothing of whoever asks; one id ties the lines and the answer."""

import json
import logging
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError

from espace import edge
from espace.exchange import wsgi as exchange
from espace.site import wsgi
from espace.site.config import load
from espace.site.logs import JsonFormatter, logging_settings
from espace.site.requests import identify, length_of, tell
from espace.trace.adapters import security_log

pytestmark = pytest.mark.django_db

GIVEN = "0199f0e1-2222-7333-8444-5555aaaabbbb"
FIELDS = {"at", "level", "logger", "message", "door", "route", "method", "status", "milliseconds", "bytes"}
PLANTED = "Zygomatique"
ADDRESS = "203.0.113.77"


class Kept(logging.Handler):
    """What the log's files would have."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def kept() -> Iterator[dict[str, list[dict[str, Any]]]]:
    """The lines of each logger, in order."""
    handlers = {name: Kept() for name in ("espace.requests", "espace.security", "espace.exchange", "django.request")}
    for name, handler in handlers.items():
        logging.getLogger(name).addHandler(handler)
    yield {name: handler.lines for name, handler in handlers.items()}
    for name, handler in handlers.items():
        logging.getLogger(name).removeHandler(handler)


def ask(path: str, method: str = "GET", query: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
    said: list[tuple[str, list[tuple[str, str]]]] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "REMOTE_ADDR": ADDRESS,
        "HTTP_HOST": "localhost:8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    body: Any = wsgi.application(environ, lambda status, given, *_: said.append((status, given)))
    try:
        found = b"".join(body)
    finally:
        getattr(body, "close", lambda: None)()
    status, given = said[-1]
    names = [name for name, _ in given]
    assert names.count("X-Request-Id") == 1
    return int(status[:3]), dict(given), found


@pytest.mark.parametrize(
    ("path", "method", "door", "route", "status"),
    [
        ("/fhir/metadata", "GET", "fhir", r"metadata", 400),
        ("/connexion/", "GET", "portal", r"^account_login$", 200),
        ("/connexion/", "HEAD", "portal", r"^account_login$", 200),
        (f"/documents/{PLANTED}/", "GET", "portal", r"", 404),
        (f"/nowhere/{PLANTED}", "GET", "portal", r"^none$", 404),
        (f"/static/{PLANTED}", "GET", "static", r"^none$", 404),
        ("/healthz", "GET", "healthz", r"^none$", 200),
        ("/fhir/DocumentReference", "GET", "fhir", r"", 401),
        ("/healthz", f"X{PLANTED}", "healthz", r"^none$", 200),
    ],
)
def test_the_line_has_the_route_and_the_figures_and_nothing_else(
    path: str, method: str, door: str, route: str, status: int, kept: dict[str, list[dict[str, Any]]]
) -> None:
    answered, headers, body = ask(path, method, f"patient={PLANTED}", user_agent=PLANTED, referer=PLANTED)
    [line] = kept["espace.requests"]
    assert line.keys() == FIELDS | {"request_id"}
    assert (line["door"], line["status"], line["bytes"]) == (door, answered, 0 if method == "HEAD" else len(body))
    assert answered == status
    assert re.search(route, line["route"])
    assert line["method"] == (method if method in ("GET", "HEAD") else "other")
    assert 0 <= line["milliseconds"] < 60_000
    assert line["request_id"] == headers["X-Request-Id"]
    assert UUID(line["request_id"]).version == 7
    text = json.dumps(line)
    assert PLANTED not in text
    assert ADDRESS not in text


@pytest.mark.parametrize(
    ("said", "proxies", "taken"),
    [
        (GIVEN, 1, True),
        (GIVEN.upper(), 2, True),
        (GIVEN, 0, False),
        (GIVEN[:-1], 1, False),
        (f"{GIVEN}\n", 1, False),
        (f"{GIVEN}, {GIVEN}", 1, False),
        (GIVEN.replace("-", ""), 1, False),
        (f"{{{GIVEN}}}", 1, False),
        (f"urn:uuid:{GIVEN}", 1, False),
        (GIVEN.replace("0", "٠"), 1, False),
        (PLANTED, 1, False),
        ("", 1, False),
    ],
)
def test_an_id_is_taken_from_a_declared_proxy_and_only_a_uuid(said: str, proxies: int, taken: bool) -> None:
    environ = {"HTTP_X_REQUEST_ID": said}
    found = identify(environ, proxies)
    assert (found == GIVEN) is taken
    assert UUID(found)
    assert environ == {}


def test_without_a_declared_proxy_a_visitor_chooses_no_id(kept: dict[str, list[dict[str, Any]]]) -> None:
    _, headers, _ = ask("/healthz", x_request_id=GIVEN)
    assert GIVEN not in (headers["X-Request-Id"], kept["espace.requests"][0]["request_id"])


def test_two_requests_have_two_ids_and_none_is_left_after(kept: dict[str, list[dict[str, Any]]]) -> None:
    first, second = (ask("/healthz")[1]["X-Request-Id"] for _ in range(2))
    assert first != second
    assert edge.present_request() == ""
    assert edge.request_id() != edge.request_id()


def test_a_refusal_at_a_door_and_its_request_bear_one_id(
    kept: dict[str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security_log, "_budget", security_log._Budget())
    _, headers, _ = ask("/fhir/DocumentReference", authorization="Bearer no")
    [line] = kept["espace.security"]
    assert line["request_id"] == headers["X-Request-Id"] == kept["espace.requests"][0]["request_id"]


def test_a_fault_its_request_and_the_number_told_are_one_id(
    kept: dict[str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(exchange.gate, "run_again", gone)
    status, headers, body = ask("/fhir/metadata")
    [line] = kept["espace.exchange"]
    assert status == 503
    assert line["fault"] == line["request_id"] == headers["X-Request-Id"]
    assert headers["X-Request-Id"].encode() in body


def test_a_page_that_breaks_leaves_the_id_in_its_line(
    kept: dict[str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError(PLANTED)

    monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.process_request", broken)
    status, headers, _ = ask("/connexion/")
    [line] = kept["django.request"]
    assert (status, line["exception"]) == (500, "ZeroDivisionError")
    assert line["request_id"] == headers["X-Request-Id"]


def test_what_is_raised_through_the_door_is_a_line_too(
    kept: dict[str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(PLANTED)

    monkeypatch.setattr(wsgi, "pages", broken)
    with pytest.raises(RuntimeError):
        ask("/connexion/")
    [line] = kept["espace.requests"]
    assert (line["status"], line["bytes"]) == (500, None)
    assert edge.present_request() == ""


@pytest.mark.parametrize(
    ("headers", "length"),
    [([("content-length", "12")], 12), ([], None), ([("Content-Length", "x")], None), ([("Content-Length", "0")], 0)],
)
def test_the_length_is_the_one_announced(headers: list[tuple[str, str]], length: int | None) -> None:
    assert length_of(headers) == length


def test_the_lines_go_to_a_file_of_their_own_and_can_be_switched_off(
    home: Any, kept: dict[str, list[dict[str, Any]]]
) -> None:
    (home / "logs").mkdir(parents=True)
    on = logging_settings(load({"ESPACE_HOME": str(home)}))
    off = logging_settings(load({"ESPACE_HOME": str(home), "ESPACE_REQUEST_LOG": "0"}))
    assert on["handlers"]["requests"]["path"] == home / "logs" / "requests.log"
    assert [one["loggers"]["espace.requests"]["level"] for one in (on, off)] == ["INFO", "WARNING"]
    assert on["loggers"]["espace.requests"]["handlers"] == ["requests"]
    logger = logging.getLogger("espace.requests")
    before = logger.level
    logger.setLevel("WARNING")
    try:
        tell({}, GIVEN, 200, 0, 0.1)
    finally:
        logger.setLevel(before)
    assert kept["espace.requests"] == []
