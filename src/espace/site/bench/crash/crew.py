"""The real processes of the installation, and how each of them is killed and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from espace.site import postgres
from espace.site.bench.crash.facts import Target
from espace.site.bench.crash.store import Seaweed
from espace.site.bench.house import House, started
from espace.site.bench.proc import family
from espace.site.config import Config
from espace.site.processes import bound_to_parent
from espace.site.source import tool_environment
from espace.site.supervisor import answers_ready, mail_catcher, web_server
from espace.site.terminal import Failed

READY_SECONDS = 120
CALM_SECONDS = 6.0
"""granian takes two deaths of one of its processes in less for a loop, and ends: it is then killed whole."""


@dataclass(frozen=True, slots=True)
class Running:
    """A process, and when it began (clock ticks since boot): a number that is given again is another process."""

    pid: int
    born: int


NOBODY = Running(0, 0)


class Crew:
    """What runs. `tend` starts again what died, as a machine's own supervisor would."""

    def __init__(
        self, house: House, nursery: "subprocess.Popen[str]", chance: Random, store: Seaweed | None = None
    ) -> None:
        self.config, self._nursery, self.chance, self._store = house.config, nursery, chance, store
        self._server: subprocess.Popen[bytes] | None = None
        self._database, self._web, self._worker = running(house.database), NOBODY, NOBODY
        self._last_death = 0.0
        self.restarts = 0

    def tend(self) -> None:
        """Everything up and ready again. Raises Failed when it never is."""
        limit = time.monotonic() + READY_SECONDS
        while not self._tended():
            if time.monotonic() > limit:
                raise Failed(f"The installation did not come back within {READY_SECONDS} seconds after a kill.")
            time.sleep(0.02)

    def _tended(self) -> bool:
        if not alive(self._database):
            self.restarts += 1
            self._server = postgres.start(self.config)
            self._database = running(self._server.pid)
        if self._store and not self._store.alive():
            self._store.begin()
        if not alive(self._web):
            self._web = self._fork("web", *granian_words(self.config))
        if not alive(self._worker):
            self._worker = self._fork("worker")
        ready = answers_ready(self.config) and alive(self._worker)
        return ready and (self._store is None or self._store.answers())

    def _fork(self, *words: str) -> Running:
        if self._nursery.stdin is None or self._nursery.stdout is None:
            raise TypeError("the nursery is spoken to")
        self._nursery.stdin.write(f"{' '.join(words)}\n")
        self._nursery.stdin.flush()
        said = self._nursery.stdout.readline().strip()
        if not said.isdigit():
            raise Failed(f"The processes of the campaign cannot be started: {said or 'the reason is above'}")
        return running(int(said))

    def kill(self, target: Target) -> Target | None:
        """SIGKILL. What was really killed: the whole web server where one process would be a loop; None when nothing
        of it was left to kill."""
        if target is Target.WEB_WORKER and time.monotonic() - self._last_death < CALM_SECONDS:
            target = Target.APPLICATION
        if target is Target.STORE:
            return target if self._store and self._store.kill() else None
        serving = whole(self._web)[1:]
        doomed: dict[Target, Callable[[], Iterable[int]]] = {
            Target.WEB_WORKER: lambda: self._one_of(serving),
            Target.APPLICATION: lambda: whole(self._web) if serving else (),
            Target.WORKER: lambda: whole(self._worker),
            Target.BACKEND: lambda: self._one_of(whole(self._database)[1:]),
            Target.POSTMASTER: lambda: whole(self._database)[:1],
        }
        pids = list(doomed[target]())
        if target is Target.APPLICATION:
            self._kill_web()
            return target if pids else None
        _kill(pids)
        if target is Target.WEB_WORKER:
            self.web_processes_died(len(pids))
        return target if pids else None

    def _kill_web(self) -> None:
        """All its group in one call: a process that granian forks at this very moment would outlive it, and serve."""
        if alive(self._web):
            with suppress(ProcessLookupError):
                os.killpg(self._web.pid, signal.SIGKILL)
        self._last_death = 0.0

    def web_processes_died(self, count: int) -> None:
        """Deaths that granian sees: several, or another one too soon, would end it, which takes long: all goes at
        once."""
        if not count:
            return
        loop = count > 1 or time.monotonic() - self._last_death < CALM_SECONDS
        if loop:
            self._kill_web()
        else:
            self._last_death = time.monotonic()

    def _one_of(self, pids: list[int]) -> list[int]:
        return [self.chance.choice(sorted(pids))] if pids else []

    def stop(self) -> None:
        for one in (self._web, self._worker):
            if alive(one):
                os.kill(one.pid, signal.SIGTERM)
        limit = time.monotonic() + 10
        while (alive(self._web) or alive(self._worker)) and time.monotonic() < limit:
            time.sleep(0.05)
        self._kill_web()
        _kill(whole(self._worker))

    def stop_database(self) -> None:
        """The server that was started here; the first one is its house's to stop."""
        if self._server is not None:
            postgres.stop(self._server)


def running(pid: int) -> Running:
    return Running(pid, _born(pid))


def alive(one: Running) -> bool:
    return one.born > 0 and _born(one.pid) == one.born


def _born(pid: int) -> int:
    """Field 22 of /proc/PID/stat (proc(5)); 0 for a process that is gone or waits to be reaped."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    fields = text.rpartition(")")[2].split()
    return int(fields[19]) if fields[0] not in ("Z", "X") else 0


def whole(one: Running) -> list[int]:
    """The process and its descendants; nobody where it is not the one that was started."""
    return family(one.pid) if alive(one) else []


def _kill(pids: Iterable[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def granian_words(config: Config) -> tuple[str, ...]:
    """What `serve` says to granian, but for the module that it serves."""
    words = web_server(config).command
    return (*words[words.index("granian") + 1 : -1], "espace.site.bench.crash.web:application")


@contextmanager
def crew(
    house: House, armed: Path, log: Path, chance: Random, store: Seaweed | None = None
) -> Iterator[Crew]:
    """Everything up for the block, the mail server too; nothing of it is left after. What they say goes to `log`."""
    command = [sys.executable, "-P", "-m", "espace.site.bench.crash.nursery", str(armed)]
    with log.open("wb") as said:
        nursery = subprocess.Popen(  # noqa: S603  the command is ours, never read from outside
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            env=tool_environment(),
            start_new_session=True,
            preexec_fn=bound_to_parent(signal.SIGKILL, os.getpid()),
        )
    made = Crew(house, nursery, chance, store)
    try:
        if nursery.stdout is None or nursery.stdout.readline().strip() != "ready":
            raise Failed("The processes of the campaign cannot be started: the reason is above.")
        with started(mail_catcher(house.config)):
            made.tend()
            yield made
    finally:
        made.stop()
        nursery.kill()
        nursery.communicate()
        made.stop_database()
