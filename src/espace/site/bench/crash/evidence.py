"""What a stranger with every key finds once all is up again: rows by plain SQL, contents by hash, the door by HTTP."""

import hashlib
import http.client
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psycopg

from espace.site.bench.crash.facts import Line, Person
from espace.site.bench.crash.opening import Opener, Unopened

TRACE_LABEL = b"espace-log/v1"
NONCE_BYTES = 32
MASKED = "MASQUE_PS"
Reader = Callable[[UUID], bytes]
"""The sealed content of a name, as it is kept; OSError where there is none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document's row; `digest` is the SHA-256 of its content as it opens, "missing" or "broken"."""

    patient: str
    id: str
    submission: str
    status: str
    content: str
    digest: str


@dataclass(frozen=True, slots=True)
class Traced:
    """A line of the access log as it opens, its commitment checked."""

    patient: str
    id: str
    verb: str
    actor: str
    outcome: str
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The database. Associations are (kind, source, target); a restriction's code is "" when it does not open."""

    entries: tuple[Entry, ...]
    submissions: frozenset[str]
    located: frozenset[str]
    named: tuple[str, ...]
    associations: tuple[tuple[str, str, str], ...]
    restrictions: tuple[tuple[str, str], ...]
    lines: tuple[Traced, ...]
    broken_lines: tuple[str, ...]
    commitments: tuple[bytes, ...]
    leaves: tuple[tuple[int, bytes], ...]
    pending: tuple[bytes, ...]
    waiting: int
    dead: int
    counted: dict[str, int]


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as a search tells it."""

    entry: str
    document: str
    status: str
    masked: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What the FHIR door answers about one record: to its holder, to the doctor, and contents (status, SHA-256)."""

    holder: tuple[Listed, ...]
    doctor: tuple[Listed, ...]
    served: dict[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is judged. `told` is by patient."""

    ledger: tuple[Line, ...]
    rows: Rows
    told: dict[str, Told]


def rows_of(
    main: "psycopg.Connection[Any]",
    keys: "psycopg.Connection[Any]",
    service: Path,
    contents: Reader,
    patients: set[str],
) -> Rows:
    """Everything that the two databases and the store hold of these people."""
    wrapped = keys.execute("SELECT patient_id, kind, version, wrapped FROM wrapped_key WHERE wrapped IS NOT NULL")
    opener = Opener(service, wrapped.fetchall())
    asked = [UUID(one) for one in patients]
    lines, broken, commitments = _lines(main, opener, asked)
    return Rows(
        entries=tuple(_entries(main, opener, contents, asked)),
        submissions=frozenset(_ids(main, "SELECT id FROM record_submission WHERE patient_id = ANY(%s)", asked)),
        located=frozenset(_ids(main, "SELECT entry_id FROM record_locator WHERE patient_id = ANY(%s)", asked)),
        named=tuple(_ids(main, "SELECT target_id FROM record_unique_id WHERE patient_id = ANY(%s)", asked)),
        associations=tuple(
            (kind, str(source), str(target))
            for kind, source, target in main.execute(
                "SELECT kind, source_id, target_id FROM record_association WHERE patient_id = ANY(%s)", [asked]
            )
        ),
        restrictions=tuple(_restrictions(main, opener, asked)),
        lines=lines,
        broken_lines=broken,
        commitments=commitments,
        leaves=tuple((row[0], bytes(row[1])) for row in main.execute("SELECT index, commitment FROM trace_leaf")),
        pending=tuple(bytes(row[0]) for row in main.execute("SELECT commitment FROM trace_pending")),
        waiting=_count(main, "SELECT count(*) FROM outbox_event WHERE dead_at IS NULL"),
        dead=_count(main, "SELECT count(*) FROM outbox_event WHERE dead_at IS NOT NULL"),
        counted=dict(main.execute("SELECT what, sum(count)::bigint FROM indicator_counter GROUP BY what").fetchall()),
    )


def _ids(main: "psycopg.Connection[Any]", statement: Any, asked: list[UUID]) -> list[str]:
    return [str(row[0]) for row in main.execute(statement, [asked])]


def _count(main: "psycopg.Connection[Any]", statement: Any) -> int:
    row = main.execute(statement).fetchone()
    return int(row[0]) if row else 0


def _entries(main: "psycopg.Connection[Any]", opener: Opener, contents: Reader, asked: list[UUID]) -> Iterator[Entry]:
    for patient, row, submission, status, content in main.execute(
        "SELECT patient_id, id, submission_id, status, content FROM record_entry WHERE patient_id = ANY(%s)", [asked]
    ):
        digest = _digest(opener, contents, patient, content)
        yield Entry(str(patient), str(row), str(submission), status, str(content), digest)


def _digest(opener: Opener, contents: Reader, patient: UUID, content: UUID) -> str:
    try:
        sealed = contents(content)
        return hashlib.sha256(opener.open(patient, "content", sealed, "record_content", content)).hexdigest()
    except OSError:
        return "missing"
    except Unopened:
        return "broken"


def _restrictions(
    main: "psycopg.Connection[Any]", opener: Opener, asked: list[UUID]
) -> Iterator[tuple[str, str]]:
    """(document, code)."""
    for patient, row, entry, sealed in main.execute(
        "SELECT patient_id, id, entry_id, sealed FROM record_restriction WHERE patient_id = ANY(%s)", [asked]
    ):
        try:
            said = json.loads(opener.open(patient, "metadata", bytes(sealed), "record_restriction", row))
        except Unopened:
            said = {"code": ""}
        yield str(entry), said["code"]


def _lines(
    main: "psycopg.Connection[Any]", opener: Opener, asked: list[UUID]
) -> tuple[tuple[Traced, ...], tuple[str, ...], tuple[bytes, ...]]:
    """The lines of these people that open and are what was committed to, the ids of the others, and the commitments
    of everybody's."""
    good, broken, commitments = [], [], []
    for patient, row, commitment, sealed in main.execute(
        "SELECT patient_id, id, commitment, sealed FROM trace_event"
    ):
        commitments.append(bytes(commitment))
        try:
            plain = opener.open(patient, "log", bytes(sealed), "trace_event", row)
        except Unopened:
            broken.append(str(row))
            continue
        line = json.loads(plain[NONCE_BYTES:])
        whole = hashlib.sha256(TRACE_LABEL + plain).digest() == commitment and line["id"] == str(row)
        if not whole:
            broken.append(str(row))
        elif patient in asked:
            objects = tuple(line["objects"])
            good.append(Traced(str(patient), str(row), line["verb"], line["actor_kind"], line["outcome"], objects))
    return tuple(good), tuple(broken), tuple(commitments)


def in_folder(contents: Path) -> Reader:
    """Contents as files: a folder for the last two digits of their names."""
    return lambda name: (contents / name.hex[-2:] / name.hex).read_bytes()


class Door:
    """The FHIR door, from outside."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, token: str) -> tuple[int, bytes]:
        self._connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def told(self, person: Person, entries: Sequence[str]) -> Told:
        """What the door says now of this record, and the content of each of these documents."""
        of_doctor = f"?patient.identifier={person.named.replace('|', '%7C')}"
        told = Told(tuple(self._listed("", person.holder)), tuple(self._listed(of_doctor, person.doctor)))
        for entry in entries:
            status, body = self.get(f"/fhir/Binary/{entry}", person.holder)
            told.served[entry] = (status, hashlib.sha256(body).hexdigest() if status == 200 else "")
        return told

    def _listed(self, query: str, token: str) -> Iterator[Listed]:
        """Every page of a search."""
        path = f"/fhir/DocumentReference{query}"
        while path:
            status, body = self.get(path, token)
            if status != 200:
                raise ConnectionError(f"a search was answered {status}")
            bundle = json.loads(body)
            yield from (_listed(one["resource"]) for one in bundle.get("entry", ()))
            path = next((_local(one["url"]) for one in bundle["link"] if one["relation"] == "next"), "")

    def close(self) -> None:
        self._connection.close()


def _local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def _listed(resource: dict[str, Any]) -> Listed:
    labels = [coding["code"] for label in resource.get("securityLabel", ()) for coding in label["coding"]]
    number = resource["masterIdentifier"]["value"].rpartition(".")[2]
    return Listed(resource["id"], number, resource["status"], MASKED in labels)

