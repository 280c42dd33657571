"""At eighteen no parent stands for anybody any more: the child and their parents are told before, once each (A22)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from cast import AT, Holder, holder, put_state, represents
from espace.edge import clock_at
from espace.enrolment.facts import State
from espace.identity import actions as identity
from espace.identity.actions import mandates
from espace.identity.actions.majority import remind_of_majority
from espace.kernel.words import Verb
from espace.keys.actions import destroy
from espace.keys.facts import KeyKind
from espace.keys.queries import blind_index
from notices.centre import told
from notices.test_notices import to, work
from record.secret import as_proxy

pytestmark = pytest.mark.django_db

Mails = list[EmailMessage]
LEAP = date(2012, 2, 29)
MIDNIGHT = datetime(2030, 2, 28, 23, 0, tzinfo=UTC)
"""In France, 1 March: who was born on 29 February comes of age then."""
SOON = ["Vous aurez bientôt 18 ans", "Un enfant que vous représentez aura bientôt 18 ans"]
TODAY = ["Votre espace de santé n’est plus qu’à vous", "Un enfant que vous représentiez a 18 ans"]


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event")
        cursor.execute("DELETE FROM identity_tally WHERE key = %s", [blind_index("majority", "sweep")])
    yield


def addressed(who: Holder) -> str:
    address, account = f"{uuid4().hex[:12]}@example.org", uuid4()
    name = f"m.{account.hex[:12]}"
    identity.add_account(account_id=account, identifier=name, password="-", email=address, patient=who.patient)
    return address


def family(*, born: date = LEAP) -> tuple[Holder, Holder, str, str]:
    """A child and a mother, with their addresses; nothing of their mandate waits to be told."""
    leo, marie = holder(given_names=("LÉO",), born=born, email=""), holder(given_names=("MARIE",), email="")
    mine, hers = addressed(leo), addressed(marie)
    represents(marie, leo)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event")
        cursor.execute("DELETE FROM notices_notice WHERE patient_id = ANY(%s)", [[leo.patient, marie.patient]])
    return leo, marie, mine, hers


def look(at: datetime, *, limit: int = 1000) -> int:
    with clock_at(at):
        count = remind_of_majority(at=at, limit=limit)
        work(at)
    return count


def test_both_are_told_half_a_year_a_month_and_on_the_day_each_once(mailoutbox: Mails) -> None:
    leo, marie, mine, hers = family()
    for days in (181, 180, 179, 31, 30, 0, -1):
        look(MIDNIGHT - timedelta(days=days) + timedelta(hours=9))
    assert to(mine, mailoutbox) == [SOON[0], SOON[0], TODAY[0]]
    assert to(hers, mailoutbox) == [SOON[1], SOON[1], TODAY[1]]
    assert told(leo) == [("majority", "", ()), ("majority_nears", "", ()), ("majority_nears", "", ())]
    assert told(marie) == [("majority", "Léo Duval", ()), *[("majority_nears", "Léo Duval", ())] * 2]
    said = "".join(mail.subject + mail.body for mail in mailoutbox if mail.to in ([mine], [hers]))
    assert "Léo" not in said and "Duval" not in said and "2030" not in said and "mars" not in said


def test_of_one_look_a_day_the_second_opens_nobody(mailoutbox: Mails) -> None:
    _, _, mine, _ = family()
    at = MIDNIGHT - timedelta(days=30)
    assert look(at) >= 1
    assert [look(at + timedelta(hours=hour)) for hour in (1, 12, 22)] == [0, 0, 0]
    assert to(mine, mailoutbox) == [SOON[0]]


def test_a_look_goes_on_where_the_batch_before_stopped(mailoutbox: Mails) -> None:
    addresses = [family()[2] for _ in range(3)]
    at = MIDNIGHT - timedelta(days=29)
    counts = []
    while not counts or counts[-1] == 2:
        counts.append(look(at, limit=2))
    assert sum(counts) >= 3
    assert [to(one, mailoutbox) for one in addresses] == [[SOON[0]]] * 3


def test_nobody_is_told_for_whom_nobody_stands(mailoutbox: Mails) -> None:
    alone = holder(born=LEAP, email="")
    address = addressed(alone)
    look(MIDNIGHT)
    assert to(address, mailoutbox) == []


def test_no_reminder_is_wanted(settings: Any, mailoutbox: Mails) -> None:
    settings.ESPACE_MAJORITY_REMINDERS = ()
    _, _, mine, hers = family()
    assert look(MIDNIGHT) == 0
    assert to(mine, mailoutbox) + to(hers, mailoutbox) == []


def test_a_mother_who_left_is_not_told_and_a_closed_space_tells_nobody(mailoutbox: Mails) -> None:
    leo, marie, mine, hers = family()
    as_proxy(leo, marie.actor, Verb.END_HELP, lambda grant: mandates.end_help(grant, grant.mandate.id))
    lost, _, theirs, mothers = family()
    put_state(lost.patient, State.DECEASED)
    mailoutbox.clear()
    look(MIDNIGHT)
    assert (to(mine, mailoutbox)[-1:], to(hers, mailoutbox)) == ([TODAY[0]], [])
    assert to(theirs, mailoutbox) + to(mothers, mailoutbox) == []


def test_a_child_without_account_is_told_in_their_space_and_an_erased_one_stops_nothing(mailoutbox: Mails) -> None:
    erased = family()[0]
    destroy(erased.patient, tuple(KeyKind), at=AT)
    leo, marie = holder(given_names=("LÉO",), born=LEAP, email=""), holder(email="")
    hers = addressed(marie)
    represents(marie, leo)
    mailoutbox.clear()
    look(MIDNIGHT)
    assert to(hers, mailoutbox)[-1:] == [TODAY[1]]
    assert ("majority", "", ()) in told(leo)
