"""Opening, objecting, activating: once each, and an objection is respected."""

import threading
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connections

from cast import AT, Holder, fresh_ins, holder, opposed, put_state
from espace.enrolment import actions, queries
from espace.enrolment.events import HolderInvited
from espace.enrolment.facts import Candidate, Enrolled, State
from espace.identity.queries import actor_of_account, patient_of, resolve
from espace.kernel.ids import PatientId
from espace.kernel.words import Refused
from espace.outbox import actions as outbox

pytestmark = pytest.mark.usefixtures("db")

DAY = timedelta(days=1)


def candidate_of(person: Holder) -> Candidate:
    return Candidate(person.ins, person.traits, "")


def link(patient: PatientId, monkeypatch: pytest.MonkeyPatch) -> str:
    """A fresh invitation, and the secret that its mail would carry."""
    posted: list[HolderInvited] = []
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
    assert not actions.prove(token=token, birth_date=camille.traits.birth_date, at=last)
    for _ in range(5):
        assert queries.invitation(token, at=AT) is not None
        assert not actions.prove(token=token, birth_date=camille.traits.birth_date + DAY, at=AT)
    assert queries.invitation(token, at=AT) is None
    assert not actions.prove(token=token, birth_date=camille.traits.birth_date, at=AT)


def test_the_fifth_answer_may_be_the_right_one_and_right_answers_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    camille = holder()
    token = link(camille.patient, monkeypatch)
    wrong = [actions.prove(token=token, birth_date=camille.traits.birth_date + DAY, at=AT) for _ in range(4)]
    right = [actions.prove(token=token, birth_date=camille.traits.birth_date, at=AT) for _ in range(3)]
    assert (wrong, right) == ([False] * 4, [True] * 3)
    assert queries.invitation(token, at=AT) is not None


def test_of_many_answers_at_once_five_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    camille = holder()
    token = link(camille.patient, monkeypatch)
    looked_at: list[date] = []

    def look(patient: PatientId, birth_date: date) -> bool:
        looked_at.append(birth_date)
        return queries.birth_date_agrees(patient, birth_date)

    monkeypatch.setattr(actions, "birth_date_agrees", look)
    together = threading.Barrier(12)

    def guess() -> None:
        together.wait(20)
        actions.prove(token=token, birth_date=camille.traits.birth_date + DAY, at=AT)
        connections.close_all()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked_at) == 5
    assert queries.invitation(token, at=AT) is None


@pytest.mark.parametrize("state", [state for state in State if state is not State.OPENED])
def test_only_an_opened_space_is_activated(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    camille = holder()
    token = link(camille.patient, monkeypatch)
    identifier = f"camille.{camille.ins.number}"
    put_state(camille.patient, state)
    assert queries.invitation(token, at=AT) is None
    assert actions.activate(token=token, identifier=identifier, password="Bien-9-gardé", at=AT) is None
    assert queries.state(camille.patient) is state
    put_state(camille.patient, State.OPENED)
    assert actions.activate(token=token, identifier=identifier, password="Bien-9-gardé", at=AT) is not None


@pytest.mark.parametrize("state", [State.NOT_INVITED, State.INFORMED])
def test_somebody_whose_space_waits_is_opened(state: State) -> None:
    camille = holder()
    put_state(camille.patient, state)
    assert actions.enrol(candidate_of(camille), at=AT) is Enrolled.OPENED
    assert queries.state(camille.patient) is State.OPENED


@pytest.mark.parametrize("state", [State.CLOSED, State.ERASED, State.DECEASED, State.SUSPENDED])
def test_enrolling_opens_no_space_that_ended(state: State) -> None:
    camille = holder()
    put_state(camille.patient, state)
    assert actions.enrol(candidate_of(camille), at=AT) is Enrolled.ALREADY
    assert queries.state(camille.patient) is state


def test_a_statement_finds_a_person_by_ins_and_authority_only() -> None:
    camille = holder()
    assert resolve([camille.statement], test_identities=True) == camille.patient
    with pytest.raises(Refused) as caught:
        resolve([camille.statement], test_identities=False)
    assert caught.value.reason.code == "ins_authority_unknown"
    unknown = fresh_ins()
    assert patient_of(unknown) is None
