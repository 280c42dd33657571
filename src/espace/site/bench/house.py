"""A throw-away installation, and its real processes: as `serve` and `demo` start them, fsync on."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from espace.site.bench.proc import cpu_seconds
from espace.site.config import Config, Mark, load, prepare_home, write_mark
from espace.site.databases import migrate
from espace.site.postgres import NOTHING_MORE, running
from espace.site.processes import BOUND, start_child, stop_child
from espace.site.runtime import close_connections, set_up_django
from espace.site.source import tool_environment
from espace.site.supervisor import Service, answers_ready, mail_catcher, web_server, worker
from espace.site.terminal import Failed, ignore_signals, say
from espace.site.testbed import free_port, remove_home, without_settings

IDLE_SECONDS, IDLE_SHARE = 0.5, 0.1
"""A process that took no more than this share of a core for so long waits for work."""
READY_SECONDS = 300
"""A slow machine is measured too: it gets more time than `serve` gives."""
CAUGHT_UP_SECONDS, TOLD_EVERY = 1800, 30
"""For the worker, with what the opening of the spaces left for it; how often people read that it is not done."""

ONE_PLACE = {f"ESPACE_BUDGET_ORGANISATION_{window}": "100000000" for window in ("HOUR", "DAY")}
"""Everybody of a bench acts in one organisation, which would be a whole region."""


@dataclass(frozen=True, slots=True)
class House:
    """The installation; `database` is the number of the process that all of PostgreSQL's descend from."""

    config: Config
    database: int


@contextmanager
def throwaway_house(
    more: Mapping[str, str] = NOTHING_MORE, *, budgets: Mapping[str, str] = ONE_PLACE
) -> Iterator[House]:
    """A migrated installation of nobody, and Django ready on it; nothing of it is left after the block. `more` are
    settings of its own; with no `budgets`, those that come with the program."""
    _forget_settings()
    home = Path(tempfile.mkdtemp(prefix="espace-bench-"))
    os.environ.update(ESPACE_HOME=str(home), ESPACE_PORT=str(free_port()), **budgets, **more)
    config = load()
    try:
        prepare_home(config)
        write_mark(home, Mark.TEST)
        with running(config, patient=False, owning=True) as server:
            if server is None:
                raise Failed("The database server of the bench is somebody else's.")
            set_up_django()
            migrate(config)
            try:
                yield House(load(), server.pid)
            finally:
                ignore_signals()
                close_connections()
    finally:
        ignore_signals()
        remove_home(config)


def _forget_settings() -> None:
    """The bench never reaches an installation that exists, whatever the environment says."""
    for name in set(os.environ) - set(without_settings(os.environ)):
        del os.environ[name]


@contextmanager
def web(house: House) -> Iterator[int]:
    """The web server, ready; its process."""
    with started(web_server(house.config), until=lambda: answers_ready(house.config)) as pid:
        yield pid


@contextmanager
def background(house: House) -> Iterator[int]:
    """The worker, with the mail server that it talks to; the worker's process."""
    with ExitStack() as stack:
        stack.enter_context(started(mail_catcher(house.config)))
        pid = stack.enter_context(started(worker(house.config)))
        _wait_until_idle(pid)
        yield pid


def _wait_until_idle(pid: int) -> None:
    """Until the worker has read its programs and caught up with what waited. Raises Failed when it never does."""
    begun, before, told = time.monotonic(), -1.0, 0.0
    while not (spent := cpu_seconds(pid)) or spent - before > IDLE_SHARE * IDLE_SECONDS:
        waited = time.monotonic() - begun
        if waited > CAUGHT_UP_SECONDS:
            raise Failed(f"The worker had not caught up after {CAUGHT_UP_SECONDS} seconds: ask for fewer spaces.")
        if waited > told + TOLD_EVERY:
            told = waited
            say(f"The worker still catches up, after {waited:.0f} seconds…")
        before = spent
        time.sleep(IDLE_SECONDS)


@contextmanager
def started(service: Service, *, until: Callable[[], bool] = lambda: True) -> Iterator[int]:
    """A service for the time of the block, once it is ready. Raises Failed when it never is, or ended meanwhile."""
    environment = tool_environment() | {BOUND: "1"}
    child = start_child(service.command, environment=environment, output=sys.stderr.fileno())
    try:
        limit = time.monotonic() + READY_SECONDS
        while not until():
            _check(child, service)
            if time.monotonic() > limit:
                raise Failed(f"It stopped, because {service.name} was not ready within {READY_SECONDS} seconds.")
            time.sleep(0.05)
        yield child.pid
        _check(child, service)
    finally:
        stop_child(child)


def _check(child: Popen[bytes], service: Service) -> None:
    if child.poll() is not None:
        raise Failed(f"It stopped, because {service.name} ended by itself: the reason is above.")
