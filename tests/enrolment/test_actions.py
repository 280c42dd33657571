"""Opening, objecting, activating: once each, and an objection is respected."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError

from cast import AT, fresh_ins, holder, opposed
from espace.enrolment import actions, queries, rules
from espace.enrolment.events import SpaceOpened
from espace.enrolment.facts import Candidate, Enrolled, State
from espace.identity.queries import actor_of_account, patient_of, resolve
from espace.kernel.ids import PatientId
from espace.kernel.words import Refused
from espace.outbox import actions as outbox

pytestmark = pytest.mark.usefixtures("db")


def candidate_of(person: object) -> Candidate:
    return Candidate(person.ins, person.traits, "")  # type: ignore[attr-defined]


def link(patient: PatientId, monkeypatch: pytest.MonkeyPatch) -> str:
    """A fresh invitation, and the secret that its mail would carry."""
    posted: list[SpaceOpened] = []
    with monkeypatch.context() as patched:
        patched.setattr(outbox, "post", lambda event, **_: posted.append(event))
        actions.invite(patient=patient, at=AT)
    return posted[0].token


def test_enrolling_again_changes_nothing() -> None:
    camille = holder()
    assert actions.enrol(candidate_of(camille), at=AT) is Enrolled.ALREADY
    assert queries.state(camille.patient) is State.OPENED


def test_an_ins_that_belongs_to_somebody_else_is_not_taken_over() -> None:
    camille, other = holder(), holder(birth_name="AUTRE")
    assert actions.enrol(Candidate(camille.ins, other.traits, ""), at=AT) is Enrolled.OTHER_TRAITS


def test_somebody_who_objected_is_never_opened() -> None:
    paul = opposed()
    assert actions.enrol(candidate_of(paul), at=AT) is Enrolled.OPPOSED
    assert queries.state(paul.patient) is State.OPPOSED


def test_an_open_space_is_not_closed_by_a_late_objection() -> None:
    camille = holder()
    assert actions.record_objection(candidate_of(camille), at=AT) is False
    assert queries.state(camille.patient) is State.OPENED


def test_a_link_activates_once(monkeypatch: pytest.MonkeyPatch) -> None:
    camille = holder()
    token = link(camille.patient, monkeypatch)
    identifier = f"camille.{camille.ins.number}"
    account = actions.activate(token=token, identifier=identifier, password="Bien-9-gardé", at=AT)
    assert isinstance(account, UUID)
    assert queries.state(camille.patient) is State.ACTIVATED
    actor = actor_of_account(account)
    assert actor is not None
    assert (actor.patient, actor.name) == (camille.patient, "Camille Duval")
    assert queries.invitation(token, at=AT) is None
    assert actions.activate(token=token, identifier="autre", password="Bien-9-gardé", at=AT) is None


def test_a_taken_identifier_uses_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    camille, rose = holder(), holder()
    identifier = f"camille.{camille.ins.number}"
    actions.activate(token=link(camille.patient, monkeypatch), identifier=identifier, password="Bien-9-gardé", at=AT)
    token = link(rose.patient, monkeypatch)
    with pytest.raises(IntegrityError):
        actions.activate(token=token, identifier=identifier.upper(), password="Bien-9-gardé", at=AT)
    assert queries.invitation(token, at=AT) is not None
    assert queries.state(rose.patient) is State.OPENED


def test_a_link_dies_with_time_and_with_wrong_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    camille = holder()
    token = link(camille.patient, monkeypatch)
    last = AT + timedelta(weeks=6)
    assert queries.invitation(token, at=last - timedelta(seconds=1)) is not None
    assert queries.invitation(token, at=last) is None
    assert queries.invitation("unknown", at=AT) is None
    for _ in range(rules.INVITATION_ATTEMPTS):
        assert queries.invitation(token, at=AT) is not None
        actions.note_wrong_answer(token)
    assert queries.invitation(token, at=AT) is None


def test_the_birth_date_is_what_the_mail_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    camille = holder()
    invited = queries.invitation(link(camille.patient, monkeypatch), at=AT)
    assert invited is not None
    assert queries.birth_date_agrees(invited, camille.traits.birth_date)
    assert not queries.birth_date_agrees(invited, camille.traits.birth_date + timedelta(days=1))


def test_a_statement_finds_a_person_by_ins_and_authority_only() -> None:
    camille = holder()
    assert resolve([camille.statement], test_identities=True) == camille.patient
    with pytest.raises(Refused) as caught:
        resolve([camille.statement], test_identities=False)
    assert caught.value.reason.code == "ins_authority_unknown"
    unknown = fresh_ins()
    assert patient_of(unknown) is None
