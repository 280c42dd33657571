"""What links professionals to a record."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from espace.access.facts import NEVER, Relation, Telling
from espace.access.rules import known_to_helpers
from espace.kernel.ids import PatientId
from espace.kernel.json import decode
from espace.kernel.values import replace
from espace.kernel.words import CARING, PERSONAL, Actor, Grant, Purpose, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.queries import PatientKeys
from espace.keys.rules import context

TABLE = "access_relation"
TELLING = "access_telling"

_ROW = """
SELECT r.id, r.sealed, (SELECT t.sealed FROM access_telling t
  WHERE t.patient_id = r.patient_id AND t.professional = r.professional)
FROM access_relation r WHERE r.patient_id = %s AND r.professional = %s
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A relation with the id of its row, and when the holder was told that the professional reads."""

    id: UUID
    relation: Relation
    told: Telling = NEVER


def relations(grant: Grant) -> tuple[Relation, ...]:
    """Every professional linked to the holder's record, by name; whoever helps the holder knows of no secret care."""
    grant.require(PERSONAL)
    every = (row.relation for row in rows(grant))
    found = every if grant.purpose is Purpose.HOLDER else filter(None, map(known_to_helpers, every))
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.professional)))


def relation(grant: Grant) -> Relation:
    """What links the professional who asks to this record: read for the decision, or written since."""
    grant.require(grant.purpose if grant.purpose in CARING else Purpose.CARE)
    return grant.linked if isinstance(grant.linked, Relation) else new_relation(grant.actor)


def team_of(grant: Grant) -> tuple[Relation, ...]:
    """The members of the care team of the professional who asks, in the order in which they joined."""
    grant.require(Purpose.CARE, Verb.TEAM)
    everybody = [row.relation for row in rows(grant)]
    own = next((one.team for one in everybody if one.professional == grant.actor.id), None)
    found = [(one.team.at, one.name, one) for one in everybody if own and one.team and one.team.team == own.team]
    return tuple(one for _, _, one in sorted(found, key=lambda told: told[:2]))


def new_relation(actor: Actor) -> Relation:
    return Relation(actor.id, actor.name, actor.profession, actor.organisation_name)


def relation_of(grant: Grant) -> Relation | None:
    """What links this professional to this patient, for the decision itself: nothing is granted yet."""
    row = row_of(grant, grant.actor.id)
    grant.told = row.told if row else None
    return row.relation if row else None


def row_of(grant: Grant, professional: UUID) -> Row | None:
    index = blind(grant.patient, professional)
    with connection.cursor() as cursor:
        cursor.execute(_ROW, [grant.patient, index])
        found = cursor.fetchone()
    if found is None:
        return None
    row = _opened(grant, found[:2])
    return replace(row, told=opened_telling(keys.keys_of(grant), index, found[2]))


def opened_telling(at_hand: PatientKeys, index: bytes, sealed: bytes | None) -> Telling:
    """What is kept under this blind index; one that was altered is told anew."""
    try:
        return decode(
            at_hand.open(KeyKind.METADATA, bytes(sealed), telling_context(index)) if sealed else b"{}", Telling
        )
    except SealBroken:
        return NEVER


def telling_context(index: bytes) -> bytes:
    return context(TELLING, UUID(bytes=index[:16]))


def rows(grant: Grant) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, sealed FROM access_relation WHERE patient_id = %s", [grant.patient])
        return [_opened(grant, row) for row in cursor.fetchall()]


def _opened(grant: Grant, row: tuple[UUID, bytes]) -> Row:
    """SealBroken when the row was altered: then nobody is let in on its word."""
    sealed = keys.keys_of(grant).open(KeyKind.METADATA, bytes(row[1]), context(TABLE, row[0]))
    return Row(row[0], decode(sealed, Relation))


def blind(patient: PatientId, professional: UUID) -> bytes:
    return keys.blind_index("relation", f"{patient}|{professional}")
