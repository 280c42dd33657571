"""A plain file server of the same bytes, for context: granian's own, with no application behind it."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from espace.site.bench.facts import DOCUMENT_BYTES
from espace.site.bench.house import started
from espace.site.bench.load import Card
from espace.site.supervisor import Service
from espace.site.testbed import free_port, is_free

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse


def application(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    """What is not a file is not there."""
    start_response("404 Not Found", [("Content-Length", "0")])
    return []


@contextmanager
def file_server(folder: Path, count: int) -> Iterator[tuple[int, int, list[Card]]]:
    """So many files of a document's size; the port, the process, and the requests."""
    folder.mkdir()
    for rank in range(count):
        (folder / f"{rank}.xml").write_bytes(b"<" * DOCUMENT_BYTES)
    port = free_port()
    with started(_service(folder, port), until=lambda: not is_free(port)) as pid:
        requests = (f"GET /static/{rank}.xml HTTP/1.1\r\nHost: localhost\r\n\r\n" for rank in range(count))
        yield port, pid, [Card([request.encode()]) for request in requests]


def _service(folder: Path, port: int) -> Service:
    words = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--http", "1", "--no-ws")
    served = ("--workers", "2", "--blocking-threads", "1", "--log-level", "error", "--static-path-mount", str(folder))
    command = (sys.executable, "-P", "-m", "granian", *words, *served, "espace.site.bench.files:application")
    return Service("the file server", command)
