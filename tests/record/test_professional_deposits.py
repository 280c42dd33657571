"""A professional deposits for the organisation where they act, in nobody else's name, what their profession writes."""

from datetime import date
from uuid import uuid4

import pytest

from cast import AT, Holder, document, entry, holder, organisation, submission
from espace.access import gate
from espace.identity.facts import Ins, Traits
from espace.kernel.ids import PatientId
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind, Kinds, Purpose, RefusedProblems, Verb
from espace.record import actions
from espace.record.rules import problems
from espace.wire.xds import Coded
from record.test_amending import ANNE, doctor, lines, listed


@pytest.mark.django_db
def test_a_professional_deposits_for_the_organisation_where_they_act() -> None:
    camille, office = holder(), organisation("Cabinet du Port", source_id="1.2.250.1.999.4")
    anne = doctor(office)
    for source_id in (ANNE, "10001288385", f"1.2.250.1.71.4.2.1|{ANNE}", "1.2.250.1.999.4"):
        sent = submission(camille, document(), source_id=source_id)
        with gate.open_record(
            actor=anne, patient=camille.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
        ) as grant:
            (filed,) = actions.submit(grant, submission=sent, headers=[None]).documents
        assert listed(camille)[filed].organisation_name == "Cabinet du Port"
    assert lines(camille)[0].reason == "holder_own_record"
    assert {line.reason for line in lines(camille) if line.verb is Verb.DEPOSIT} == {"professional_feeds"}


@pytest.mark.django_db
@pytest.mark.parametrize("source_id", ["1.2.250.1.999.1.1", "810009999999", "1.2.250.1.71.4.2.1|810009999999"])
def test_a_professional_deposits_in_nobody_elses_name(source_id: str) -> None:
    camille, office = holder(), organisation("Cabinet du Port", source_id="1.2.250.1.999.4")
    sent = submission(camille, document(), source_id=source_id)
    with (
        pytest.raises(RefusedProblems) as caught,
        gate.open_record(
            actor=doctor(office), patient=camille.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
        ) as grant,
    ):
        actions.submit(grant, submission=sent, headers=[None])
    assert caught.value.reason.code == "source_not_yours"


def test_a_kind_that_a_profession_does_not_write_is_refused_at_its_place() -> None:
    sent = submission(stranger(), document(), document(replace(entry(), place="e1", type=Coded("11490-0"))))
    found = problems(
        sent,
        [None, None],
        sends_as={"1.2.250.1.999.1.1"},
        adult=True,
        at=AT,
        writes=Kinds(frozenset({"11502-2"})),
    )
    assert ("not_entitled", "e1.type") in [(one.reason.code, one.place) for one in found]
    assert ("not_entitled", "e0.type") not in [(one.reason.code, one.place) for one in found]


def stranger() -> Holder:
    """Somebody for pure rules, without a space."""
    patient = PatientId(uuid4())
    traits = Traits("DUVAL", ("CAMILLE",), date(1985, 3, 7), "F", "44109")
    actor = Actor(ActorKind.HOLDER, uuid4(), "", patient=patient)
    return Holder(patient, Ins("185037512345678", "1.2.3"), traits, actor)
