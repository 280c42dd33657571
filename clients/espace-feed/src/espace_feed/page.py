"""The status page: what went, what waits, what a person must look at. On the loopback only, read only.

It shows file names and reasons, nothing of a document; a request that names another host is turned away, so that no
page of the web reads it through the browser of whoever sits there.
"""

from collections.abc import Callable, Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from espace_feed import edge
from espace_feed.feeder import Status

_HOSTS = ("localhost", "127.0.0.1")
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STYLE = "body{font:1rem/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap}"


def shown(status: Status) -> str:
    """The page, in French."""
    counts = (
        ("Envoyés", status.sent),
        ("En attente", status.waiting),
        ("En quarantaine", len(status.quarantined)),
        ("Refusés", len(status.refused)),
    )
    figures = "".join(f"<li>{label} : <strong>{count}</strong></li>" for label, count in counts)
    body = "".join(_parts(status))
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta http-equiv="refresh" content="30">'
        f"<title>Alimentation</title><style>{_STYLE}</style></head><body>"
        "<main><h1>Alimentation des espaces de santé</h1>"
        f"<ul>{figures}</ul>{body}</main></body></html>"
    )


def _parts(status: Status) -> Iterator[str]:
    if status.server:
        again = edge.local(status.next_try).strftime("%H:%M:%S")
        told = " ".join(f"{one.sentence} ({one.place}) {one.fix}" for one in status.server)
        yield f"<h2>Le serveur</h2><p>{escape(told)} Prochain essai à {again}.</p>"
    if status.unaccompanied:
        names = "".join(f"<li>{escape(name)}</li>" for name in status.unaccompanied)
        yield f"<h2>PDF sans fiche</h2><p>Ils attendent le fichier NOM.pdf.json.</p><ul>{names}</ul>"
    if status.late:
        rows = (
            f"<li>{escape(one.name)} : {escape(' '.join(why.sentence for why in one.why))}</li>" for one in status.late
        )
        yield f"<h2>Retardés</h2><ul>{''.join(rows)}</ul>"
    for title, documents in (("Quarantaine", status.quarantined), ("Refusés", status.refused)):
        if documents:
            told = "".join(f"<h3>{escape(name)}</h3><pre>{escape(text)}</pre>" for name, text in documents)
            yield f"<h2>{title}</h2>{told}"


def serve(port: int, status: Callable[[], Status]) -> ThreadingHTTPServer:
    """Serve the page on 127.0.0.1 in a thread of its own; `server_port` says the port taken. Raises OSError."""

    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "espace-feed", ""

        def do_GET(self) -> None:
            host = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
            if host not in _HOSTS:
                self._answer(421, "")
            elif self.path != "/":
                self._answer(404, "")
            else:
                self._answer(200, shown(status()))

        def _answer(self, code: int, text: str) -> None:
            data = text.encode()
            self.send_response(code)
            for name, value in {**_HEADERS, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged: a request says nothing of interest."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    return server
