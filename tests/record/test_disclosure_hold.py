"""A document held from its patient until it is announced: what the law makes of it when nobody announces it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from cast import AT, Holder, document, entry, organisation, sender, submission, unique_id
from espace.access import gate
from espace.edge import clock_at
from espace.identity.facts import Organisation
from espace.kernel.words import ActorKind, Purpose, Refused, Verb, Visibility
from espace.keys.actions import destroy
from espace.keys.facts import KeyKind
from espace.portal.pages.lines import known, shown
from espace.record import actions, handlers, queries
from espace.record.actions import holding
from espace.record.events import HoldEnds, HoldLasts
from espace.record.facts import Change, Document, Restricted
from espace.record.rules import held_since, over
from espace.site import worker
from espace.site.wiring import REACTIONS
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent
from espace.wire.xds import NewDocument
from notices.people import activated_holder

pytestmark = pytest.mark.django_db

HELD = frozenset({Visibility.INVISIBLE_PATIENT})
TOLD, SHOWN = timedelta(days=14), timedelta(days=31)
SECOND = timedelta(seconds=1)
CONSULT, NEW = "Nous vous invitons à consulter", "Un nouveau document est arrivé dans votre espace"
Mails = list[EmailMessage]


@pytest.fixture(autouse=True)
def _nothing_waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event")
    monkeypatch.setattr(holding, "database_now", lambda: AT + timedelta(days=400))
    yield


def deposit(to: Holder, by: Organisation, *documents: NewDocument, after: timedelta = timedelta()) -> tuple[UUID, ...]:
    with clock_at(AT + after):
        with gate.open_record(
            actor=sender(by), patient=to.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT + after
        ) as grant:
            sent = submission(to, *documents)
            filed = actions.submit(grant, submission=sent, headers=[None] * len(documents)).documents
        worker.run_until_idle()
    return filed


def held(to: Holder, by: Organisation, *, uid: str | None = None, replaces: str | None = None) -> UUID:
    return deposit(to, by, document(entry(uid=uid, visibility=HELD), replaces=replaces))[0]


def amend(to: Holder, by: Organisation, one: UUID, change: Change, *, after: timedelta) -> None:
    opened = gate.open_record(
        actor=sender(by), patient=to.patient, purpose=Purpose.FEED, verb=Verb.AMEND, at=AT + after
    )
    with clock_at(AT + after), opened as grant:
        actions.amend(grant, one, change)


def passes(time: timedelta) -> None:
    with clock_at(AT + time):
        worker.run_until_idle()


def seen(of: Holder, *, after: timedelta = SHOWN) -> dict[UUID, Document]:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.LIST, at=AT + after
    ) as grant:
        return {one.id: one for one in queries.documents(grant)}


def history(of: Holder, *, after: timedelta = SHOWN) -> list[TraceEvent]:
    """The lines that the holder reads, but for those of looking."""
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=AT + after
    ) as grant:
        found = shown(trace.history(grant, limit=100), known(grant).visible)
    return [one for one in found if one.verb not in (Verb.LIST, Verb.HISTORY)]


def acts(of: Holder) -> list[TraceEvent]:
    """What people and organisations did, and the hold itself; the platform reads the document whenever it comes to."""
    return [one for one in history(of) if one.verb is not Verb.EXTRACT]


def subjects(address: str, mails: Mails) -> list[str]:
    return [mail.subject for mail in mails if mail.to == [address]]


def waiting() -> list[tuple[str, UUID | None, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, patient_id, due_at FROM outbox_event ORDER BY due_at")
        return cursor.fetchall()


def test_the_month_runs_to_its_end_and_not_a_second_less(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    one = held(who, organisation())
    passes(TOLD - SECOND)
    assert subjects(address, mailoutbox) == []
    passes(TOLD)
    assert subjects(address, mailoutbox) == [CONSULT]
    passes(SHOWN - SECOND)
    assert (seen(who), history(who), subjects(address, mailoutbox)) == ({}, [], [CONSULT])
    passes(SHOWN)
    assert set(seen(who)) == {one}
    assert subjects(address, mailoutbox) == [CONSULT, NEW]
    said = [(line.actor_kind, line.actor_name, line.verb, line.reason, line.objects) for line in acts(who)]
    assert said == [
        (ActorKind.SYSTEM, "espace-santé", Verb.ANNOUNCE, "hold_ended", (one,)),
        (ActorKind.ORGANISATION, "Hôpital des Remparts", Verb.DEPOSIT, "feed_authorised", (one,)),
    ]
    assert waiting() == []


def test_the_invitation_to_consult_says_nothing(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    held(who, organisation("Institut du sein"))
    passes(TOLD)
    (mail,) = (mail for mail in mailoutbox if mail.to == [address])
    said = f"{mail.subject} {mail.body} {mail.message().as_string()}".lower()
    for forbidden in ("institut", "document", "résultat", "biologie", "annonc", "duval", who.ins.number.lower()):
        assert forbidden not in said


def test_several_of_one_day_are_told_once_and_shown_all(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    by = organisation()
    filed = deposit(who, by, document(entry(visibility=HELD)), document(entry(visibility=HELD), b"2"))
    passes(TOLD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notices_mail WHERE patient_id = %s", [who.patient])
        assert cursor.fetchone() == (0,), "in clear, it would say that something is held from them"
    passes(SHOWN)
    assert set(seen(who)) == set(filed)
    assert subjects(address, mailoutbox) == [CONSULT, NEW]


def test_where_the_first_of_a_day_was_deleted_the_next_is_told(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    by = organisation()
    first, _ = held(who, by), held(who, by)
    amend(who, by, first, Change(deleted=True), after=timedelta(days=1))
    passes(TOLD)
    assert subjects(address, mailoutbox) == [CONSULT]


def test_each_event_may_come_again_and_changes_nothing(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    one = held(who, organisation())
    for _ in range(2):
        for event in (HoldLasts(who.patient, one), HoldEnds(who.patient, one)):
            with clock_at(AT + SHOWN):
                for reaction in REACTIONS[type(event)]:
                    reaction(event)
    passes(SHOWN + SECOND)
    assert [line.verb for line in acts(who)] == [Verb.ANNOUNCE, Verb.DEPOSIT]
    assert subjects(address, mailoutbox) == [NEW]


def test_a_worker_that_was_down_for_a_month_invites_nobody_to_what_shows_now(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    one = held(who, organisation())
    passes(SHOWN + timedelta(days=9))
    assert set(seen(who)) == {one}
    assert subjects(address, mailoutbox) == [NEW]


def test_announced_meanwhile_nothing_follows(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    by = organisation()
    one = held(who, by)
    amend(who, by, one, Change(visibility=frozenset()), after=timedelta(days=2))
    passes(timedelta(days=2))
    passes(SHOWN)
    assert [line.verb for line in acts(who)] == [Verb.AMEND, Verb.DEPOSIT]
    assert subjects(address, mailoutbox) == [NEW]


def test_a_new_version_is_held_no_longer_than_the_first(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    by, uid = organisation(), unique_id()
    first = held(who, by, uid=uid)
    late = timedelta(days=25)
    (second,) = deposit(who, by, document(entry(visibility=HELD), b"corrected", uid), after=late)
    assert seen(who) == {}
    passes(SHOWN)
    found = seen(who)
    assert {one: d.status for one, d in found.items()} == {first: "Deprecated", second: "Approved"}
    assert (found[first].replaced_by, found[second].replaces) == (second, first)
    assert subjects(address, mailoutbox) == [CONSULT, NEW]
    announced = [line.objects for line in history(who) if line.verb is Verb.ANNOUNCE]
    assert sorted(announced) == sorted([(first,), (second,)])


def test_one_deleted_meanwhile_is_told_to_nobody_and_its_lines_show_in_the_end(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    by = organisation()
    one = held(who, by)
    amend(who, by, one, Change(deleted=True), after=timedelta(days=1))
    passes(TOLD)
    assert history(who) == []
    passes(SHOWN)
    assert (seen(who), subjects(address, mailoutbox)) == ({}, [])
    assert [line.verb for line in acts(who)] == [Verb.ANNOUNCE, Verb.AMEND, Verb.DEPOSIT]


def test_a_clock_that_runs_ahead_shows_nothing_and_forgets_nothing(
    mailoutbox: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, address = activated_holder()
    one = held(who, organisation())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event")
    monkeypatch.setattr(holding, "database_now", lambda: AT + timedelta(days=1))
    with clock_at(AT + timedelta(days=300)):
        handlers.show_held(HoldEnds(who.patient, one))
        for reaction in REACTIONS[HoldLasts]:
            reaction(HoldLasts(who.patient, one))
    assert (seen(who), subjects(address, mailoutbox)) == ({}, [])
    assert [(kind, due) for kind, _, due in waiting()] == [
        ("record.HoldLasts", AT + TOLD),
        ("record.HoldEnds", AT + SHOWN),
    ]


def test_the_queue_says_of_nobody_that_something_is_held_from_them() -> None:
    who, _ = activated_holder()
    held(who, organisation())
    assert [patient for kind, patient, _ in waiting() if kind.startswith("record.")] == [None, None]


def test_an_erased_patient_is_left_alone() -> None:
    who, _ = activated_holder()
    held(who, organisation())
    destroy(who.patient, (KeyKind.CONTENT, KeyKind.METADATA), at=AT)
    passes(SHOWN)
    assert waiting() == []


def test_what_shows_is_held_again_by_no_door() -> None:
    """D54: a change, a replacement, the same deposit again; a new version may be held, and leaves the holder theirs."""
    who, _ = activated_holder()
    by, uid = organisation(), unique_id()
    open_one, once_held = document(entry(uid=uid)), document(entry(visibility=HELD), b"2")
    (one,), (other,) = deposit(who, by, open_one), deposit(who, by, once_held)
    passes(SHOWN)
    with pytest.raises(Refused) as changed:
        amend(who, by, one, Change(visibility=HELD), after=SHOWN)
    assert changed.value.reason.code == "change_refused"
    with pytest.raises(Refused) as again:
        deposit(who, by, document(entry(uid=uid, visibility=HELD)), after=SHOWN)
    assert again.value.reason.code == "unique_id_reused"
    assert deposit(who, by, once_held, after=SHOWN) == (other,)
    assert set(seen(who)) == {one, other}
    deposit(who, by, document(entry(visibility=HELD), b"3", uid), after=SHOWN)
    assert {name: found.status for name, found in seen(who).items()} == {one: "Approved", other: "Approved"}


@pytest.mark.parametrize(("days", "late"), [(31, False), (32, True)])
def test_the_days_of_a_hold(days: int, late: bool) -> None:
    mask = Restricted(Visibility.MASQUE_PS, UUID(int=1), AT - timedelta(days=90))
    hold = Restricted(Visibility.INVISIBLE_PATIENT, UUID(int=1), AT)
    since = held_since([mask, hold])
    assert since == AT and held_since([mask]) is None
    assert over(since, days=days, at=AT + SHOWN) is not late
