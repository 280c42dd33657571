"""The processes of a running installation: started in order, watched, stopped in order."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException

from espace.site.config import Config
from espace.site.processes import BOUND, start_child, stop_child
from espace.site.source import tool_environment
from espace.site.terminal import Failed

READY_SECONDS = 90
WATCH_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Service:
    """A child process; `name` is what people read when it ends."""

    name: str
    command: tuple[str, ...]


def web_server(config: Config) -> Service:
    return Service(
        "the web server",
        (
            *_python("granian"),
            *(
                "--interface",
                "wsgi",
                "--host",
                "127.0.0.1",
                "--port",
                str(config.port),
                "--http",
                "1",
                "--no-ws",
            ),
            *("--workers", str(config.processes), "--blocking-threads", str(config.threads)),
            *("--log-level", "warning"),
            *("--respawn-failed-workers", "--workers-kill-timeout", "3"),
            "espace.site.wsgi:application",
        ),
    )


def worker(config: Config) -> Service:
    return Service("the worker", (*_python("espace"), "worker"))


def mail_catcher(config: Config) -> Service:
    return Service(
        "the mail catcher",
        (*_python("espace.site.mail_catcher"), str(config.home / "mail"), str(config.mail_port)),
    )


def identity_provider(config: Config) -> Service:
    """The demonstration's own provider, where professionals sign in."""
    return Service("the identity provider", _python("espace.site.provider"))


def _python(module: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-m", module)


class Children:
    """The children that run; the last started is the first stopped."""

    def __init__(self) -> None:
        self._running: list[tuple[Service, subprocess.Popen[bytes]]] = []

    def start(self, service: Service) -> None:
        environment = tool_environment() | {BOUND: "1"}
        self._running.append((service, start_child(service.command, environment=environment)))

    def fallen(self) -> Service | None:
        """The first child that ended by itself."""
        return next((service for service, child in self._running if child.poll() is not None), None)

    def stop(self) -> None:
        while self._running:
            _service, child = self._running.pop()
            stop_child(child)


@contextmanager
def supervised(services: Sequence[Service]) -> Iterator[Children]:
    """The services, up for the block and all gone after it."""
    children = Children()
    try:
        for service in services:
            children.start(service)
        yield children
    finally:
        children.stop()


def wait_until_ready(config: Config, children: Children) -> None:
    """Until the server says that it is ready. Raises Failed when a child falls or time is up."""
    limit = time.monotonic() + READY_SECONDS
    while time.monotonic() < limit:
        _check(children)
        if answers_ready(config):
            return
        time.sleep(0.05)
    raise Failed(f"The server did not get ready: see {config.home / 'logs'}.")


def answers_ready(config: Config) -> bool:
    address = f"http://127.0.0.1:{config.port}/readyz"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError, HTTPException):
        return False


def watch(children: Children, database: subprocess.Popen[bytes] | None = None) -> None:
    """Until a signal raises, or a child or the database server falls: then Failed."""
    while True:
        _check(children)
        if database is not None and database.poll() is not None:
            raise Failed("It stopped, because the database server ended by itself: start again, it repairs itself.")
        time.sleep(WATCH_SECONDS)


def _check(children: Children) -> None:
    if (fallen := children.fallen()) is not None:
        raise Failed(f"It stopped, because {fallen.name} ended by itself: the reason is above.")
