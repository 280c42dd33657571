"""A campaign: clients at work, kills one after the other, everything up again, and the evidence."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from subprocess import Popen, TimeoutExpired

import msgspec

from espace.site.bench.crash.crew import Crew, crew
from espace.site.bench.crash.evidence import Door, Evidence, Reader, in_folder, rows_of
from espace.site.bench.crash.facts import IN_FILES, IN_WORKER, Found, Orders, Person, Point, Target
from espace.site.bench.crash.judge import judged
from espace.site.bench.crash.ledger import Follower, read
from espace.site.bench.crash.points import Armed
from espace.site.bench.crash.store import Seaweed
from espace.site.bench.house import House
from espace.site.config import Config
from espace.site.databases import superuser_connection
from espace.site.places import KEYS_DATABASE, MAIN_DATABASE, places_of
from espace.site.processes import start_child, stop_child
from espace.site.source import tool_environment
from espace.site.terminal import Failed

CLIENTS = 6
ALIVE_ANSWERS = 3
"""Nothing is killed before so many answers came since all is up again: a kill must fall among work."""
POINT_SECONDS, DRAIN_SECONDS, CAUGHT_UP_SECONDS = 3.0, 400, 300
LONGEST_WAIT = 0.05
Choice = Point | Target | None
IN_WEB = tuple(point for point in Point if point not in IN_WORKER)
IN_WEB_ON_S3 = tuple(point for point in IN_WEB if point not in IN_FILES)
OUTSIDE: tuple[Choice, ...] = (*(Target.WEB_WORKER, Target.APPLICATION) * 4, *(None,) * 2)
OF_WEB: tuple[Choice, ...] = (*IN_WEB * 2, *OUTSIDE)
OF_WEB_ON_S3: tuple[Choice, ...] = (*IN_WEB_ON_S3 * 2, *OUTSIDE)
OF_WORKER: tuple[Choice, ...] = (*IN_WORKER, *(Target.WORKER,) * 2, None)
OF_DATABASE: tuple[Choice, ...] = (*(Target.BACKEND,) * 4, Target.POSTMASTER, *(None,) * 10)
OF_STORE: tuple[Choice, ...] = (Target.STORE, None)
IN_FOLDER = (OF_WEB, OF_WEB, OF_WORKER, OF_DATABASE)
ON_S3 = (OF_STORE, OF_WEB_ON_S3, OF_WEB_ON_S3, OF_WORKER, OF_DATABASE)
"""What may die in a round, with its weight; None is nobody. Two web processes serve, and each has its chance."""
TOLD_EVERY = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """`kills` at most, within `seconds` at most (0: as long as it takes); `seed` makes the choices again."""

    kills: int
    seconds: float
    seed: int
    spaces: int


@dataclass(slots=True)
class Outcome:
    """What was done, and what was found; `missed` are points that nobody came to in time."""

    kills: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    found: list[Found] = field(default_factory=list)
    evidence: Evidence | None = None


def campaign(
    house: House,
    asked: Asked,
    people: list[Person],
    folder: Path,
    tell: Callable[[str], None],
    *,
    store: Seaweed | None = None,
    then: Callable[[Evidence], object] = lambda evidence: None,
) -> Outcome:
    """The kills, then the judgement, then whatever else is to be done with the evidence while all is up.

    Raises Failed when the installation does not come back, or a part of the campaign itself ends.
    """
    chance, outcome, begun = Random(asked.seed), Outcome(), time.monotonic()  # noqa: S311  it must be repeatable
    armed = folder / "armed"
    armed.mkdir()
    _come_back_fast(house.config)
    with crew(house, armed, folder / "log", chance, store) as made:
        with _clients(house, asked, people, folder) as clients:
            dying = Dying(made, Armed(armed), ON_S3 if store else IN_FOLDER, outcome)
            _kill(dying, asked, Follower(folder / "ledger"), tell)
            outcome.seconds = time.monotonic() - begun
            made.tend()
            _drained(clients, folder, made)
        _settled(house.config, tell)
        tell("Looking at what is there…")
        outcome.evidence = gathered(house.config, people, folder / "ledger", contents_of(house, store))
        outcome.found = judged(outcome.evidence)
        then(outcome.evidence)
    return outcome


def _come_back_fast(config: Config) -> None:
    """After a crash PostgreSQL makes every file of its folder durable one by one; here the whole disk in one call, as
    durable and much faster (recovery_init_sync_method)."""
    with superuser_connection(places_of(config.home)) as connection:
        connection.execute("ALTER SYSTEM SET recovery_init_sync_method = 'syncfs'")
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def _clients(house: House, asked: Asked, people: list[Person], folder: Path) -> Iterator[Popen[bytes]]:
    """The process of the clients, at work."""
    orders = Orders(house.config.port, CLIENTS, asked.seed, str(folder / "ledger"), str(folder / "stop"), people)
    (folder / "orders").write_bytes(msgspec.msgpack.encode(orders))
    command = (sys.executable, "-P", "-m", "espace.site.bench.crash.clients", folder / "orders")
    child = start_child(command, environment=tool_environment(), output=sys.stderr.fileno())
    try:
        yield child
    finally:
        stop_child(child)


@dataclass(frozen=True, slots=True)
class Dying:
    """Those who may die, what they may die of, and what came of it."""

    made: Crew
    armed: Armed
    choices: tuple[tuple[Choice, ...], ...]
    outcome: Outcome


def _kill(dying: Dying, asked: Asked, answers: Follower, tell: Callable[[str], None]) -> None:
    """One round after the other, each once clients are answered again."""
    limit = time.monotonic() + (asked.seconds or float("inf"))
    told, made = 0, dying.made
    while (done := dying.outcome.kills.total()) < asked.kills and time.monotonic() < limit:
        if done >= told + TOLD_EVERY:
            told = done
            tell(f"{done} kills…")
        _alive(made, answers)
        time.sleep(made.chance.uniform(0, LONGEST_WAIT))
        _round(dying)


def _round(dying: Dying) -> None:
    """What dies in one life of the installation: one of its processes, or several one after the other."""
    chosen = list(dict.fromkeys(dying.made.chance.choice(choices) for choices in dying.choices))
    _at_points(dying, [one for one in chosen if isinstance(one, Point)])
    for one in chosen:
        if isinstance(one, Target) and (killed := dying.made.kill(one)):
            dying.outcome.kills[killed] += 1


def _alive(made: Crew, answers: Follower) -> None:
    """Everything up, and clients answered by what is up now."""
    made.tend()
    answers.answers()
    count, limit = 0, time.monotonic() + DRAIN_SECONDS
    while (count := count + answers.answers()) < ALIVE_ANSWERS:
        if time.monotonic() > limit:
            raise Failed(f"No client was answered for {DRAIN_SECONDS} seconds.")
        made.tend()
        time.sleep(0.005)


def _at_points(dying: Dying, points: Sequence[Point]) -> None:
    """Whoever comes to one of these points dies there; a point that nobody comes to in time is told, and no kill."""
    for point in points:
        dying.armed.arm(point)
    limit = time.monotonic() + POINT_SECONDS
    while any(map(dying.armed.waits, points)) and time.monotonic() < limit:
        time.sleep(0.002)
    missed = {point for point in points if dying.armed.disarm(point)}
    dying.outcome.missed.update(missed)
    reached = [point for point in points if point not in missed]
    dying.outcome.kills.update(reached)
    dying.made.web_processes_died(sum(point not in IN_WORKER for point in reached))


def _drained(clients: "Popen[bytes]", folder: Path, made: Crew) -> None:
    """Until every client has its answers."""
    (folder / "stop").touch()
    limit = time.monotonic() + DRAIN_SECONDS
    while clients.poll() is None:
        if time.monotonic() > limit:
            raise Failed(f"The clients were not done {DRAIN_SECONDS} seconds after the last kill.")
        made.tend()
        try:
            clients.wait(0.1)
        except TimeoutExpired:
            continue
    if clients.returncode:
        raise Failed("The clients ended by themselves: the reason is above.")


def _settled(config: Config, tell: Callable[[str], None]) -> None:
    """Until the worker has nothing left to do.

    What a dead worker held is let go of at once, and what failed is due at once: to wait for two minutes and more
    would prove nothing.
    """
    tell("Waiting for the worker…")
    limit = time.monotonic() + CAUGHT_UP_SECONDS
    with superuser_connection(places_of(config.home), MAIN_DATABASE) as connection:
        connection.execute(
            "UPDATE outbox_event SET leased_until = NULL, due_at = LEAST(due_at, now()) "
            "WHERE dead_at IS NULL AND attempts > 0"
        )
        while time.monotonic() < limit:
            row = connection.execute(
                "SELECT (SELECT count(*) FROM outbox_event WHERE dead_at IS NULL) "
                "+ (SELECT count(*) FROM trace_pending)"
            ).fetchone()
            if row == (0,):
                return
            time.sleep(0.1)


def contents_of(house: House, store: Seaweed | None) -> Reader:
    """What gives a content by its name, without a word of the platform's."""
    return store.read if store else in_folder(house.config.home / "contents")


def gathered(config: Config, people: list[Person], ledger: Path, contents: Reader) -> Evidence:
    """What a stranger finds: lines of the access log are read before the door is asked, which leaves its own."""
    places = places_of(config.home)
    patients = {person.patient for person in people}
    with superuser_connection(places, MAIN_DATABASE) as main, superuser_connection(places, KEYS_DATABASE) as keys:
        rows = rows_of(main, keys, config.home / "keys" / "service.json", contents, patients)
    door = Door(config.port)
    try:
        told = {
            person.patient: door.told(person, [row.id for row in rows.entries if row.patient == person.patient])
            for person in people
        }
    finally:
        door.close()
    return Evidence(tuple(read(ledger)), rows, told)
