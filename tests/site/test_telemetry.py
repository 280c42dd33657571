"""Spans, by the real exporter to a collector on loopback: route, status, duration; nothing of a person."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from espace.site import telemetry, wsgi
from espace.site.config import BadConfiguration, load
from espace.site.telemetry import Exporting, require_packages, spans
from espace.site.testbed import free_port

PLANTED = "Zygomatique"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """Where spans go, and the bodies that arrived."""
    heard: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1/traces", heard
    server.shutdown()
    thread.join()
    server.server_close()


def read(bodies: list[bytes]) -> list[Span]:
    asked = [ExportTraceServiceRequest.FromString(body) for body in bodies]
    return [span for one in asked for of in one.resource_spans for scope in of.scope_spans for span in scope.spans]


def attributes(span: Span) -> dict[str, Any]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def ask(path: str, method: str = "GET") -> str:
    """The id of the request, as it was answered."""
    said: list[tuple[str, str]] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": f"patient={PLANTED}",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "REMOTE_ADDR": "203.0.113.77",
        "HTTP_HOST": "localhost:8000",
        "HTTP_USER_AGENT": PLANTED,
        "HTTP_TRACEPARENT": TRACE,
        "HTTP_BAGGAGE": f"who={PLANTED}",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    body: Any = wsgi.application(environ, lambda status, headers, *_: said.extend(headers))
    b"".join(body)
    getattr(body, "close", lambda: None)()
    return dict(said)["X-Request-Id"]


@pytest.mark.django_db
def test_a_request_is_a_span_by_the_name_of_its_route_and_holds_nothing_that_was_sent(
    collector: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, heard = collector
    exporting = Exporting(url)
    monkeypatch.setattr(wsgi, "_span", exporting)
    asked = [ask("/connexion/"), ask(f"/documents/{PLANTED}/"), ask("/healthz", f"X{PLANTED}")]
    exporting.close()
    found = read(heard)
    assert [attributes(span)["espace.request_id"] for span in found] == asked
    assert found[0].name == "portal account_login"
    assert attributes(found[0]) == {
        "espace.door": "portal",
        "espace.request_id": asked[0],
        "http.route": "account_login",
        "http.request.method": "GET",
        "http.response.status_code": 200,
    }
    assert attributes(found[2])["http.request.method"] == "_OTHER"
    assert all(0 < span.end_time_unix_nano - span.start_time_unix_nano < 60e9 for span in found)
    assert {span.parent_span_id for span in found} == {b""}
    sent = b"".join(heard)
    for word in (PLANTED, "203.0.113.77"):
        assert word.encode() not in sent
    assert bytes.fromhex(TRACE.split("-")[1]) not in sent


def test_a_fault_is_an_error_and_a_refusal_is_none(collector: tuple[str, list[bytes]]) -> None:
    url, heard = collector
    exporting = Exporting(url)
    for status in (200, 404, 503, 0):
        exporting({"PATH_INFO": "/fhir", "espace.route": "GET /fhir/metadata"}, "id", status, 0.25)
    exporting.close()
    found = read(heard)
    assert [span.status.code == Status.STATUS_CODE_ERROR for span in found] == [False, False, True, True]
    assert [attributes(span)["http.response.status_code"] for span in found] == [200, 404, 503, 500]
    assert {span.end_time_unix_nano - span.start_time_unix_nano for span in found} == {250_000_000}


def test_a_collector_that_is_not_there_hinders_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "EXPORT_SECONDS", 0.05)
    exporting = Exporting(f"http://127.0.0.1:{free_port()}/v1/traces")
    exporting({"PATH_INFO": "/fhir"}, "id", 200, 0.1)
    exporting.close()


def test_without_an_address_nothing_is_made_nor_loaded() -> None:
    program = "import sys; from espace.site.telemetry import spans; spans('')({}, '', 200, 0.1); "
    program += "print('opentelemetry' in sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert not isinstance(spans(""), Exporting)


def test_an_address_without_the_packages_is_refused_with_the_command_that_brings_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    require_packages("https://collector.example/v1/traces")
    monkeypatch.setattr(telemetry, "PACKAGES", ("opentelemetry.nowhere.at.all",))
    require_packages("")
    with pytest.raises(BadConfiguration, match=r"requirements/telemetry\.lock"):
        require_packages("https://collector.example/v1/traces")


@pytest.mark.parametrize("url", ["http://collector.example/v1", "https://a:b@c.example/", "collector:4318", "ftp:"])
def test_an_address_that_spans_may_not_go_to_is_refused(url: str) -> None:
    with pytest.raises(BadConfiguration, match="ESPACE_OTLP_URL"):
        load({"ESPACE_OTLP_URL": url})
