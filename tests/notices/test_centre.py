"""The notice centre: what is told in the portal, to whom, once; what is hidden is told to nobody."""

import itertools
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from cast import AT, Holder, cares, consents, document, entry, holder, names_doctor, organisation, professional, sender
from cast import submission as sent_by
from espace.access import gate
from espace.access.events import AttendingDoctorNamed, CareTeamChanged, ConsentRecorded, GlassBroken
from espace.edge import clock_at, new_id
from espace.identity.events import (
    AddressChanged,
    HelpAnswered,
    HelpEnded,
    NewBrowser,
    PasswordChanged,
    RecoveryTold,
    SignInChanged,
)
from espace.identity.facts import Organisation
from espace.kernel.reasons import helping
from espace.kernel.words import Actor, Grant, Purpose, Refused, Verb, Visibility
from espace.keys.actions import destroy
from espace.keys.facts import KeyKind
from espace.notices import actions, queries, rules
from espace.notices.facts import Kind, Notice, Received
from espace.outbox.facts import Event
from espace.record.actions import add, amend, inspected, mask, submit
from espace.record.events import Changing, DocumentChanged, DocumentsFiled, Titled
from espace.record.facts import Change, Upload
from espace.site import worker
from espace.trace.facts import Audience
from espace.wire.xds import NewDocument
from notices.people import activated, activated_holder
from record.secret import as_holder, as_proxy, minor, mother_of

pytestmark = pytest.mark.django_db

HELD = frozenset({Visibility.INVISIBLE_PATIENT})
MASKED = frozenset({Visibility.MASQUE_PS})
FROM_PARENTS = frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX})
MINUTE = timedelta(minutes=1)
Told = list[tuple[str, str, tuple[str, ...]]]
"""Kind, who, titles."""


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event")
    yield


def later() -> datetime:
    """Each time a second later: ids follow the clock."""
    return AT + timedelta(seconds=next(_TICKS))


_TICKS = itertools.count(1)


def work() -> None:
    with clock_at(later()):
        worker.run_until_idle()


def deposit(to: Holder, by: Organisation, *documents: NewDocument) -> tuple[UUID, ...]:
    with gate.open_record(
        actor=sender(by), patient=to.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
    ) as grant:
        filed = submit(grant, submission=sent_by(to, *documents), headers=[None] * len(documents))
    work()
    return filed.documents


def change(of: Holder, by: Organisation, one: UUID, wanted: Change) -> None:
    with gate.open_record(
        actor=sender(by), patient=of.patient, purpose=Purpose.FEED, verb=Verb.AMEND, at=AT
    ) as grant:
        amend(grant, one, wanted)
    work()


def titled(title: str, **labels: frozenset[Visibility]) -> NewDocument:
    return document(entry(title=title, **labels), f"{title} {uuid4()}".encode())


def happen(event: Event) -> None:
    with clock_at(later()):
        for reaction in worker.REACTIONS[type(event)]:
            reaction(event)


def received(of: Holder, by: Actor | None = None) -> tuple[Received, ...]:
    def read(grant: Grant) -> tuple[Received, ...]:
        return queries.centre(grant, most=50).notices

    return as_proxy(of, by, Verb.HISTORY, read) if by else as_holder(of, Verb.HISTORY, read)


def told(of: Holder, by: Actor | None = None) -> Told:
    every = (one.notice for one in received(of, by))
    return [(one.kind.value, one.who, tuple(about.title for about in one.documents)) for one in every]


def counted(of: Holder, by: Actor | None = None) -> int:
    return as_proxy(of, by, Verb.LIST, queries.unread) if by else as_holder(of, Verb.LIST, queries.unread)


def rows(of: Holder) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notices_notice WHERE patient_id = %s", [of.patient])
        return int(cursor.fetchone()[0])


# --- documents ----------------------------------------------------------------------------------------------


def test_a_new_document_is_told_by_its_title_and_who_filed_it() -> None:
    camille, hospital = holder(), organisation("Hôpital des Remparts")
    deposit(camille, hospital, titled("Analyses"), titled("Radiographie"))
    assert told(camille) == [("new_document", hospital.name, ("Analyses", "Radiographie"))]
    (one,) = received(camille)
    assert (one.notice.at, one.read, counted(camille)) == (AT, False, 1)
    assert all(about.there for about in one.notice.documents)


def test_a_new_version_is_told_as_one_and_each_by_its_title_of_that_day() -> None:
    camille, hospital = holder(), organisation()
    (first,) = deposit(camille, hospital, titled("Analyses"))
    deposit(camille, hospital, document(entry(title="Corrigé"), b"new", replaces=f"DocumentReference/{first}"))
    assert [(kind, titles) for kind, _, titles in told(camille)] == [
        ("replaced", ("Corrigé",)),
        ("new_document", ("Analyses",)),
    ]


def test_a_document_that_its_depositor_deleted_is_told_and_leads_nowhere() -> None:
    camille, hospital = holder(), organisation()
    (one,) = deposit(camille, hospital, titled("Analyses"))
    change(camille, hospital, one, Change(deleted=True))
    change(camille, hospital, one, Change(deleted=True))
    assert told(camille) == [("deleted", hospital.name, ("Analyses",)), ("new_document", hospital.name, ("Analyses",))]
    assert not any(about.there for it in received(camille) for about in it.notice.documents)


def test_a_mask_that_its_depositor_lifts_is_told_unless_the_holder_masks_it_too() -> None:
    camille, hospital = holder(), organisation()
    shown, kept = deposit(
        camille, hospital, titled("Montrée", visibility=MASKED), titled("Gardée", visibility=MASKED)
    )
    as_holder(camille, Verb.MASK, lambda grant: mask(grant, kept))
    for one in (shown, kept):
        change(camille, hospital, one, Change(visibility=frozenset()))
    assert told(camille)[:-1] == [("unmasked", hospital.name, ("Montrée",))]


# --- what is hidden is told to nobody -----------------------------------------------------------------------


def test_what_is_held_from_the_holder_leaves_no_row_whatever_becomes_of_it() -> None:
    camille, hospital = holder(), organisation()
    held, deleted = deposit(camille, hospital, titled("Tue", visibility=HELD), titled("Ôtée", visibility=HELD))
    deposit(camille, hospital, document(entry(title="Plus"), b"more", replaces=f"DocumentReference/{held}"))
    change(camille, hospital, deleted, Change(deleted=True))
    assert (told(camille), rows(camille)) == ([], 0)


def test_of_documents_filed_together_only_those_that_show_are_named() -> None:
    camille = holder()
    deposit(camille, organisation(), titled("Vue"), titled("Tue", visibility=HELD))
    assert [titles for _, _, titles in told(camille)] == [("Vue",)]


def test_a_hold_that_ends_makes_the_document_new_that_day() -> None:
    camille, hospital = holder(), organisation()
    (held,) = deposit(camille, hospital, titled("Annoncée", visibility=HELD))
    change(camille, hospital, held, Change(visibility=frozenset()))
    assert told(camille) == [("new_document", "", ("Annoncée",))]


def test_a_notice_about_what_shows_no_more_does_not_exist() -> None:
    """A restriction whose row was altered hides until an operator has looked."""
    camille, hospital = holder(), organisation()
    (one,) = deposit(camille, hospital, titled("Analyses", visibility=MASKED))
    assert len(told(camille)) == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_restriction SET sealed = %s WHERE entry_id = %s", [b"altered", one])
    assert told(camille) == []


def test_what_a_minor_keeps_from_their_representatives_is_told_to_the_minor_alone() -> None:
    leo, hospital = minor(), organisation()
    mother = mother_of(leo)
    work()
    before = told(leo, mother), counted(leo, mother)
    (secret,) = deposit(leo, hospital, titled("Secrète", visibility=FROM_PARENTS))
    change(leo, hospital, secret, Change(deleted=True))
    happen(ConsentRecorded(leo.patient, secret=True, who="Anne Morel", at=AT))
    assert (told(leo, mother), counted(leo, mother)) == before
    assert {kind for kind, _, _ in told(leo)} >= {"new_document", "deleted", "consent"}
    deposit(leo, hospital, titled("Ouverte"))
    assert told(leo, mother)[0][2] == ("Ouverte",)
    assert counted(leo, mother) == before[1] + 1


# --- everything else ----------------------------------------------------------------------------------------

PLANTED = "Zygomatique"


def events(patient: UUID) -> dict[str, Event]:
    """One event for each kind, with a name that no mail may hold."""
    one = Titled(new_id(), PLANTED)
    return {
        "new_document": DocumentsFiled(patient, new_id(), True, AT, documents=(one,), who=PLANTED, place=PLANTED),
        "deleted": DocumentChanged(patient, one, Changing.DELETED, AT, PLANTED, PLANTED),
        "unmasked": DocumentChanged(patient, one, Changing.UNMASKED, AT, PLANTED, PLANTED),
        "replaced": DocumentsFiled(
            patient, new_id(), True, AT, documents=(Titled(new_id(), PLANTED, replaces=True),), who=PLANTED
        ),
        "consent": ConsentRecorded(patient, who=PLANTED, place=PLANTED, at=AT),
        "team": CareTeamChanged(patient, PLANTED, PLANTED, PLANTED, AT),
        "emergency": GlassBroken(patient, AT, PLANTED, PLANTED),
        "attending_doctor": AttendingDoctorNamed(patient, PLANTED, AT),
        "help": HelpAnswered(patient, True, PLANTED, AT),
        "new_browser": NewBrowser(patient, AT),
        "sign_in_changed": SignInChanged(patient, AT),
        "password_changed": PasswordChanged(patient, AT),
        "address_changed": AddressChanged(patient, "", "fr", AT),
        "recovery": RecoveryTold(patient, "done", "", AT),
    }


OF_THE_ACCOUNT = {"new_browser", "sign_in_changed", "password_changed", "address_changed", "recovery"}
OF_DOCUMENTS = {"new_document", "replaced", "deleted", "unmasked"}


def test_each_thing_is_told_once_and_the_way_in_to_nobody_else() -> None:
    leo = minor()
    mother = mother_of(leo)
    actions_of = {kind: event for kind, event in events(leo.patient).items() if kind not in OF_DOCUMENTS}
    for event in (*actions_of.values(), *actions_of.values()):
        happen(event)
    assert sorted(kind for kind, _, _ in told(leo)) == sorted(actions_of)
    assert sorted(kind for kind, _, _ in told(leo, mother)) == sorted(set(actions_of) - OF_THE_ACCOUNT)
    assert (counted(leo), counted(leo, mother)) == (len(actions_of), len(actions_of) - len(OF_THE_ACCOUNT))


def test_help_that_the_holder_ended_is_no_news_to_them() -> None:
    camille = holder()
    names_doctor(camille, professional())  # so that they have keys
    for event in (
        HelpEnded(camille.patient, new_id(), "Paul Martin", own=True, at=AT),
        HelpEnded(camille.patient, None, "", own=False, at=AT),
        HelpEnded(camille.patient, new_id(), "Léa Petit", own=False, at=AT),
        HelpAnswered(camille.patient, False, "Zoé Duval", AT),
    ):
        happen(event)
    assert [(one.notice.who, one.notice.detail) for one in received(camille)] == [
        ("Zoé Duval", "declines"),
        ("Léa Petit", "ended"),
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_mail_about_any_of_it_names_anything(language: str, mailoutbox: list[EmailMessage]) -> None:
    patient, address = activated(language=language)
    every = events(patient)
    for event in every.values():
        happen(event)
    sent = [mail for mail in mailoutbox if mail.to == [address]]
    assert len(sent) >= 10
    for mail in sent:
        assert PLANTED not in mail.message().as_string() + mail.subject + mail.body
        assert ("Sign in" if language == "en" else "onnectez-vous") in mail.body or "http" in mail.body


def test_somebody_who_is_erased_is_told_nothing_and_nothing_fails() -> None:
    camille = holder()
    consents(camille, professional())
    work()
    destroy(camille.patient, [KeyKind.CONTENT, KeyKind.METADATA], at=AT)
    before = rows(camille)
    happen(GlassBroken(camille.patient, AT, "Anne Morel"))
    assert rows(camille) == before


# --- reading, marking, taking away --------------------------------------------------------------------------


def with_notices(of: Holder, *kinds: Kind) -> None:
    names_doctor(of, None)
    names_doctor(of, professional())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event")
    for number, kind in enumerate(kinds):
        notice = Notice(kind, AT + number * MINUTE, rules.EVERYBODY, who=f"Nom {number}")
        with clock_at(later()):
            actions.note(patient=of.patient, notice=notice, about=str(number))


def tidy(of: Holder, by: Actor | None, act: Any, ids: list[UUID] | None = None) -> None:
    if by:
        as_proxy(of, by, Verb.NOTICES, lambda grant: act(grant, ids))
    else:
        as_holder(of, Verb.NOTICES, lambda grant: act(grant, ids))


def test_the_holder_and_who_stands_for_them_read_each_for_themselves() -> None:
    leo = minor()
    mother = mother_of(leo)
    work()
    tidy(leo, None, actions.remove)
    with_notices(leo, Kind.EMERGENCY, Kind.CONSENT)
    first, last = received(leo)
    tidy(leo, mother, actions.mark_read, [first.id])
    assert [one.read for one in received(leo, mother)] == [True, False] and not any(one.read for one in received(leo))
    tidy(leo, None, actions.mark_read)
    assert (counted(leo), counted(leo, mother)) == (0, 1)
    tidy(leo, mother, actions.remove, [last.id])
    assert ([one.id for one in received(leo, mother)], len(received(leo))) == ([first.id], 2)
    tidy(leo, None, actions.remove, [first.id])
    assert (received(leo, mother), [one.id for one in received(leo)]) == ((), [last.id])


def test_an_id_of_another_space_changes_nothing() -> None:
    camille, other = holder(), holder()
    with_notices(camille, Kind.CONSENT)
    with_notices(other, Kind.CONSENT)
    (one,) = received(other)
    for act in (actions.mark_read, actions.remove):
        tidy(camille, None, act, [one.id, new_id()])
    assert [it.read for it in received(other)] == [False] and len(received(camille)) == 1


def test_a_carer_is_told_nothing_of_who_reads() -> None:
    from espace.access.facts import Facts
    from espace.access.rules import decide
    from espace.enrolment.facts import State
    from espace.identity.facts.mandates import Helps, MandateState, Scope
    from espace.kernel.words import ActorKind

    for verb in (Verb.HISTORY, Verb.NOTICES):
        carer = Facts(
            ActorKind.HOLDER, Purpose.PROXY, verb, own_record=False, state=State.ACTIVATED, helps=Helps.CARER,
            help_state=MandateState.IN_FORCE, scope=Scope.ACT,
        )  # fmt: skip
        assert decide(carer) is helping.HELPER_MAY_NOT


def test_pages_follow_one_another_and_none_is_left_out() -> None:
    camille = holder()
    with_notices(camille, *[Kind.CONSENT] * 7)

    def pages(grant: Grant) -> list[list[str]]:
        found, before = [], None
        while True:
            page = queries.centre(grant, most=3, before=before)
            found.append([one.notice.who for one in page.notices])
            if (before := page.older) is None:
                return found

    assert as_holder(camille, Verb.HISTORY, pages) == [
        ["Nom 6", "Nom 5", "Nom 4"], ["Nom 3", "Nom 2", "Nom 1"], ["Nom 0"],
    ]  # fmt: skip


def test_an_altered_notice_is_left_out_and_reported(caplog: pytest.LogCaptureFixture) -> None:
    camille = holder()
    with_notices(camille, Kind.CONSENT, Kind.EMERGENCY)
    _, first = received(camille)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notices_notice SET sealed = sealed || 'x' WHERE id = %s", [first.id])
    with caplog.at_level(logging.ERROR, "espace.integrity"):
        assert [one.notice.kind for one in received(camille)] == [Kind.EMERGENCY]
        assert counted(camille) == 1
    assert [record.getMessage() for record in caplog.records] == ["a notice was altered"] * 2


def test_the_table_holds_no_word_of_a_notice_and_no_length_that_tells() -> None:
    camille = holder()
    with_notices(camille, Kind.CONSENT, Kind.PASSWORD_TRIED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT n::text, length(sealed) FROM notices_notice n WHERE patient_id = %s", [camille.patient])
        found = cursor.fetchall()
    assert len({length for _, length in found}) == 1
    for row, _ in found:
        assert "consent" not in row and "Nom" not in row and b"Nom 0".hex() not in row


@pytest.mark.parametrize(("days", "left"), [(364, 1), (365, 0)])
def test_a_notice_is_kept_for_so_many_days(days: int, left: int, settings: Any) -> None:
    settings.ESPACE_NOTICE_DAYS = 365
    camille = holder()
    with_notices(camille, Kind.CONSENT)
    while actions.forget_old(at=AT + timedelta(days=days), limit=1000):
        pass
    assert rows(camille) == left
    assert actions.forget_old in worker.PURGES


def test_a_grant_for_something_else_does_not_serve() -> None:
    camille = holder()
    with pytest.raises(TypeError, match="does not serve"):
        as_holder(camille, Verb.HISTORY, actions.mark_read)
    with pytest.raises(TypeError, match="does not serve"), gate.open_record(
        actor=sender(organisation()), patient=camille.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
    ) as grant:
        queries.centre(grant, most=5)
    with pytest.raises(Refused):
        as_proxy(camille, holder().actor, Verb.HISTORY, queries.unread)


def test_who_is_told() -> None:
    assert rules.audience(Purpose.HOLDER) is Audience.HOLDER
    assert rules.audience(Purpose.PROXY) is Audience.REPRESENTATIVES
    both = [(new_id(), "a", frozenset[Visibility]()), (new_id(), "b", FROM_PARENTS), (new_id(), "c", HELD)]
    made = rules.told_of_documents(Kind.NEW_DOCUMENT, both, at=AT, who="")
    assert made and ([one.title for one in made.documents], made.audiences) == (["a", "b"], frozenset(Audience))
    alone = rules.told_of_documents(Kind.NEW_DOCUMENT, both[1:], at=AT, who="")
    assert alone and alone.audiences == {Audience.HOLDER}
    assert rules.told_of_documents(Kind.NEW_DOCUMENT, both[2:], at=AT, who="") is None


def test_what_a_carer_adds_is_told_to_the_holder_and_what_a_mother_adds_is_not() -> None:
    (paul, address), camille, leo = activated_holder(), holder(), minor()
    cares(paul, camille, address=address)
    mother = mother_of(leo)
    given = inspected([Upload("note.txt", b"Vaccin fait hier.", "Vaccin", "DOCPAT02", None)])
    for of, by in ((camille, paul.actor), (leo, mother)):
        as_proxy(of, by, Verb.ADD, lambda grant: add(grant, uploads=given))
    work()
    assert ("new_document", "Camille Duval", ("Vaccin",)) in told(camille)
    assert [one for one in told(leo) if one[0] == "new_document"] == []
