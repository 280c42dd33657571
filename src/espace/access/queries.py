"""The facts of a decision, read on the primary, in the transaction of the decision."""

from espace.access.facts import Facts
from espace.enrolment import queries as enrolment
from espace.kernel.ids import PatientId
from espace.kernel.words import Actor, Purpose, Verb


def facts_for(*, actor: Actor, patient: PatientId, purpose: Purpose, verb: Verb) -> Facts:
    return Facts(
        actor=actor.kind,
        purpose=purpose,
        verb=verb,
        own_record=actor.patient == patient,
        state=enrolment.state(patient),
    )
