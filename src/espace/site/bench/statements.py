"""The SQL of one request, as the database server itself received it: from its statement log, one request at a time."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from psycopg import sql

from espace.site.bench.house import House
from espace.site.databases import superuser_connection
from espace.site.places import APPLICATION, KEYS, places_of

Script = tuple[str, ...]
"""The statements of one request, in order, each with its values in it."""

_LOGGING = {"log_statement": "all", "log_error_verbosity": "default", "log_parameter_max_length": "-1"}
_LINE = re.compile(r"^\d{4}-\S+ \S+ \S+ \[\d+\] (?P<kind>[A-Z]+):  (?P<text>.*)$", re.DOTALL)
_STATEMENT = re.compile(r"(?:statement|execute [^:]*): (?P<sql>.*)", re.DOTALL)
_VALUE = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")
_SHARE = re.compile(r"\A'-?\d+\.\d{6,}'\Z")
"""What the platform sent as a number with its type, and the log writes as a text: next to whole numbers it says so."""
_ID = re.compile(r"'([0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12})'")


class StatementLog:
    """What was added to the server's log since it was last read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = path.stat().st_size

    def since(self) -> Script:
        with self._path.open("rb") as file:
            file.seek(self._read)
            text = file.read()
        self._read += len(text)
        return tuple(_statements(text.decode("utf-8", "replace")))


@contextmanager
def logged(house: House) -> Iterator[StatementLog]:
    """Every statement of the connections opened in the block is written in the throw-away server's log."""
    places = places_of(house.config.home)
    with superuser_connection(places) as connection:
        for role in (APPLICATION, KEYS):
            for name, value in _LOGGING.items():
                command = sql.SQL("ALTER ROLE {} SET {} = {}")
                connection.execute(command.format(sql.Identifier(role), sql.Identifier(name), sql.Literal(value)))
        try:
            yield StatementLog(places.log)
        finally:
            for role in (APPLICATION, KEYS):
                connection.execute(sql.SQL("ALTER ROLE {} RESET ALL").format(sql.Identifier(role)))


def _statements(log: str) -> Iterator[str]:
    """Statements with their values: a DETAIL gives those of the line before; a line after a tab goes on the last."""
    waiting = ""
    for said in re.split(r"\n(?!\t)", log):
        found = _LINE.match(said.replace("\n\t", "\n"))
        if found and found["kind"] == "DETAIL":
            waiting = _filled(waiting, found["text"])
        elif found and (statement := _STATEMENT.match(found["text"])):
            if waiting:
                yield waiting
            waiting = statement["sql"]
    if waiting:
        yield waiting


def _filled(statement: str, detail: str) -> str:
    values = {number: _SHARE.sub(r"\g<0>::float8", value) for number, value in _VALUE.findall(detail)}
    return re.sub(r"\$(\d+)", lambda found: values.get(found[1], found[0]), statement)


def fresh_each_time(script: Script, *, since: datetime) -> Script:
    """The script with a new id wherever the request had made one (a UUIDv7 of that moment or later)."""
    moment = int(since.timestamp() * 1000)

    def fresh(found: re.Match[str]) -> str:
        made = UUID(found[1]).int >> 80
        return "gen_random_uuid()" if made >= moment else found[0]

    return tuple(_ID.sub(fresh, statement) for statement in script)


def usual_count(scripts: Sequence[Script]) -> int:
    """How many statements most requests have."""
    counts = [len(script) for script in scripts]
    return max(set(counts), key=counts.count, default=0)
