"""A professional who reads is told of once a day, the first time in other words; never to whom its line is hidden from,
and at no cost for the readings that follow."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core.mail import EmailMessage
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from cast import AT, Holder, caring, consents, holder, organisation, professional, put_state
from cast import document as sent
from espace.access import gate
from espace.access.facts import Telling
from espace.access.rules.telling import told_on, untold
from espace.edge import clock_at
from espace.enrolment.facts import State
from espace.identity.facts import Professional
from espace.kernel.words import Actor, Grant, Purpose, Verb
from espace.notices import queries
from espace.record import queries as record
from espace.site import worker
from espace.trace.facts import Audience
from notices.people import activated_holder
from notices.test_centre import FROM_PARENTS, HELD, deposit, titled
from notices.test_representing import addressed
from record.secret import as_holder, as_proxy, minor, mother_of

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event")
    yield


def reads(of: Holder, by: Professional, *, at: datetime = AT, one: UUID | None = None, works: bool = True) -> None:
    """The list, or one document; then the worker."""
    with gate.open_record(
        actor=caring(by), patient=of.patient, purpose=Purpose.CARE, verb=Verb.READ if one else Verb.LIST, at=at
    ) as grant:
        record.content(grant, one) if one else record.documents(grant)
    if works:
        with clock_at(at + timedelta(seconds=5)):
            worker.run_until_idle()


def readings(of: Holder, by: Actor | None = None) -> list[tuple[str, datetime]]:
    def read(grant: Grant) -> list[tuple[str, datetime]]:
        every = (one.notice for one in queries.centre(grant, most=50).notices)
        return [(one.kind.value, one.at) for one in every if one.kind.value in ("first_access", "access")]

    return as_proxy(of, by, Verb.HISTORY, read) if by else as_holder(of, Verb.HISTORY, read)


def test_the_first_time_then_once_a_day_and_each_professional_for_themselves() -> None:
    camille, anne, paul = holder(), professional(), professional("Petit", "Paul")
    for who in (anne, paul):
        consents(camille, who, until=AT + 3 * DAY)
    for at in (AT, AT + HOUR, AT + DAY, AT + DAY + HOUR):
        reads(camille, anne, at=at)
    reads(camille, paul, at=AT + DAY)
    assert sorted(readings(camille)) == [
        ("access", AT + DAY), ("first_access", AT), ("first_access", AT + DAY),
    ]  # fmt: skip


def test_readings_before_the_worker_came_are_told_once() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne)
    for minutes in range(3):
        reads(camille, anne, at=AT + timedelta(minutes=minutes), works=False)
    reads(camille, anne, at=AT + HOUR)
    assert readings(camille) == [("first_access", AT)]


def test_once_it_was_told_a_reading_costs_what_it_did() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne)
    counts = []
    for minutes in range(3):
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
            reads(camille, anne, at=AT + timedelta(minutes=minutes), works=False)
        counts.append([query["sql"] for query in [*main.captured_queries, *keys.captured_queries]])
        reads(camille, anne, at=AT + timedelta(minutes=minutes))
    first, *others = [[sql for sql in one if "outbox_event" in sql] for one in counts]
    assert (len(first), others) == (1, [[], []])


def test_an_emergency_and_what_is_refused_are_no_such_reading() -> None:
    from espace.access import actions as access
    from espace.access.facts import Cause
    from espace.kernel.words import Refused

    camille, anne, stranger = holder(), professional(), professional("Inconnu")
    with gate.open_record(
        actor=caring(anne), patient=camille.patient, purpose=Purpose.BREAK_GLASS, verb=Verb.BREAK_GLASS, at=AT
    ) as grant:
        access.break_glass(grant, cause=Cause.UNCONSCIOUS, words="Trouvée inconsciente")
    reads(camille, anne)
    with pytest.raises(Refused):
        reads(camille, stranger)
    assert readings(camille) == []


def test_reading_what_is_held_from_the_holder_tells_nothing_and_uses_up_nothing() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne)
    (held,) = deposit(camille, organisation(), titled("Tue", visibility=HELD))
    reads(camille, anne, one=held)
    assert readings(camille) == []
    reads(camille, anne, at=AT + HOUR)
    assert readings(camille) == [("first_access", AT + HOUR)]


def test_who_stands_for_a_minor_is_told_of_what_shows_to_them_alone() -> None:
    leo, anne = minor(), professional()
    mother = mother_of(leo)
    consents(leo, anne)
    (secret,) = deposit(leo, organisation(), titled("Secrète", visibility=FROM_PARENTS))
    reads(leo, anne, one=secret)
    assert (readings(leo), readings(leo, mother)) == ([("first_access", AT)], [])
    reads(leo, anne, at=AT + HOUR)
    assert (readings(leo), readings(leo, mother)) == ([("first_access", AT)], [("first_access", AT + HOUR)])


def test_the_mail_says_that_somebody_read_and_no_more(mailoutbox: list[EmailMessage]) -> None:
    camille, address = activated_holder()
    anne = professional("Zygomatique", "Anne")
    consents(camille, anne, until=AT + 3 * DAY)
    for days in (0, 1):
        reads(camille, anne, at=AT + days * DAY)
    sent_to = [mail for mail in mailoutbox if mail.to == [address]]
    assert [mail.subject for mail in sent_to] == [
        "Un professionnel a enregistré votre accord",
        "Quelqu’un a lu votre espace pour la première fois",
    ]
    assert "Zygomatique" not in "".join(mail.message().as_string() + mail.body for mail in sent_to)


def test_what_is_kept_says_nothing_in_clear() -> None:
    leo, anne = minor(), professional()
    mother_of(leo)
    consents(leo, anne)
    (secret,) = deposit(leo, organisation(), sent(titled("S", visibility=FROM_PARENTS).entry, b"x"))
    lengths = []
    for one in (secret, None):
        reads(leo, anne, at=AT + HOUR, one=one)
        with connection.cursor() as cursor:
            cursor.execute("SELECT length(sealed) FROM access_telling WHERE patient_id = %s", [leo.patient])
            lengths += cursor.fetchall()
    assert len(lengths) == 2 and len(set(lengths)) == 1


def test_who_is_untold() -> None:
    day, both = AT.date(), frozenset(Audience)
    assert untold(Telling(), day) == both
    assert untold(Telling(day, None), day) == {Audience.REPRESENTATIVES}
    assert untold(Telling(day, day), day) == untold(Telling(day + DAY, day + DAY), day) == frozenset()
    assert untold(Telling(day, day), day + DAY) == both
    assert told_on(Telling(None, day), frozenset({Audience.HOLDER}), day + DAY) == Telling(day + DAY, day)


def test_what_representatives_do_not_know_of_takes_no_mail_away(mailoutbox: list[EmailMessage]) -> None:
    """They may read the minor's mail: the first mail about a professional is about the first reading they may know."""
    for hides in (True, False):
        leo, anne = minor(), professional()
        address = addressed(leo.actor)
        put_state(leo.patient, State.ACTIVATED)
        consents(leo, anne)
        (one,) = deposit(leo, organisation(), titled("Une", visibility=FROM_PARENTS))
        if hides:
            reads(leo, anne, one=one)
        reads(leo, anne, at=AT + HOUR)
        subjects = [mail.subject for mail in mailoutbox if mail.to == [address]]
        assert subjects.count("Quelqu’un a lu votre espace pour la première fois") == 1
