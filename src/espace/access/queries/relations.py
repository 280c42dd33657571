"""What links professionals to a record."""

from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.db import connection

from espace.access.facts import Relation
from espace.kernel.ids import PatientId
from espace.kernel.words import CARING, PERSONAL, Actor, Grant, Purpose
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context

TABLE = "access_relation"


@dataclass(frozen=True, slots=True)
class Row:
    """A relation with the id of its row."""

    id: UUID
    relation: Relation


def relations(grant: Grant) -> tuple[Relation, ...]:
    """Every professional linked to the holder's record, by name."""
    grant.require(PERSONAL)
    found = (row.relation for row in rows(grant))
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.professional)))


def relation(grant: Grant) -> Relation:
    """What links the professional who asks to this record."""
    grant.require(grant.purpose if grant.purpose in CARING else Purpose.CARE)
    return relation_of(grant) or new_relation(grant.actor)


def new_relation(actor: Actor) -> Relation:
    return Relation(actor.id, actor.name, actor.profession, actor.organisation_name)


def relation_of(grant: Grant) -> Relation | None:
    """What links this professional to this patient, for the decision itself: nothing is granted yet."""
    row = row_of(grant, grant.actor.id)
    return row.relation if row else None


def row_of(grant: Grant, professional: UUID) -> Row | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, sealed FROM access_relation WHERE patient_id = %s AND professional = %s",
            [grant.patient, blind(grant.patient, professional)],
        )
        found = cursor.fetchone()
    return _opened(grant, found) if found else None


def rows(grant: Grant) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, sealed FROM access_relation WHERE patient_id = %s", [grant.patient])
        return [_opened(grant, row) for row in cursor.fetchall()]


def _opened(grant: Grant, row: tuple[UUID, bytes]) -> Row:
    """SealBroken when the row was altered: then nobody is let in on its word."""
    sealed = keys.keys_of(grant).open(KeyKind.METADATA, bytes(row[1]), context(TABLE, row[0]))
    return Row(row[0], msgspec.json.decode(sealed, type=Relation))


def blind(patient: PatientId, professional: UUID) -> bytes:
    return keys.blind_index("relation", f"{patient}|{professional}")
