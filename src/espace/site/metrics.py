"""What an operator's monitor reads, in Prometheus' text format: how much, how fast, what waits; nothing of a person.

Labels come from closed lists of ours: doors, names of routes, statuses. What a client sent is never one. The processes
of the server share a folder of the home, which is emptied when the server starts.
"""

import hmac
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from espace.site.config import Config

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse
    from prometheus_client.core import Metric

TYPE = "text/plain; version=0.0.4; charset=utf-8"
ROUTE = "espace.route"
"""Where a door says in the WSGI environment which of its routes answered."""
DOORS = frozenset({"fhir", "hl7v2", "oauth", "xdm", "xds", "pro", "static", "healthz", "readyz", "demo"})
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

Observe = Callable[[dict[str, Any], int, float], None]


def folder_of(home: Path) -> Path:
    return home / "run" / "metrics"


def begin(config: Config) -> None:
    """Forget what the processes of an earlier start counted: counters begin at nought with the server."""
    shutil.rmtree(folder_of(config.home), ignore_errors=True)
    folder_of(config.home).mkdir(mode=0o700, parents=True, exist_ok=True)


def observer(home: Path) -> Observe:
    """Counts one answered request: its environment, its status, its seconds. Call it once in a process."""
    folder_of(home).mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder_of(home))  # read when the library is first imported
    from prometheus_client import CollectorRegistry, Counter, Histogram

    own = CollectorRegistry()
    requests = Counter("espace_requests", "Requests answered.", ("door", "route", "status"), registry=own)
    seconds = Histogram("espace_request_seconds", "Until the answer began.", ("door",), buckets=BOUNDS, registry=own)

    def observe(environ: dict[str, Any], status: int, took: float) -> None:
        door = door_of(str(environ.get("PATH_INFO", "")))
        requests.labels(door, str(environ.get(ROUTE, "none")), str(status)).inc()
        seconds.labels(door).observe(took)

    return observe


def door_of(path: str) -> str:
    """The door of an address; what is no other's is the holders' portal."""
    segment = path.lstrip("/").split("/", 1)[0]
    return segment if segment in DOORS else "portal"


def answer(token: str, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    """`/metrics`, for whoever bears the token of the configuration; without one the page does not exist."""
    said = str(environ.get("HTTP_AUTHORIZATION", "")).encode()
    if not token or not hmac.compare_digest(said, f"Bearer {token}".encode()):
        return _plain(start_response, "404 Not Found", "text/plain; charset=utf-8", b"not found\n")
    return _plain(start_response, "200 OK", TYPE, _written())


def _written() -> bytes:
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library leaves this one untyped
    registry.register(_Waiting())
    return generate_latest(registry)


class _Waiting:
    """What waits for a worker, asked of the database when the monitor asks."""

    def collect(self) -> Iterator["Metric"]:
        from prometheus_client.core import GaugeMetricFamily

        from espace import edge
        from espace.access import queries as access
        from espace.outbox import queries as outbox
        from espace.outbox.rules import registry
        from espace.site.wiring import AWAITED
        from espace.trace import queries as trace

        at = edge.now()
        lines = outbox.lines(at)
        due = (line.due for line in lines if line.kind not in registry(AWAITED))
        late = max(0.0, (at - min(due, default=at)).total_seconds())
        values = (
            ("espace_outbox_waiting", "Events that wait for a worker.", sum(line.count for line in lines)),
            ("espace_outbox_oldest_seconds", "How long the first of them has been due.", late),
            ("espace_outbox_dead", "Dead letters: somebody has to look.", outbox.count_of_dead_letters()),
            ("espace_trace_waiting", "Lines of the access log not yet in its tree.", trace.count_waiting()),
            ("espace_alerts_open", "Alerts of abuse that nobody closed.", access.count_open_alerts()),
        )
        for name, said, value in values:
            yield GaugeMetricFamily(name, said, value=float(value))


def _plain(start_response: "StartResponse", status: str, kind: str, text: bytes) -> Iterable[bytes]:
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(text))), ("Cache-Control", "no-store")])
    return [text]
