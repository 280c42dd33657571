"""A small log for tests: lines of one person, leaves, checkpoints, proof files, and a copy of what is published."""

import argparse
import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections

from espace.edge import new_id
from espace.kernel.ids import PatientId
from espace.kernel.reasons import decisions
from espace.kernel.seal import SEAL
from espace.kernel.words import Actor, ActorKind, Grant, Purpose, Verb, Visibility
from espace.keys.queries import log_keys
from espace.site import transparency, verify_trace
from espace.trace import actions, queries
from espace.trace.facts import ADDED_ONLY, Audience, Outcome, Proof, TraceEvent
from espace.trace.rules.proof_file import proof_file

ORIGIN = "essai.example/transparency"
_seconds = itertools.count()


def later() -> datetime:
    """An instant a minute after the last one that was asked for, in the far future of every other test."""
    return datetime(2040, 1, 1, tzinfo=UTC) + timedelta(minutes=next(_seconds))


def somebody() -> PatientId:
    return PatientId(new_id())


def event(patient: PatientId, **changes: Any) -> TraceEvent:
    fields: dict[str, Any] = {
        "patient": patient, "id": new_id(), "at": later(), "actor_kind": ActorKind.PROFESSIONAL,
        "actor_id": new_id(), "actor_name": "Zoé Ferrand", "purpose": Purpose.CARE, "verb": Verb.READ,
        "outcome": Outcome.ALLOWED, "reason": "consent_in_force", "objects": (new_id(),),
    }  # fmt: skip
    return TraceEvent(**(fields | changes))


def write(patient: PatientId, count: int = 1) -> list[UUID]:
    """So many lines, waiting."""
    events = [event(patient) for _ in range(count)]
    for one in events:
        actions.append(one)
    return [one.id for one in events]


def others(count: int) -> None:
    """Lines of people whose keys are gone: leaves among which the others are."""
    columns = "gen_random_uuid(), gen_random_uuid(), sha256(gen_random_uuid()::text::bytea)"
    statement = f"INSERT INTO trace_pending (patient_id, line_id, commitment) SELECT {columns}"
    sql(f"{statement} FROM generate_series(1, %s)", count)


def begin_anew() -> None:
    """An empty log: what other tests left would only be read again and again. Their lines stay, without leaves."""
    tables = ("trace_pending", "trace_link", *ADDED_ONLY)
    for table in tables[1:]:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only", alias="owner")
    sql(f"TRUNCATE {', '.join(tables)}", alias="owner")
    for table in tables[1:]:
        sql(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only", alias="owner")


def write_hidden(patient: PatientId, *codes: Visibility, verb: Verb = Verb.READ) -> UUID:
    """A line about a document that is hidden; its document."""
    document = new_id()
    actions.append(event(patient, verb=verb, objects=(document,)), restricted={document: frozenset(codes)})
    return document


def settle() -> None:
    """Every waiting line has its leaf, and a checkpoint covers it."""
    while actions.sequence(1000):
        pass
    actions.publish(at=later(), origin=ORIGIN)


def grant_of(patient: PatientId) -> Grant:
    holder = Actor(ActorKind.HOLDER, new_id(), "Anne", patient=patient)
    return Grant(SEAL, patient, holder, Purpose.HOLDER, Verb.HISTORY, decisions.HOLDER_OWN_RECORD, later())


def proof(patient: PatientId, *, audience: Audience = Audience.HOLDER, only: UUID | None = None) -> Proof:
    found = queries.proof(grant_of(patient), audience=audience, only=only)
    assert found is not None
    return found


def file_of(patient: PatientId, *, audience: Audience = Audience.HOLDER, only: UUID | None = None) -> bytes:
    return proof_file(proof(patient, audience=audience, only=only), log_keys(), whole=only is None)


def verified(data: bytes, folder: Path, **options: Any) -> str:
    """"" when the verifier accepts the file, else its sentence."""
    path = folder / "proof.json"
    path.write_bytes(data)
    asked = {"keys": None, "checkpoint": [], "log": None, "scan": False} | options
    try:
        verify_trace.check(argparse.Namespace(proof=str(path), **asked))
    except verify_trace.Wrong as why:
        return str(why)
    return ""


def published(name: str) -> bytes:
    found = transparency.find(transparency.PREFIX + name)
    assert found is not None, name
    return found.body


def mirror(folder: Path) -> Path:
    """What a witness copied: checkpoint, keys, and every tile that the checkpoint covers."""
    signed = queries.checkpoint()
    assert signed is not None
    names = ["checkpoint", "keys"]
    level = 0
    while (hashes := signed.size >> 8 * level) and level < 8:
        for number in range(-(-hashes // 256)):
            width = min(256, hashes - number * 256)
            end = f"{number:03d}" + (f".p/{width}" if width < 256 else "")
            names += [f"tile/{level}/{end}", *([f"tile/entries/{end}"] if level == 0 else [])]
        level += 1
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(published(name))
    return folder


def sql(statement: str, *values: Any, alias: str = "default") -> list[Any]:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []
