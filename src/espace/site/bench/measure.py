"""One measurement after the other: the platform, then its bound, with the same number of clients."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from tempfile import TemporaryDirectory

import msgspec

from espace import edge
from espace.site.bench import bound
from espace.site.bench.cards import SIZES, cards_of
from espace.site.bench.facts import (
    DEPOSITS,
    DOCUMENT_BYTES,
    LONG_LIFE_RATE,
    PAGE_RATE,
    PAGES,
    READINGS,
    Asked,
    Bound,
    Cost,
    Load,
    Measured,
)
from espace.site.bench.files import file_server
from espace.site.bench.health import give
from espace.site.bench.house import House, background, web
from espace.site.bench.load import ANSWER_SECONDS, BEGUN, Card, Client, Orders, Seen, Window
from espace.site.bench.people import settle
from espace.site.bench.proc import cpu_seconds, peak_mib
from espace.site.bench.professionals import forget_openings
from espace.site.bench.statements import Script, fresh_each_time, logged, usual_count
from espace.site.processes import start_child, stop_child
from espace.site.source import tool_environment
from espace.site.terminal import Failed

WARM_UP_SECONDS, WARM_UP_SHARE = 1.0, 0.3
"""Before each window: a second, and this share of its length."""
LOOKED_AT = 50
"""Requests whose statements are read from the server's log."""
SIGNED_A_SECOND = 400
"""Assertions signed before a run, for each of its seconds."""


def measure(house: House, asked: Asked, tell: Callable[[str], None]) -> Iterator[Measured]:
    """Every measurement asked for, each as soon as it is there."""
    tell("Opening spaces and filing documents…")
    residents = settle(asked.spaces, asked.documents, SIZES[asked.what], tell, first=asked.first)
    if asked.facts:
        tell("Giving them facts of health…")
        give(residents, asked.facts)
    cards = cards_of(asked.what, residents)
    tell("Reading the statements of single requests…")
    scripts = _statements(house, cards[:LOOKED_AT])
    for clients in asked.clients:
        tell(f"{asked.what}, {clients} at once…")
        load, cost = _platform(house, asked, clients, cards)
        yield Measured(
            what=asked.what,
            clients=clients,
            load=load,
            cost=cost,
            statements=usual_count(scripts),
            bound=_bound(house, asked, clients, scripts),
            files=_files(house, asked, clients) if asked.what in READINGS else None,
        )


def _statements(house: House, cards: Sequence[Card]) -> list[Script]:
    """What each of these requests sends to the database once the server is warm."""
    scripts, since = [], edge.now()
    forget_openings(house)
    with logged(house) as log, web(house):
        client = Client(house.config.port)
        client.socket.settimeout(ANSWER_SECONDS)
        for card in (*cards[:2], *cards):
            ask(client, card)
            scripts.append(fresh_each_time(log.since(), since=since))
        client.socket.close()
    return scripts[2:]


def ask(client: Client, card: Card) -> None:
    """One request and its whole answer. Raises Failed when it is refused, or never comes."""
    try:
        client.send(card, 0)
        while not (status := client.take()):
            pass
    except OSError as error:
        raise Failed(f"A single request was not answered: {str(error) or type(error).__name__}.") from error
    if why := client.refused(status):
        raise Failed(f"A request was refused: {why}")


def _platform(house: House, asked: Asked, clients: int, cards: list[Card]) -> tuple[Load, Cost]:
    steady = LONG_LIFE_RATE if asked.facts else PAGE_RATE
    rate = steady if asked.what in PAGES else 0.0
    forget_openings(house)
    with ExitStack() as stack:
        server = stack.enter_context(web(house))
        worker = stack.enter_context(background(house))
        watched = {"server": server, "worker": worker, "postgresql": house.database}
        return loaded(house.config.home, house.config.port, clients, asked.seconds, cards, watched, rate)


def _bound(house: House, asked: Asked, clients: int, scripts: Sequence[Script]) -> Bound | None:
    if asked.what in PAGES:
        return None
    deposit = asked.what in DEPOSITS
    with bound.insertion(house, DOCUMENT_BYTES) if deposit else bound.repetition(house, scripts) as bench:
        return bound.measured(house, bench, clients=clients, seconds=asked.seconds)


def _files(house: House, asked: Asked, clients: int) -> Bound:
    count = min(500, asked.spaces * asked.documents)
    home = house.config.home
    with TemporaryDirectory(dir=home) as folder, file_server(Path(folder) / "static", count) as (port, server, cards):
        load, _ = loaded(home, port, clients, asked.seconds, cards, {"server": server}, 0.0)
    if load.errors:
        raise Failed(f"The file server refused: {load.first_error}")
    return Bound("granian serving files of the same size", load.rate, 0.0)


def loaded(
    home: Path, port: int, clients: int, seconds: float, cards: list[Card], watched: dict[str, int], rate: float
) -> tuple[Load, Cost]:
    """The cards asked for by so many clients, and what the watched processes spent meanwhile."""
    with TemporaryDirectory(dir=home) as folder:
        orders, answer = Path(folder) / "orders", Path(folder) / "answer"
        warm_up = WARM_UP_SECONDS + WARM_UP_SHARE * seconds
        stock = round(SIGNED_A_SECOND * (warm_up + seconds)) if cards[0].signing else 0
        orders.write_bytes(msgspec.msgpack.encode(Orders(port, clients, warm_up, seconds, rate, cards, stock)))
        command = (sys.executable, "-P", "-m", "espace.site.bench.load", orders, answer)
        child = start_child(command, environment=tool_environment())
        try:
            families = {**watched, "client": child.pid}
            window = _begun(answer.with_suffix(BEGUN), child)
            time.sleep(max(0.0, window.begin - time.monotonic()))
            before = {name: cpu_seconds(pid) for name, pid in families.items()}
            time.sleep(max(0.0, window.end - time.monotonic()))
            spent = {name: cpu_seconds(pid) - before[name] for name, pid in families.items()}
            peak = {name: peak_mib(pid) for name, pid in watched.items()}
            _ended(child)
        finally:
            stop_child(child)
        seen = msgspec.msgpack.decode(answer.read_bytes(), type=Seen)
    return _summary(seen, seconds), _cost(seen, spent, peak)


def _begun(path: Path, child: Popen[bytes]) -> Window:
    """The window that the load generator announces once it is connected."""
    while not path.exists():
        if child.poll() is not None:
            raise Failed("The load generator did not begin: the reason is above.")
        time.sleep(0.01)
    return msgspec.msgpack.decode(path.read_bytes(), type=Window)


def _ended(child: Popen[bytes]) -> None:
    """Until the load generator has written what it saw, which it does as soon as the window ends."""
    try:
        failed = child.wait(ANSWER_SECONDS)
    except TimeoutExpired as error:
        raise Failed(f"The load generator was not done {ANSWER_SECONDS} seconds after its window.") from error
    if failed:
        raise Failed("The load generator ended by itself: the reason is above.")


def _summary(seen: Seen, seconds: float) -> Load:
    whole, first = sorted(seen.whole), sorted(seen.first)
    return Load(
        requests=len(whole),
        errors=seen.errors,
        first_error=seen.first_error,
        rate=len(whole) / seconds,
        p50_ms=percentile(whole, 50),
        p95_ms=percentile(whole, 95),
        p99_ms=percentile(whole, 99),
        first_byte_p95_ms=percentile(first, 95),
    )


def percentile(ranked: Sequence[float], share: int) -> float:
    """In milliseconds, the least value that `share` % of the sorted seconds do not exceed; 0 of none."""
    return 1000 * ranked[max(0, -(-len(ranked) * share // 100) - 1)] if ranked else 0.0


def _cost(seen: Seen, spent: dict[str, float], peak: dict[str, float]) -> Cost:
    count = max(1, len(seen.whole))
    return Cost({name: 1000 * cpu / count for name, cpu in spent.items()}, peak)
