"""Who is told of what, when, how often and in which words; and what no mail ever holds."""

import itertools
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.db import connection, connections

from cast import AT, holder, organisation, put_state, sender
from espace.access import gate
from espace.access.events import AttendingDoctorNamed, ConsentRecorded, GlassBroken
from espace.edge import clock_at
from espace.enrolment.facts import State
from espace.kernel.ids import PatientId
from espace.kernel.words import Actor, ActorKind, Purpose, Refused, Verb
from espace.keys.actions import destroy
from espace.keys.facts import KeyKind
from espace.notices import actions, handlers, queries, rules
from espace.notices.facts import Preferences, Recipient, Told, Wish
from espace.outbox.facts import Event
from espace.outbox.queries import dead_letters
from espace.record.events import DocumentsFiled
from espace.site import worker
from notices.people import activated, close_account

pytestmark = pytest.mark.django_db

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
Mails = list[EmailMessage]


def filed(patient: PatientId, at: datetime = AT, *, shown: bool = True) -> DocumentsFiled:
    return DocumentsFiled(patient, uuid4(), shown, at)


def handle(event: Event, at: datetime = AT) -> None:
    """What the worker does with it at this instant."""
    with clock_at(at):
        for reaction in worker.REACTIONS[type(event)]:
            reaction(event)


def work(at: datetime) -> None:
    with clock_at(at):
        worker.run_until_idle()


def to(address: str, mails: Mails) -> list[str]:
    """The subjects of the mails that reached this address."""
    return [mail.subject for mail in mails if mail.to == [address]]


def choose(patient: PatientId, wanted: Preferences, at: datetime = AT) -> None:
    actor = Actor(ActorKind.HOLDER, uuid4(), "Camille Duval", patient=patient)
    with gate.open_record(
        actor=actor, patient=patient, purpose=Purpose.HOLDER, verb=Verb.SETTINGS, at=at
    ) as grant:
        actions.set_preferences(grant, wanted)


def chosen(patient: PatientId) -> Preferences:
    actor = Actor(ActorKind.HOLDER, uuid4(), "Camille Duval", patient=patient)
    with gate.open_record(
        actor=actor, patient=patient, purpose=Purpose.HOLDER, verb=Verb.LIST, at=AT
    ) as grant:
        return queries.preferences(grant)


NOTHING, ONLY_NEW = Preferences(frozenset()), Preferences(frozenset({Wish.NEW_DOCUMENT}))
ONLY_SHARING = Preferences(frozenset({Wish.SHARING}))
EVERY_BUT_DAILY = Preferences(
    frozenset({Wish.NEW_DOCUMENT, Wish.REPLACED, Wish.DELETED, Wish.UNMASKED, Wish.FIRST_ACCESS, Wish.SHARING})
)

SUBJECTS = {
    DocumentsFiled: (
        "Un nouveau document est arrivé dans votre espace",
        "A new document has arrived in your space",
    ),
    ConsentRecorded: ("Un professionnel a enregistré votre accord", "A professional has recorded your consent"),
    AttendingDoctorNamed: ("Votre médecin traitant a changé", "Your attending doctor has changed"),
    GlassBroken: ("Votre espace a été ouvert en urgence", "Your space was opened in an emergency"),
}
EVENTS: dict[type[Event], Callable[[PatientId], Event]] = {
    DocumentsFiled: filed,
    ConsentRecorded: ConsentRecorded,
    AttendingDoctorNamed: AttendingDoctorNamed,
    GlassBroken: lambda patient: GlassBroken(patient, AT),
}


# --- who and what -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(("language", "place"), [("fr", 0), ("en", 1), ("de", 0)])
def test_each_is_told_in_the_language_of_the_account(
    kind: type[Event], language: str, place: int, mailoutbox: Mails, settings: Any
) -> None:
    settings.ESPACE_PUBLIC_URL = "https://sante.example"
    patient, address = activated(language=language)
    handle(EVENTS[kind](patient))
    (mail,) = (mail for mail in mailoutbox if mail.to == [address])
    assert mail.subject == SUBJECTS[kind][place]
    assert mail.body.startswith("Hello,\n" if place else "Bonjour,\n")
    assert "\nhttps://sante.example/\n" in mail.body
    assert mail.body.count("https://") == 1


def unactivated() -> PatientId:
    return holder().patient


def in_state(state: State) -> PatientId:
    patient, _ = activated()
    put_state(patient, state)
    return patient


def with_closed_account() -> PatientId:
    patient, _ = activated()
    close_account(patient)
    return patient


def without_address() -> PatientId:
    patient, _ = activated()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_account SET email = '' WHERE patient_id = %s", [patient])
    return patient


UNTOLD: dict[str, Callable[[], PatientId]] = {
    "not activated": unactivated,
    "nobody": lambda: PatientId(uuid4()),
    "closed account": with_closed_account,
    "no address": without_address,
    **{state: partial(in_state, state) for state in State if state is not State.ACTIVATED},
}


@pytest.mark.parametrize("who", UNTOLD)
@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_who_cannot_come_and_look_is_not_told(who: str, kind: type[Event], mailoutbox: Mails) -> None:
    handle(EVENTS[kind](UNTOLD[who]()))
    assert mailoutbox == []


def test_a_document_hidden_from_the_holder_is_never_told_and_delays_no_mail(mailoutbox: Mails) -> None:
    patient, address = activated()
    handle(filed(patient, shown=False))
    work(AT + 2 * HOUR)
    assert to(address, mailoutbox) == []
    handle(filed(patient, AT + SECOND))
    assert len(to(address, mailoutbox)) == 1


# --- preferences --------------------------------------------------------------------------------------------


def test_all_but_a_mail_a_day_is_wanted_until_the_holder_chooses() -> None:
    patient, _ = activated()
    assert chosen(patient) == Preferences() == EVERY_BUT_DAILY
    for wanted in (ONLY_SHARING, NOTHING, ONLY_NEW, Preferences(frozenset(Wish))):
        choose(patient, wanted)
        assert chosen(patient) == wanted


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (EVERY_BUT_DAILY, {DocumentsFiled, ConsentRecorded, AttendingDoctorNamed, GlassBroken}),
        (ONLY_SHARING, {ConsentRecorded, AttendingDoctorNamed, GlassBroken}),
        (ONLY_NEW, {DocumentsFiled, GlassBroken}),
        (NOTHING, {GlassBroken}),
    ],
)
def test_what_is_not_wanted_is_not_sent(wanted: Preferences, told: set[type[Event]], mailoutbox: Mails) -> None:
    patient, address = activated()
    choose(patient, wanted)
    for kind in EVENTS:
        handle(EVENTS[kind](patient))
    assert set(to(address, mailoutbox)) == {SUBJECTS[kind][0] for kind in told}


def test_what_is_no_longer_wanted_is_not_sent_when_its_time_comes(mailoutbox: Mails) -> None:
    patient, address = activated()
    handle(filed(patient), AT)
    handle(filed(patient, AT + 30 * MINUTE), AT + 30 * MINUTE)
    choose(patient, ONLY_SHARING, AT + 40 * MINUTE)
    work(AT + 2 * HOUR)
    choose(patient, Preferences(), AT + 2 * HOUR)
    work(AT + 4 * HOUR)
    assert len(to(address, mailoutbox)) == 1


def test_nobody_but_the_holder_sets_them() -> None:
    patient, _ = activated()
    for actor in (
        Actor(ActorKind.HOLDER, uuid4(), "Paul Martin", patient=activated()[0]),
        Actor(ActorKind.PROFESSIONAL, uuid4(), "Anne Morel", organisation=uuid4(), profession="10"),
    ):
        setting = {"actor": actor, "patient": patient, "purpose": Purpose.HOLDER, "verb": Verb.SETTINGS, "at": AT}
        with pytest.raises(Refused), gate.open_record(**setting):
            pass


def test_a_grant_for_something_else_does_not_serve() -> None:
    hospital, patient = organisation(), activated()[0]
    feeding = {"actor": sender(hospital), "patient": patient, "purpose": Purpose.FEED, "verb": Verb.DEPOSIT, "at": AT}
    with pytest.raises(TypeError, match="does not serve"), gate.open_record(**feeding) as grant:
        queries.preferences(grant)
    listing = {
        "actor": Actor(ActorKind.HOLDER, uuid4(), "Camille Duval", patient=patient),
        "patient": patient, "purpose": Purpose.HOLDER, "verb": Verb.LIST, "at": AT,
    }  # fmt: skip
    with pytest.raises(TypeError, match="does not serve"), gate.open_record(**listing) as grant:
        actions.set_preferences(grant, Preferences())


# --- when and how often -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mailed", "happened", "moment"),
    [
        (None, AT, AT + SECOND),
        (AT, AT - HOUR, None),
        (AT, AT, None),
        (AT, AT + 10 * MINUTE, None),
        (AT, AT + 10 * MINUTE + SECOND, AT + HOUR),
        (AT, AT + HOUR - SECOND, AT + HOUR),
        (AT, AT + HOUR, AT + HOUR + SECOND),
        (AT, AT + 5 * HOUR, AT + 5 * HOUR + SECOND),
    ],
)
def test_a_mail_about_documents_goes_at_once_then_once_an_hour(
    mailed: datetime | None, happened: datetime, moment: datetime | None
) -> None:
    told = Told(1, mailed, None)
    assert rules.mail_at(told, rules.NEW_DOCUMENT, happened=happened, at=happened + SECOND) == moment


def test_deposits_that_come_together_make_one_mail(mailoutbox: Mails) -> None:
    patient, address = activated()
    for number in range(20):
        at = AT + number * 30 * SECOND
        handle(filed(patient, at), at + SECOND)
    work(AT + 24 * HOUR)
    assert to(address, mailoutbox) == ["Un nouveau document est arrivé dans votre espace"]


def test_a_document_that_comes_later_in_the_hour_is_told_at_the_end_of_it(mailoutbox: Mails) -> None:
    patient, address = activated()
    handle(filed(patient), AT)
    for minutes in (20, 30, 59):
        handle(filed(patient, AT + minutes * MINUTE), AT + minutes * MINUTE)
    work(AT + 59 * MINUTE)
    assert len(to(address, mailoutbox)) == 1
    work(AT + HOUR)
    assert len(to(address, mailoutbox)) == 2
    work(AT + 24 * HOUR)
    assert len(to(address, mailoutbox)) == 2


def test_an_event_handled_again_after_its_mail_makes_no_second_one(mailoutbox: Mails) -> None:
    patient, address = activated()
    event = filed(patient)
    for at in (AT, AT + SECOND, AT + 30 * MINUTE, AT + 26 * HOUR):
        handle(event, at)
    work(AT + 48 * HOUR)
    assert len(to(address, mailoutbox)) == 1


def test_what_waited_while_no_worker_ran_makes_one_mail(mailoutbox: Mails) -> None:
    patient, address = activated()
    for day in range(5):
        handle(filed(patient, AT + timedelta(days=day)), AT + timedelta(days=9))
    work(AT + timedelta(days=20))
    assert len(to(address, mailoutbox)) == 1


def test_each_consent_is_told_and_many_in_a_row_make_few_mails(mailoutbox: Mails) -> None:
    patient, address = activated()
    for number in range(30):
        handle(ConsentRecorded(patient), AT + number * 10 * SECOND)
    assert len(to(address, mailoutbox)) == 1
    work(AT + 10 * MINUTE)
    assert len(to(address, mailoutbox)) == 2
    handle(ConsentRecorded(patient), AT + 30 * MINUTE)
    assert len(to(address, mailoutbox)) == 3


def test_topics_and_people_do_not_delay_one_another(mailoutbox: Mails) -> None:
    (one, first), (other, second) = activated(), activated()
    for patient, kind in itertools.product((one, other), EVENTS):
        handle(EVENTS[kind](patient))
    assert sorted(to(first, mailoutbox)) == sorted(to(second, mailoutbox)) == sorted(s for s, _ in SUBJECTS.values())


def test_a_mail_that_could_not_be_sent_is_not_taken_for_sent(
    mailoutbox: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient, address = activated()
    event = filed(patient)
    with monkeypatch.context() as patched, pytest.raises(ConnectionRefusedError):
        patched.setattr(actions, "send", _refuse)
        handle(event)
    handle(event, AT + 3 * HOUR)
    assert len(to(address, mailoutbox)) == 1


def _refuse(mail: object) -> None:
    raise ConnectionRefusedError


def test_a_crash_between_the_mail_and_its_mark_sends_the_very_same_mail_again(
    mailoutbox: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient, address = activated()
    event = filed(patient)
    with monkeypatch.context() as patched, pytest.raises(MemoryError):
        patched.setattr(actions, "_keep", lambda *words: (_ for _ in ()).throw(MemoryError))
        handle(event)
    handle(event, AT + MINUTE)
    handle(filed(patient, AT + 3 * HOUR), AT + 3 * HOUR)
    first, again, other = (mail.extra_headers["Message-ID"] for mail in mailoutbox if mail.to == [address])
    assert first == again != other


def test_two_workers_at_once_send_one_mail(mailoutbox: Mails) -> None:
    patient, address = activated()
    failures: list[Exception] = []

    def one() -> None:
        try:
            handlers.tell_of_documents(filed(patient))
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(to(address, mailoutbox)) == 1


def test_a_put_off_mail_of_somebody_erased_stops_nobody(mailoutbox: Mails) -> None:
    patient, address = activated()
    handle(filed(patient), AT)
    handle(filed(patient, AT + 30 * MINUTE), AT + 30 * MINUTE)
    destroy(patient, [KeyKind.CONTENT, KeyKind.METADATA], at=AT)
    work(AT + 2 * HOUR)
    assert len(to(address, mailoutbox)) == 1
    assert ("notices.MailPostponed", "keys_destroyed") in {(one.kind, one.error) for one in dead_letters(10_000)}


# --- from the deposit to the mail ---------------------------------------------------------------------------

PLANTED = ("Zygomatique", "Tréphine", "Xylostome")


def test_no_mail_holds_a_word_of_what_happened(mailoutbox: Mails) -> None:
    """Names of documents, kinds, professionals, structures, people, INS: none of them, in any topic or language."""
    for language in ("fr", "en"):
        to_whom = Recipient("h@example.org", language)
        for topic in rules.TOPICS.values():
            mail = rules.notice(topic, to=to_whom, link="https://sante.example/", id=str(uuid4()))
            assert not any(digit in mail.subject + mail.text for digit in "0123456789")
    patient, address = activated()
    for kind in EVENTS:
        handle(EVENTS[kind](patient))
    sent = [mail.message().as_string() + mail.subject + mail.body for mail in mailoutbox if mail.to == [address]]
    assert len(sent) == len(EVENTS)
    for forbidden in (*PLANTED, "Camille", "Duval", "DUVAL", str(patient), patient.hex):
        assert not any(forbidden in text for text in sent)


def test_the_tables_of_notices_hold_no_word_of_what_a_mail_is_about() -> None:
    patient, address = activated()
    handle(filed(patient))
    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text FROM notices_mail m WHERE patient_id = %s", [patient])
        (row,) = cursor.fetchall()
    assert row[0] == f'({patient},new_document,1,"2026-03-04 09:30:00+00",)'
    assert address not in row[0]
