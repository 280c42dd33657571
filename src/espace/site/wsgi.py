"""The one WSGI entry: health, static files, the doors for machines, and Django for the pages."""

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import Error as DatabaseError

from espace import edge
from espace.keys.facts import KeyServiceUnavailable
from espace.site import metrics
from espace.site.bodies import SLICE, Sliced, receiver
from espace.site.headers import has_sound_length, mark_unreadable
from espace.site.processes import bind_to_supervisor
from espace.site.proxy import believe
from espace.site.readiness import readiness
from espace.site.requests import HEADER, identify, length_of, tell
from espace.site.static import answer_static, read_static
from espace.site.telemetry import spans

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

MACHINE_DOORS = frozenset({"fhir", "hl7v2", "oauth", "xdm", "xds"})
ASKING_FIRST = frozenset({"fhir", "hl7v2", "xdm", "xds"})
"""Doors that ask who calls before they read a body."""
ANY_ORIGIN = ("Access-Control-Allow-Origin", "*")
"""What is published may be read by any page: it is checked, not believed."""
PLAIN = ("Content-Type", "text/plain; charset=utf-8")

bind_to_supervisor()
gc.disable()  # until all is loaded: see below
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "espace.site.settings")
pages: "WSGIApplication" = get_wsgi_application()

from espace.exchange.wsgi import application as machines  # noqa: E402  tables are only known once Django is set up
from espace.site import transparency  # noqa: E402  the same
from espace.trace.queries import LogBroken  # noqa: E402  the same

_static = read_static(
    folder
    for config in django.apps.apps.get_app_configs()
    if (folder := Path(config.path) / "static").is_dir() and config.name.startswith("espace.")
)

_receive = receiver(settings.ESPACE_THREADS)
_observe = metrics.observer(settings.ESPACE_HOME)
_span = spans(settings.ESPACE_OTLP_URL)

# What is loaded stays: the collector need not look at it, neither meanwhile (a tenth of the CPU of a start, for less
# than 1 MB) nor later; and a request makes thousands of short-lived values, which is not a reason to search (an eighth
# of the CPU of a page). One that opens a thousand documents makes a hundred thousand. The few circles that a request
# leaves hold nothing of a record: `looks.frame` lets go of what a page was made of.
gc.freeze()
gc.set_threshold(200_000, 20, 50)
gc.enable()


def application(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    """Answers one request, names it, counts it and writes its line."""
    believe(environ, settings.ESPACE_TRUSTED_PROXIES)
    name = identify(environ, settings.ESPACE_TRUSTED_PROXIES)
    begun = time.perf_counter()
    said: tuple[int, int | None] = 0, None

    def start(status: str, headers: list[tuple[str, str]], exception: Any = None) -> Any:
        nonlocal said
        said = int(status[:3]), length_of(headers)
        return start_response(status, [*headers, (HEADER, name)], exception)

    try:
        with edge.answering(name):
            body = _dispatch(environ, start)
            return Sliced(body) if (said[1] or 0) > SLICE else body
    finally:
        took = time.perf_counter() - begun
        _observe(environ, said[0], took)
        _span(environ, name, said[0], took)
        tell(environ, name, *said, took)


def _dispatch(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    """By the first segment of the path."""
    if not has_sound_length(environ):
        return _plain(start_response, "400 Bad Request", b"bad length\n")
    segment = environ.get("PATH_INFO", "").lstrip("/").split("/", 1)[0]
    if (own := OWN.get(segment)) is not None:
        return own(environ, start_response)
    if segment not in ASKING_FIRST and not _receive(environ):
        return _plain(start_response, "503 Service Unavailable", b"busy\n", ("Retry-After", "5"))
    if segment in MACHINE_DOORS:
        return _with_connections(environ, start_response)
    mark_unreadable(environ)
    return pages(environ, start_response)


def _with_connections(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    """The doors for machines, with what Django does for its pages at both ends of a request."""
    request_started.send(sender=application, environ=environ)
    try:
        body = machines(environ, start_response)
    except BaseException:
        request_finished.send(sender=application)
        raise
    return Released(body)


class Released:
    """The body of an answer; `close`, which every WSGI server calls, gives the connections back."""

    def __init__(self, body: Iterable[bytes]) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        try:
            getattr(self._body, "close", lambda: None)()
        finally:
            request_finished.send(sender=application)


def _healthy(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    """The process answers."""
    return _plain(start_response, "200 OK", b"ok\n")


def _ready(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    """The process answers, and so do both databases; one line for each part."""
    request_started.send(sender=application, environ=environ)
    try:
        found = readiness()
    finally:
        request_finished.send(sender=application)
    return _plain(start_response, "200 OK" if found.ready else "503 Service Unavailable", found.text)


def _plain(
    start_response: "StartResponse", status: str, text: bytes, *headers: tuple[str, str]
) -> Iterable[bytes]:
    start_response(status, [PLAIN, ("Content-Length", str(len(text))), ("Cache-Control", "no-store"), *headers])
    return [text]


def _transparency(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    """The public log, for programs; its page, for people, is one of the pages."""
    path = environ.get("PATH_INFO", "")
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return _plain(start_response, "405 Method Not Allowed", b"read only\n", ("Allow", "GET, HEAD"))
    if path in transparency.PAGES:
        mark_unreadable(environ)
        return pages(environ, start_response)
    request_started.send(sender=application, environ=environ)
    try:
        found = transparency.find(path)
    except (DatabaseError, KeyServiceUnavailable, LogBroken):
        return _plain(start_response, "503 Service Unavailable", b"not now\n", ("Retry-After", "60"))
    finally:
        request_finished.send(sender=application)
    environ["espace.route"] = "transparency"
    if found is None:
        return _plain(start_response, "404 Not Found", b"not found\n")
    headers = [("Content-Type", found.media_type), ("Content-Length", str(len(found.body)))]
    public = [("Cache-Control", found.caching), ("X-Content-Type-Options", "nosniff"), ANY_ORIGIN]
    start_response("200 OK", headers + public)
    return [found.body] if environ["REQUEST_METHOD"] == "GET" else []


def _statics(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    return answer_static(_static, environ, start_response)


OWN: dict[str, Callable[[dict[str, Any], "StartResponse"], Iterable[bytes]]] = {
    "healthz": _healthy,
    "readyz": _ready,
    "static": _statics,
    "transparency": _transparency,
    "metrics": partial(metrics.answer, settings.ESPACE_METRICS_TOKEN),
}
