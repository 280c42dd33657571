"""The notice centre: read, marked and taken away, each for themselves; what its table holds, and for how long."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from cast import AT, Holder, cares, holder, names_doctor, organisation, professional, sender
from espace.access import gate
from espace.edge import clock_at, new_id
from espace.kernel.reasons import helping
from espace.kernel.words import Actor, Grant, Purpose, Refused, Verb, Visibility
from espace.notices import actions, queries, rules
from espace.notices.facts import Kind, Notice
from espace.record.actions import add, inspected
from espace.record.facts import Upload
from espace.site import worker
from espace.trace.facts import Audience
from notices.centre import FROM_PARENTS, HELD, MINUTE, counted, later, received, rows, told, work
from notices.people import activated_holder
from record.secret import as_holder, as_proxy, minor, mother_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event")
    yield



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
