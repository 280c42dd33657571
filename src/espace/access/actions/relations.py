"""Consent as the professional records it; blocks and the attending doctor as the holder decides."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection

from espace import edge
from espace.access.events import AttendingDoctorNamed, ConsentRecorded
from espace.access.facts import DOCTOR, Consent, How, Relation
from espace.access.queries.relations import TABLE, Row, blind, new_relation, row_of, rows
from espace.access.rules import term_allowed
from espace.identity.facts import Professional
from espace.kernel.reasons import care
from espace.kernel.words import PERSONAL, Grant, Purpose, Refused, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context
from espace.outbox import actions as outbox


def record_consent(grant: Grant, *, how: How, until: datetime) -> Relation:
    """The patient agreed, says the professional who asks: who, when, how, until when; the holder is told (C11, C40).

    A new consent takes the place of the one before; the access log keeps every one. Raises CONSENT_TERM_REFUSED.
    """
    grant.require(Purpose.CARE, Verb.CONSENT)
    if not term_allowed(at=grant.at, until=until):
        raise Refused(care.CONSENT_TERM_REFUSED)
    row = row_of(grant, grant.actor.id)
    present = new_relation(grant.actor)
    if row:
        present = replace(present, attending=row.relation.attending)
    changed = replace(present, consent=Consent(how, grant.at, until))
    keep(grant, row, changed)
    grant.asked |= {"how": how, "until": until.isoformat()}
    outbox.post(ConsentRecorded(grant.patient), patient=grant.patient, at=grant.at)
    return changed


def withdraw_consent(grant: Grant) -> None:
    """The professional ends their own access, that of an emergency too; nothing happens where there is none."""
    grant.require(Purpose.CARE, Verb.WITHDRAW)
    row = row_of(grant, grant.actor.id)
    if row and (row.relation.consent or row.relation.glass):
        keep(grant, row, replace(row.relation, consent=None, glass=None))


def block(grant: Grant, professional: Professional) -> None:
    """From now on this professional reads nothing, whether they ever did or not (C24, C25); they may still feed."""
    grant.require(PERSONAL, Verb.BLOCK)
    row, known = _known(grant, professional)
    if known.blocked_at is None:
        keep(grant, row, replace(known, consent=None, attending=False, blocked_at=grant.at))


def unblock(grant: Grant, professional: UUID) -> None:
    """Lift the block; reading needs a new consent (C24). Again changes nothing.

    PROFESSIONAL_UNKNOWN for whoever nothing links to this record.
    """
    grant.require(PERSONAL, Verb.UNBLOCK)
    row = row_of(grant, professional)
    if row is None:
        raise Refused(care.PROFESSIONAL_UNKNOWN)
    grant.asked["professional"] = row.relation.name
    if row.relation.blocked_at is not None:
        keep(grant, row, replace(row.relation, blocked_at=None))


def name_attending_doctor(grant: Grant, professional: Professional | None) -> None:
    """The holder's one attending doctor from now on, or nobody (C15, C36). Raises NOT_A_DOCTOR.

    Naming somebody who was blocked lifts the block: they could not be both. Again changes nothing, and tells nobody.
    """
    grant.require(PERSONAL, Verb.NAME_DOCTOR)
    if professional and (professional.profession != DOCTOR or not professional.active):
        raise Refused(care.NOT_A_DOCTOR)
    changed = False
    for former in rows(grant):
        if former.relation.attending and (professional is None or former.relation.professional != professional.id):
            keep(grant, former, replace(former.relation, attending=False))
            changed = True
    if professional:
        row, known = _known(grant, professional)
        if not known.attending:
            keep(grant, row, replace(known, attending=True, blocked_at=None))
            changed = True
    if changed:
        outbox.post(AttendingDoctorNamed(grant.patient), patient=grant.patient, at=grant.at)


def _known(grant: Grant, professional: Professional) -> tuple[Row | None, Relation]:
    """The row of this professional if there is one, and what to write in it; the log names whom it is about."""
    grant.asked["professional"] = professional.name
    row = row_of(grant, professional.id)
    place = next((activity.name for activity in professional.activities), "")
    fresh = Relation(professional.id, professional.name, professional.profession, place)
    return row, row.relation if row else fresh


def keep(grant: Grant, row: Row | None, relation: Relation) -> None:
    """For the actions of this room. Of two changes of one relation at once, the second fails to serialise and is run
    again."""
    row_id = row.id if row else edge.new_id()
    sealed = keys.keys_of(grant).seal(KeyKind.METADATA, msgspec.json.encode(relation), context(TABLE, row_id))
    with connection.cursor() as cursor:
        if row:
            cursor.execute(
                "UPDATE access_relation SET sealed = %s WHERE patient_id = %s AND id = %s",
                [sealed, grant.patient, row_id],
            )
        else:
            cursor.execute(
                "INSERT INTO access_relation (patient_id, id, professional, sealed) VALUES (%s, %s, %s, %s)",
                [grant.patient, row_id, blind(grant.patient, relation.professional), sealed],
            )
