"""The monitor's figures: counted by route and status, whatever a client sends; for the bearer of the token alone."""

import base64
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import values

from espace.site import metrics, wsgi

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-the-monitor"
HOSTILE = "2990175123456\n{}\"\\é/../Duval?patient=1"


@pytest.fixture(autouse=True)
def own_counters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of their own: a server that another test starts in the shared home begins its own at nought."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    monkeypatch.setattr(values, "ValueClass", values.MultiProcessValue())
    monkeypatch.setattr(wsgi, "_observe", metrics.observer(tmp_path))


def ask(path: str, method: str = "GET", **headers: str) -> tuple[str, str]:
    said: list[str] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "HTTP_HOST": "localhost:8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    body: Any = wsgi.application(environ, lambda status, headers, *_: said.append(status))
    try:
        return said[0], b"".join(body).decode()
    finally:
        if hasattr(body, "close"):
            body.close()


def figures(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Every sample by its name and labels, as the text has them."""
    monkeypatch.setitem(wsgi.OWN, "metrics", lambda environ, start: metrics.answer(TOKEN, environ, start))
    status, text = ask("/metrics", authorization=f"Bearer {TOKEN}")
    assert status == "200 OK"
    lines = (line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_each_request_is_counted_by_its_route_and_status(monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = 'espace_requests_total{door="fhir",route="GET /fhir/metadata",status="200"}'
    page = 'espace_requests_total{door="portal",route="account_login",status="200"}'
    before = figures(monkeypatch)
    for _ in range(3):
        assert ask("/fhir/metadata")[0] == "200 OK"
    assert ask("/connexion/")[0] == "200 OK"
    after = figures(monkeypatch)
    assert after[metadata] - before.get(metadata, 0) == 3
    assert after[page] - before.get(page, 0) == 1
    quick = 'espace_request_seconds_bucket{door="fhir",le="+Inf"}'
    assert after[quick] - before.get(quick, 0) == 3


@pytest.mark.parametrize(
    "path",
    [
        f"/{HOSTILE}", f"/fhir/{HOSTILE}", f"/fhir/DocumentReference/{HOSTILE}", f"/pro/{HOSTILE}",
        f"/static/{HOSTILE}", f"/activation/{HOSTILE}/", f"/documents/{HOSTILE}/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "PURGE2990175123456"])
def test_nothing_that_a_client_sent_becomes_a_label(path: str, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {re.sub(r'status="\d+"', "", name) for name in figures(monkeypatch)}
    ask(path, method, user_agent=HOSTILE, x_request_id=HOSTILE)
    text = "\n".join(figures(monkeypatch))
    assert "2990175123456" not in text
    assert "Duval" not in text
    fresh = {re.sub(r'status="\d+"', "", name) for name in figures(monkeypatch)} - known
    routes = {found[1] for name in fresh if (found := re.search(r'route="([^"]*)"', name))}
    assert routes <= {"none", "activation", "reading", "metrics", "GET /fhir/DocumentReference/{id}"}


def test_what_waits_is_told_without_saying_whose(monkeypatch: pytest.MonkeyPatch) -> None:
    found = figures(monkeypatch)
    for name in ("espace_outbox_waiting", "espace_outbox_dead", "espace_outbox_oldest_seconds", "espace_trace_waiting"):
        assert found[name] >= 0


@pytest.mark.parametrize(
    "said",
    ["", "Bearer", f"Bearer {TOKEN} ", f"bearer {TOKEN}", TOKEN, f"Bearer {TOKEN[:-1]}", "Bearer é",
     f"Basic {base64.b64encode(TOKEN.encode()).decode()}"],
)  # fmt: skip
def test_without_the_token_there_is_no_such_page(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(wsgi.OWN, "metrics", lambda environ, start: metrics.answer(TOKEN, environ, start))
    assert ask("/metrics", authorization=said) == ("404 Not Found", "not found\n")


def test_without_a_configured_token_nobody_has_it() -> None:
    for said in ("", "Bearer ", "Bearer None"):
        assert ask("/metrics", authorization=said)[0] == "404 Not Found"
