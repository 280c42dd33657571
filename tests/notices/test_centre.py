"""The notice centre: what is told in the portal, to whom, once; what is hidden is told to nobody."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from cast import AT, consents, document, entry, holder, names_doctor, organisation, professional
from espace.access.events import (
    AttendingDoctorNamed,
    CareTeamChanged,
    ConsentRecorded,
    FeedingWishStated,
    GlassBroken,
)
from espace.edge import new_id
from espace.identity.events import (
    AddressChanged,
    HelpAnswered,
    HelpEnded,
    NewBrowser,
    PasswordChanged,
    RecoveryTold,
    SignInChanged,
)
from espace.kernel.values import replace
from espace.kernel.words import Verb
from espace.keys.actions import destroy
from espace.keys.facts import KeyKind
from espace.outbox.facts import Event
from espace.record.actions import mask
from espace.record.events import Changing, DocumentChanged, DocumentsFiled, Titled
from espace.record.facts import Change
from notices.centre import (
    FROM_PARENTS,
    HELD,
    MASKED,
    change,
    counted,
    deposit,
    happen,
    received,
    rows,
    titled,
    told,
    work,
)
from notices.people import activated
from record.secret import as_holder, minor, mother_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event")
    yield


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


def test_what_is_said_otherwise_of_a_document_is_told_under_its_new_title() -> None:
    camille, hospital = holder(), organisation()
    shown, held = titled("Analyse"), titled("Tue", visibility=HELD)
    for one, sent in zip(deposit(camille, hospital, shown, held), (shown, held), strict=True):
        change(camille, hospital, one, Change(entry=replace(sent.entry, title=f"{sent.entry.title} (2)")))
        change(camille, hospital, one, Change(entry=replace(sent.entry, title=f"{sent.entry.title} (2)")))
    assert told(camille)[:-1] == [("corrected", hospital.name, ("Analyse (2)",))]


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
    assert (len(told(camille)), counted(camille)) == (1, 1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_restriction SET sealed = %s WHERE entry_id = %s", [b"altered", one])
    assert (told(camille), counted(camille)) == ([], 0)
    deposit(camille, hospital, titled("Ouverte"))
    assert counted(camille) == 1


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
        "corrected": DocumentChanged(patient, one, Changing.CORRECTED, AT, PLANTED, PLANTED),
        "replaced": DocumentsFiled(
            patient, new_id(), True, AT, documents=(Titled(new_id(), PLANTED, replaces=True),), who=PLANTED
        ),
        "consent": ConsentRecorded(patient, who=PLANTED, place=PLANTED, at=AT),
        "team": CareTeamChanged(patient, PLANTED, PLANTED, PLANTED, AT),
        "emergency": GlassBroken(patient, AT, PLANTED, PLANTED),
        "attending_doctor": AttendingDoctorNamed(patient, PLANTED, AT),
        "feeding": FeedingWishStated(patient, True, PLANTED, AT),
        "help": HelpAnswered(patient, True, PLANTED, AT),
        "new_browser": NewBrowser(patient, AT),
        "sign_in_changed": SignInChanged(patient, AT),
        "password_changed": PasswordChanged(patient, AT),
        "address_changed": AddressChanged(patient, "", "fr", AT),
        "recovery": RecoveryTold(patient, "done", "", AT),
    }


OF_THE_ACCOUNT = {"new_browser", "sign_in_changed", "password_changed", "address_changed", "recovery"}
OF_DOCUMENTS = {"new_document", "replaced", "deleted", "unmasked", "corrected"}


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
