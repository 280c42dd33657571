"""Spans of OpenTelemetry, where ESPACE_OTLP_URL says whither: one a request: its route's name, status, duration.

Nothing of a person, and nothing that a client sent: no address, query, body, agent, nor the trace that it says it is
part of. The packages are optional (`requirements/telemetry.lock`); without the variable nobody looks for them.
"""

import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from espace.site.config import BadConfiguration
from espace.site.metrics import ROUTE, door_of
from espace.site.requests import METHODS

PACKAGES = ("opentelemetry.exporter.otlp.proto.http", "opentelemetry.sdk")
EXPORT_SECONDS = 5.0
_FAULT = 500

Span = Callable[[dict[str, Any], str, int, float], None]
"""Tells of one answered request: its environment, its id, its status, its seconds."""


def require_packages(url: str) -> None:
    """Raises BadConfiguration where spans are asked for and the packages that make them are absent."""
    if url and not _installed():
        raise BadConfiguration(
            "ESPACE_OTLP_URL needs packages that are not installed: run "
            ".venv/bin/python -m pip install --require-hashes -r requirements/telemetry.lock"
        )


def _installed() -> bool:
    try:
        return all(find_spec(name) is not None for name in PACKAGES)
    except ModuleNotFoundError:
        return False


def spans(url: str) -> Span:
    """Sends to this address, in batches, from a thread of its own; "" sends nothing. Call it once in a process."""
    return Exporting(url) if url else _nothing


def _nothing(environ: dict[str, Any], request_id: str, status: int, took: float) -> None:
    return None


class Exporting:
    """A `Span` that sends."""

    def __init__(self, url: str) -> None:
        # Here: the packages may be absent where nothing is sent.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        self._provider = TracerProvider(resource=Resource({"service.name": "espace-sante"}))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=EXPORT_SECONDS)))
        self._tracer = self._provider.get_tracer("espace.site")

    def __call__(self, environ: dict[str, Any], request_id: str, status: int, took: float) -> None:
        from opentelemetry.context import Context
        from opentelemetry.trace import SpanKind, Status, StatusCode

        end = time.time_ns()
        status, method = status or _FAULT, str(environ.get("REQUEST_METHOD", ""))
        door, route = door_of(str(environ.get("PATH_INFO", ""))), str(environ.get(ROUTE, "none"))
        one = self._tracer.start_span(
            f"{door} {route}",
            context=Context(),
            kind=SpanKind.SERVER,
            start_time=end - int(took * 1e9),
            attributes={
                "espace.door": door,
                "espace.request_id": request_id,
                "http.route": route,
                "http.request.method": method if method in METHODS else "_OTHER",
                "http.response.status_code": status,
            },
        )
        if status >= _FAULT:
            one.set_status(Status(StatusCode.ERROR))
        one.end(end)

    def close(self) -> None:
        """Send what waits, and send nothing any more."""
        self._provider.shutdown()
