"""A browser for the pages of providers: it keeps cookies, and stops at every redirection to look where it leads."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urljoin
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, ProxyHandler, build_opener

SECONDS = 20


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *words: Any, **named: Any) -> None:
        """Never by itself."""


def _opener() -> OpenerDirector:
    return build_opener(ProxyHandler({}), _Stay(), HTTPCookieProcessor(CookieJar()))


@dataclass(frozen=True)
class Page:
    status: int
    location: str
    text: str
    headers: Any

    def hidden(self, name: str) -> str:
        """The value of a hidden field."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found, self.text
        return unescape(found[1])


@dataclass
class Walker:
    opener: OpenerDirector = field(default_factory=_opener)

    def get(self, url: str) -> Page:
        return self._open(url, None)

    def post(self, url: str, **fields: str) -> Page:
        return self._open(url, urlencode(fields).encode())

    def follow(self, url: str, until: str) -> str:
        """Redirections from here to the first address that begins with `until`, which is not asked for."""
        for _step in range(12):
            if url.startswith(until):
                return url
            page = self.get(url)
            assert page.location, (url, page.status, page.text[:2_000])
            url = page.location
        raise AssertionError(f"endless redirections: {url}")

    def _open(self, url: str, body: bytes | None) -> Page:
        try:
            with self.opener.open(url, body, timeout=SECONDS) as answer:
                return _page(url, answer)
        except HTTPError as error:
            with error:
                return _page(url, error)


def _page(url: str, answer: Any) -> Page:
    location = answer.headers.get("Location", "")
    return Page(answer.status, urljoin(url, location) if location else "", answer.read().decode(), answer.headers)


@contextmanager
def announced(port: int = 0) -> Iterator[tuple[int, "Queue[str]"]]:
    """A port that takes announced log-outs, and the tokens that came there."""
    came: Queue[str] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            came.put(form["logout_token"][0])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words: Any) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_port, came
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
