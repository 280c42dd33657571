"""Emergencies: as a professional declares one, and as the holder decides about them beforehand (C18-C20)."""

from dataclasses import asdict

import msgspec
from django.db import connection

from espace import edge
from espace.access.actions.alerts import raise_alert
from espace.access.actions.relations import keep
from espace.access.events import GlassBroken
from espace.access.facts import AlertKind, Cause, Glass, Relation, Switches
from espace.access.queries.alerts import subject_of_alert
from espace.access.queries.emergency import EMERGENCY, blind_doctor
from espace.access.queries.relations import new_relation, row_of, rows
from espace.access.queries.switches import TABLE
from espace.access.rules import end_of_emergency, words_of
from espace.kernel.reasons import emergency
from espace.kernel.values import replace
from espace.kernel.words import PERSONAL, Grant, Purpose, Refused, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context
from espace.outbox import actions as outbox

_PUT = """
INSERT INTO access_switches (patient_id, sealed) VALUES (%s, %s)
ON CONFLICT (patient_id) DO UPDATE SET sealed = EXCLUDED.sealed
"""
_DECLARE = "INSERT INTO access_emergency (patient_id, id, at, attending, sealed) VALUES (%s, %s, %s, %s, %s)"


def break_glass(grant: Grant, *, cause: Cause, words: str) -> Relation:
    """The professional declares that the patient cannot be asked and is at immediate risk: the record opens for some
    hours, and the holder and the attending doctor are told at once (CSP L1111-17 I, R1111-48; C17, C18).

    Declared again, it runs again. Raises EMERGENCY_UNSAID where the words say nothing.
    """
    dispatch = grant.purpose is Purpose.DISPATCH
    grant.require(Purpose.DISPATCH if dispatch else Purpose.BREAK_GLASS, Verb.BREAK_GLASS)
    if not (said := words_of(words)):
        raise Refused(emergency.EMERGENCY_UNSAID)
    row = row_of(grant, grant.actor.id)
    present = row.relation if row else new_relation(grant.actor)
    declared = Glass(cause, said, grant.at, end_of_emergency(grant.at), dispatch)
    changed = replace(present, glass=declared)
    keep(grant, row, changed)
    grant.asked |= {"cause": cause, "words": said, "until": declared.until.isoformat()}
    _tell(grant, changed)
    return changed


def _tell(grant: Grant, relation: Relation) -> None:
    """What the attending doctor reads of, what the operator reviews, and the event that tells the holder."""
    others = (row.relation for row in rows(grant) if row.relation.attending)
    attending = next((one.professional for one in others if one.professional != grant.actor.id), None)
    declared = edge.new_id()
    sealed = keys.keys_of(grant).seal(KeyKind.METADATA, msgspec.json.encode(relation), context(EMERGENCY, declared))
    with connection.cursor() as cursor:
        cursor.execute(_DECLARE, [grant.patient, declared, grant.at, blind_doctor(attending), sealed])
    raise_alert(
        kind=AlertKind.EMERGENCY,
        at=grant.at,
        professional=grant.actor.id,
        organisation=grant.actor.organisation,
        subject=subject_of_alert(grant.patient),
    )
    told = GlassBroken(grant.patient, grant.at, relation.name, relation.organisation_name)
    outbox.post(told, patient=grant.patient, at=grant.at)


def set_switches(grant: Grant, wanted: Switches) -> None:
    """What the holder decides for emergencies, from now on: an access that they refuse ends at once."""
    grant.require(PERSONAL, Verb.SWITCHES)
    sealed = keys.keys_of(grant).seal(KeyKind.METADATA, msgspec.json.encode(wanted), context(TABLE, grant.patient))
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [grant.patient, sealed])
    for row in rows(grant):
        glass = row.relation.glass
        if glass and not (wanted.dispatch if glass.dispatch else wanted.break_glass):
            keep(grant, row, replace(row.relation, glass=None))
    grant.asked |= {name: "yes" if chosen else "no" for name, chosen in asdict(wanted).items()}
