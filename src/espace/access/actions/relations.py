"""Consent as the professional records it; blocks and the attending doctor as the holder decides."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection

from espace import edge
from espace.access.actions.budget import own_word
from espace.access.actions.listing import relist
from espace.access.events import AdministrationChanged, AttendingDoctorNamed, ConsentRecorded
from espace.access.facts import DOCTOR, Consent, How, Relation
from espace.access.queries.relations import TABLE, Row, blind, new_relation, row_of, rows
from espace.access.rules import gift_allowed, lasting, leaving_with, named, term_allowed
from espace.identity.facts import Professional
from espace.kernel.reasons import care, teams
from espace.kernel.values import replace
from espace.kernel.words import PERSONAL, Grant, Purpose, Refused, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context
from espace.outbox import actions as outbox


def record_consent(grant: Grant, *, how: How, until: datetime) -> Relation:
    """The patient agreed, says the professional who asks: who, when, how, until when; the holder is told (C11, C40).

    A new consent takes the place of the one that a professional recorded before, and of the holder's own where it
    lasts longer; the access log keeps every one. Raises CONSENT_TERM_REFUSED.
    """
    row, agreed = recorded(grant, how=how, until=until)
    known = row.relation if row else None
    own = known.consent if known and known.consent and known.consent.how is How.HOLDER else None
    changed = replace(present(grant, known), consent=lasting(own, agreed))
    keep(grant, row, changed)
    told = ConsentRecorded(grant.patient, who=changed.name, place=changed.organisation_name, at=grant.at)
    outbox.post(told, patient=grant.patient, at=grant.at)
    return changed


def recorded(grant: Grant, *, how: How, until: datetime) -> tuple[Row | None, Consent]:
    """What links the professional who asks to this record, and the consent that they state; the line says it."""
    grant.require(Purpose.CARE, Verb.CONSENT)
    if how is How.HOLDER or not term_allowed(at=grant.at, until=until):
        raise Refused(care.CONSENT_TERM_REFUSED)
    grant.asked |= {"how": how, "until": until.isoformat()}
    return row_of(grant, grant.actor.id), Consent(how, grant.at, until)


def present(grant: Grant, known: Relation | None) -> Relation:
    """The professional who asks, as they are today, with what the holder and their team decided of them."""
    today = new_relation(grant.actor)
    if grant.secret:
        raise TypeError("a consent that is recorded in a session of secret care is for that care alone")
    if known is None:
        return today
    named = replace(today, attending=known.attending, administrator_since=known.administrator_since)
    return replace(named, team=known.team, secret=known.secret)


def withdraw_consent(grant: Grant) -> None:
    """The professional ends their own access, that of an emergency too, and leaves their team; in secret care, their
    access to it alone. Nothing happens where there is none."""
    grant.require(Purpose.CARE, Verb.WITHDRAW)
    row = row_of(grant, grant.actor.id)
    if row and grant.secret:
        keep(grant, row, replace(row.relation, secret=None))
    elif row and (row.relation.consent or row.relation.glass or row.relation.team):
        keep(grant, row, replace(row.relation, consent=None, glass=None, team=None))


def give_access(grant: Grant, professional: Professional, *, until: datetime | None) -> None:
    """The holder's own consent, for good or until a day (C28). Raises CONSENT_TERM_REFUSED, PROFESSIONAL_UNKNOWN for
    whoever does not practise any more, PROFESSIONAL_BLOCKED for whoever must be unblocked first."""
    grant.require(PERSONAL, Verb.GIVE_ACCESS)
    row, known = known_to(grant, professional)
    if not professional.active:
        raise Refused(care.PROFESSIONAL_UNKNOWN)
    if known.blocked_at is not None:
        raise Refused(care.PROFESSIONAL_BLOCKED)
    if not gift_allowed(at=grant.at, until=until):
        raise Refused(care.CONSENT_TERM_REFUSED)
    keep(grant, row, replace(known, consent=Consent(How.HOLDER, grant.at, until)))
    grant.asked["until"] = until.isoformat() if until else ""


def end_access(grant: Grant, professional: UUID) -> None:
    """The holder ends a consent, an emergency or a place in a team. Whom they named reads on. Again changes nothing.

    PROFESSIONAL_UNKNOWN for whoever nothing links to this record.
    """
    grant.require(PERSONAL, Verb.END_ACCESS)
    row = _linked(grant, professional)
    secret = None if grant.purpose is Purpose.HOLDER else row.relation.secret
    ended = replace(row.relation, consent=None, glass=None, team=None, secret=secret)
    if ended != row.relation:
        keep(grant, row, ended)


def _linked(grant: Grant, professional: UUID) -> Row:
    """The row of somebody whom the holder named in an address; the log names them. What a minor decides about secret
    care is hidden from the representatives, for whom who is linked by it alone is nobody. PROFESSIONAL_UNKNOWN."""
    row = row_of(grant, professional)
    if row is None or (row.relation.secret_only and grant.purpose is not Purpose.HOLDER):
        raise Refused(care.PROFESSIONAL_UNKNOWN)
    grant.secret |= row.relation.secret_only
    grant.asked["professional"] = row.relation.name
    return row


def block(grant: Grant, professional: Professional) -> None:
    """From now on this professional reads nothing, whether they ever did or not (C24, C25); they may still feed. Who
    was in a care team on their word leaves it with them.

    The attending doctor and administrators block for the holder, who is told; NAMED_BY_THE_PATIENT for one of them.
    """
    grant.require(PERSONAL | {Purpose.CARE}, Verb.BLOCK, Verb.REPORT)
    row, known = known_to(grant, professional)
    if grant.purpose is Purpose.CARE and named(known):
        raise Refused(teams.NAMED_BY_THE_PATIENT)
    grant.secret |= known.secret_only
    if known.blocked_at is None:
        everybody = rows(grant)
        leaving = leaving_with(professional.id, [one.relation for one in everybody])
        for one in everybody:
            if one.relation.professional in leaving:
                keep(grant, one, replace(one.relation, team=None))
        ended = replace(known, consent=None, team=None, attending=False, administrator_since=None, secret=None)
        keep(grant, row, replace(ended, blocked_at=grant.at))
        if grant.purpose is Purpose.CARE:
            by = grant.actor
            told = AdministrationChanged(grant.patient, by.name, by.organisation_name, professional.name, grant.at)
            outbox.post(told, patient=grant.patient, at=grant.at)


def unblock(grant: Grant, professional: UUID) -> None:
    """Lift the block; reading needs a new consent (C24). Again changes nothing.

    PROFESSIONAL_UNKNOWN for whoever nothing links to this record.
    """
    grant.require(PERSONAL, Verb.UNBLOCK)
    row = _linked(grant, professional)
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
        row, known = known_to(grant, professional)
        if not known.attending:
            keep(grant, row, replace(known, attending=True, blocked_at=None))
            changed = True
    if changed:
        told = AttendingDoctorNamed(grant.patient, professional.name if professional else "", grant.at)
        outbox.post(told, patient=grant.patient, at=grant.at)


def known_to(grant: Grant, professional: Professional) -> tuple[Row | None, Relation]:
    """The row of this professional if there is one, and what to write in it; the log names whom it is about.

    Where they acted in secret care is told to no representative: whoever is linked by it alone has the place that the
    directory gives, and for whoever helps the holder nothing links them yet.
    """
    grant.asked["professional"] = professional.name
    row = row_of(grant, professional.id)
    place = next((activity.name for activity in professional.activities), "")
    fresh = Relation(professional.id, professional.name, professional.profession, place)
    if row is None or not row.relation.secret_only:
        return row, row.relation if row else fresh
    known = row.relation if grant.purpose is Purpose.HOLDER else replace(fresh, secret=row.relation.secret)
    return row, replace(known, name=fresh.name, profession=fresh.profession, organisation_name=place)


def keep(grant: Grant, row: Row | None, relation: Relation) -> None:
    """For the actions of this room. Of two changes of one relation at once, the second fails to serialise and is run
    again. Whatever is done outside of secret care makes a link that representatives know of. Where it is the link of
    whoever acts, `queries.relation` tells it from now on."""
    if relation.secret_only and not grant.secret:
        mine = grant.actor.id == relation.professional
        place = grant.actor.organisation_name if mine else relation.organisation_name
        relation = replace(relation, secret_only=False, organisation_name=place)
    if grant.actor.id == relation.professional:
        grant.linked = relation
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
    relist(grant, relation)
    if row is None and grant.verb is Verb.CONSENT:
        own_word(grant)
