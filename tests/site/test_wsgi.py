"""The one entry: who answers which path, and the connections given back at both ends of a request."""

from collections.abc import Iterable
from io import BytesIO
from threading import Event
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import OperationalError, connections

from espace.site import wsgi
from espace.site.readiness import Waited

pytestmark = pytest.mark.django_db


def _ask(path: str, method: str = "GET") -> tuple[str, bytes]:
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "HTTP_HOST": "localhost:8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    body: Any = wsgi.application(environ, lambda status, headers, *_: said.append(status))
    try:
        contents = b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    return said[0], contents


@pytest.fixture
def signals() -> Iterable[list[str]]:
    heard: list[str] = []

    def started(**_: object) -> None:
        heard.append("started")

    def finished(**_: object) -> None:
        heard.append("finished")

    request_started.connect(started)
    request_finished.connect(finished)
    yield heard
    request_started.disconnect(started)
    request_finished.disconnect(finished)


def test_health_and_readiness() -> None:
    assert _ask("/healthz") == ("200 OK", b"ok\n")
    assert _ask("/readyz") == ("200 OK", b"database: ok\nkeys: ok\ncontents: ok\n")


@pytest.mark.parametrize(
    ("alias", "said"),
    [("default", b"database: no answer\nkeys: ok\n"), ("keys", b"database: ok\nkeys: no answer\n")],
)
def test_not_ready_without_one_of_the_databases(alias: str, said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connections[alias], "cursor", gone)
    assert _ask("/readyz") == ("503 Service Unavailable", said + b"contents: ok\n")
    assert _ask("/healthz") == ("200 OK", b"ok\n")


def test_contents_that_take_long_or_fail_are_said_in_time_and_asked_once_at_a_time() -> None:
    asked, free = [], Event()

    def slow() -> None:
        asked.append(1)
        assert free.wait(60)

    def refused() -> None:
        raise OSError(5, "Input/output error")

    contents = Waited(slow, patience=0.01)
    assert [contents.state() for _ in range(3)] == ["no answer"] * 3
    assert len(asked) == 1
    free.set()
    patient = Waited(slow, patience=60)
    assert [patient.state(), patient.state()] == ["ok", "ok"]
    assert Waited(refused, patience=60).state() == "no answer"


@pytest.mark.parametrize("path", ["/fhir/metadata", "/oauth/token", "/xds/registry", "/fhir"])
def test_machine_doors_get_their_paths_and_release_connections(
    path: str, monkeypatch: pytest.MonkeyPatch, signals: list[str]
) -> None:
    def machines(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        assert signals == ["started"]
        return [environ["PATH_INFO"].encode()]

    monkeypatch.setattr(wsgi, "machines", machines)
    assert _ask(path) == ("200 OK", path.encode())
    assert signals == ["started", "finished"]


def test_a_machine_door_that_breaks_releases_its_connections_too(
    monkeypatch: pytest.MonkeyPatch, signals: list[str]
) -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise RuntimeError("planted")

    monkeypatch.setattr(wsgi, "machines", broken)
    with pytest.raises(RuntimeError, match="planted"):
        _ask("/fhir/metadata")
    assert signals == ["started", "finished"]


@pytest.mark.parametrize("path", ["/fhirx", "/xdsm/registry", "/nowhere", "/healthz2"])
def test_everything_else_is_a_page(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wsgi, "machines", None)
    assert _ask(path)[0] == "404 Not Found"


def test_the_rooms_style_sheets_are_served() -> None:
    status, contents = _ask("/static/looks/site.css")
    assert status == "200 OK"
    assert contents
