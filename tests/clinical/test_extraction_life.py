"""Facts come with a document and go with it: what the worker extracts, when, and what it never does."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from cast import AT, Holder, document, entry, holder, organisation, put_state
from clinical.scene import (
    HIDDEN,
    amend,
    as_holder,
    blocks,
    deposit,
    file,
    holder_knows,
    lines,
    opened,
    results,
    stated,
    summary,
    switch,
)
from espace import edge
from espace.access import gate
from espace.clinical import actions, handlers, queries
from espace.clinical.actions.extracting import Reader
from espace.clinical.events import ExtractionGoesOn
from espace.clinical.facts import Extracted, Kind, NotRead, Origin, Unread
from espace.enrolment.facts import State
from espace.kernel.ids import PatientId
from espace.kernel.values import replace
from espace.kernel.words import ITSELF, Grant, Purpose, Refused, Verb
from espace.keys.facts import KeyKind
from espace.keys.queries import patient_keys
from espace.keys.rules import context
from espace.record import queries as record
from espace.record.adapters import content_store
from espace.record.events import DocumentDeleted, DocumentsFiled
from espace.record.facts import Change
from espace.site import worker
from espace.wire.cda import CdaDocument

pytestmark = pytest.mark.django_db
GLUCOSE = ("Glucose à jeun", "5.1 mmol/L")
LATER = AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event")
        cursor.execute("DELETE FROM clinical_unread")
    yield


def read(of: Holder, reader: Reader) -> actions.Done:
    """What the worker does, with another reader than its own."""
    with gate.open_record(
        actor=ITSELF, patient=of.patient, purpose=Purpose.EXTRACTION, verb=Verb.EXTRACT, at=AT
    ) as grant:
        return actions.extract(grant, read=reader)


def unread() -> list[tuple[str, str, str, str, int]]:
    return [(one.model, one.template, one.section, one.why, one.count) for one in queries.unread_counts(10)]


def test_the_worker_extracts_what_is_filed() -> None:
    camille, laboratory = holder(), organisation()
    (one,) = file(camille, laboratory, stated(results(camille)))
    assert holder_knows(camille) == []
    with edge.clock_at(LATER):
        worker.run_until_idle()
    known = as_holder(camille, queries.known)
    (fact,) = known.facts
    assert (fact.fact.kind, fact.origin, fact.document, fact.stated_at) == (
        Kind.RESULT,
        Origin.EXTRACTED,
        known.documents[0],
        "",
    )
    assert holder_knows(camille) == [GLUCOSE]
    assert [(it.actor_name, it.purpose, it.reason, it.objects) for it in lines(camille)] == [
        ("espace-santé", Purpose.EXTRACTION, "facts_extracted", (one,))
    ]


def test_what_is_told_again_is_read_once() -> None:
    camille, laboratory = holder(), organisation()
    ids = deposit(camille, laboratory, stated(results(camille)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT made_at FROM clinical_block WHERE patient_id = %s", [camille.patient])
        first = cursor.fetchall()
    done = handlers.read(camille.patient)
    handlers.extract(DocumentsFiled(camille.patient, camille.patient, True, AT, to_read=ids))
    assert (done.documents, done.facts, done.more, len(lines(camille))) == (0, 0, False, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT made_at FROM clinical_block WHERE patient_id = %s", [camille.patient])
        assert cursor.fetchall() == first
    assert holder_knows(camille) == [GLUCOSE]


def test_newer_rules_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    camille, laboratory = holder(), organisation()
    deposit(camille, laboratory, stated(results(camille)))
    monkeypatch.setattr("espace.clinical.rules.RULES", 9)
    assert handlers.read(camille.patient).documents == 1
    assert handlers.read(camille.patient).documents == 0
    assert (holder_knows(camille), blocks(camille)) == ([GLUCOSE], 1)


def test_what_has_no_words_leaves_no_line_and_no_block() -> None:
    camille, laboratory = holder(), organisation()
    file(camille, laboratory, document(replace(entry(), mime_type="image/png"), b"\x89PNG\r\n\x1a\n"))
    with edge.clock_at(LATER):
        worker.run_until_idle()
    assert (lines(camille), blocks(camille)) == ([], 0)


@pytest.mark.parametrize("reader", ["dies", "deep", "memory"])
def test_a_document_that_kills_its_reader_stops_nobody(reader: str) -> None:
    """It has no fact, is counted, and is not tried again; the next document is read."""
    camille, laboratory = holder(), organisation()
    file(camille, laboratory, stated(results(camille)))

    def dying(cda: CdaDocument) -> Extracted:
        raise {"dies": ValueError("Pénicilline"), "deep": RecursionError(), "memory": MemoryError()}[reader]

    done = read(camille, dying)
    assert (done.documents, done.facts, done.unread) == (1, 0, {("", "", "", "broken"): 1})
    deposit(camille, laboratory, stated(summary(camille)))
    assert holder_knows(camille) == [("Pénicilline", "")]


def test_a_document_that_is_too_large_is_not_read(settings: Any) -> None:
    camille, laboratory = holder(), organisation()
    settings.ESPACE_EXTRACTED_BYTES = 1024
    deposit(camille, laboratory, stated(results(camille)))
    assert (holder_knows(camille), blocks(camille)) == ([], 1)
    assert unread() == [("", "", "", "too_large", 1)]


def test_a_content_that_is_lost_is_counted() -> None:
    camille, laboratory = holder(), organisation()
    file(camille, laboratory, stated(results(camille)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM record_entry WHERE patient_id = %s", [camille.patient])
        content_store().remove([cursor.fetchone()[0]])
    assert handlers.read(camille.patient).unread == {("", "", "", "broken"): 1}


def test_counters_say_nothing_of_anybody() -> None:
    """A document may write anything in place of a code: a name, the number of a person."""
    camille, laboratory = holder(), organisation()
    file(camille, laboratory, stated(results(camille)))
    insert = (
        NotRead("1.3.6.1.4.1.19376.1.5.3.1.4.5.3", "48765-2", Unread.NO_CODE),
        NotRead("DUVAL", "CAMILLE", Unread.NO_CODE),
        NotRead(f"1.2.250.1.{camille.ins.number}", "48765-2", Unread.NO_CODE),
        NotRead("observation", "", Unread.BAD_NUMBER),
        NotRead("observation", "", Unread.BAD_NUMBER),
    )
    done = read(camille, lambda cda: Extracted("1.2.250.1.213.1.1.1.55", unread=insert, entries=5))
    for day in (AT, LATER):
        actions.count_unread(done.unread, at=day)
    model = "1.2.250.1.213.1.1.1.55"
    assert unread() == [
        (model, "observation", "", "bad_number", 4),
        (model, "1.3.6.1.4.1.19376.1.5.3.1.4.5.3", "48765-2", "no_code", 2),
        (model, "other", "48765-2", "no_code", 2),
        (model, "other", "other", "no_code", 2),
    ]


def test_what_is_deleted_takes_its_facts_with_it() -> None:
    camille, laboratory = holder(), organisation()
    (one,) = deposit(camille, laboratory, stated(results(camille)))
    amend(camille, laboratory, one, Change(deleted=True))
    assert (holder_knows(camille), blocks(camille)) == ([], 1)
    with edge.clock_at(LATER):
        worker.run_until_idle()
    assert blocks(camille) == 0
    assert handlers.read(camille.patient).documents == 0
    handlers.forget(DocumentDeleted(camille.patient, one))


def test_what_is_replaced_or_archived_takes_its_facts_with_it() -> None:
    camille, laboratory = holder(), organisation()
    (one,) = deposit(camille, laboratory, stated(results(camille)))
    (new,) = deposit(camille, laboratory, stated(results(camille, "6.0")), replaces=one)
    assert holder_knows(camille) == [("Glucose à jeun", "6.0 mmol/L")]
    amend(camille, laboratory, new, Change(archived=True))
    assert holder_knows(camille) == []


def test_a_record_is_read_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    camille, laboratory = holder(), organisation()
    file(camille, laboratory, *(stated(results(camille, f"5.{digit}")) for digit in range(5)))
    monkeypatch.setattr("espace.clinical.actions.extracting.BATCH", 2)
    done = [handlers.read(camille.patient, goes_on=False) for _ in range(4)]
    assert [(one.documents, one.more) for one in done] == [(2, True), (2, True), (1, False), (0, False)]
    assert len(holder_knows(camille)) == 5


def test_the_worker_goes_on_until_all_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    camille, laboratory = holder(), organisation()
    file(camille, laboratory, *(stated(results(camille, f"5.{digit}")) for digit in range(3)))
    monkeypatch.setattr("espace.clinical.actions.extracting.BATCH", 1)
    handlers.extract_more(ExtractionGoesOn(camille.patient))
    with edge.clock_at(LATER):
        worker.run_until_idle()
    assert len(holder_knows(camille)) == 3


def test_the_holder_switches_it_off_and_on() -> None:
    camille, laboratory = holder(), organisation()
    deposit(camille, laboratory, stated(results(camille)))
    assert as_holder(camille, queries.extracts)
    for _ in range(2):
        switch(camille, on=False)
        assert (holder_knows(camille), blocks(camille)) == ([], 0)
    assert not as_holder(camille, queries.extracts)
    before = len(lines(camille))
    deposit(camille, laboratory, stated(summary(camille)))
    assert (holder_knows(camille), blocks(camille), len(lines(camille))) == ([], 0, before)
    switch(camille, on=True)
    with edge.clock_at(LATER):
        worker.run_until_idle()
    assert holder_knows(camille) == [GLUCOSE, ("Pénicilline", "")]


def test_a_block_that_is_left_while_it_is_off_is_seen_by_nobody() -> None:
    """Written by a worker that had begun before the holder switched it off."""
    camille, laboratory = holder(), organisation()
    deposit(camille, laboratory, stated(results(camille)))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO clinical_choice (patient_id, sealed) VALUES (%s, '')", [camille.patient])
    assert (holder_knows(camille), blocks(camille)) == ([], 1)


@pytest.mark.parametrize("state", [State.CLOSED, State.OPPOSED, State.ERASED])
def test_a_space_that_is_not_fed_is_not_read(state: State) -> None:
    camille, laboratory = holder(), organisation()
    ids = file(camille, laboratory, stated(results(camille)))
    put_state(camille.patient, state)
    handlers.extract(DocumentsFiled(camille.patient, camille.patient, True, AT, to_read=ids))
    handlers.extract_more(ExtractionGoesOn(PatientId(edge.new_id())))
    put_state(camille.patient, State.ACTIVATED)
    assert (blocks(camille), lines(camille)) == (0, [])


def test_an_altered_block_gives_nothing_and_closes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    camille, laboratory = holder(), organisation()
    deposit(camille, laboratory, stated(results(camille)))
    deposit(camille, laboratory, stated(summary(camille)))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE clinical_block SET many = sealed WHERE patient_id = %s AND many IS NOT NULL", [camille.patient]
        )
    assert holder_knows(camille) == [("Pénicilline", "")]
    assert "a block of facts was altered" in caplog.text


@pytest.mark.parametrize("damage", ["sealed = heads", "heads = sealed"])
def test_what_an_altered_block_hid_is_shown_instead(damage: str, caplog: pytest.LogCaptureFixture) -> None:
    """The newest of two documents that say the same is the one to show, until nothing of it can be believed."""
    camille, laboratory = holder(), organisation()
    first, second = (deposit(camille, laboratory, stated(summary(camille)))[0] for _ in range(2))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE clinical_block b SET {damage} WHERE patient_id = %s AND entry_id = %s", [camille.patient, second]
        )
    found = as_holder(camille, lambda grant: queries.newest(grant, {Kind.ALLERGY}, most=1)).facts
    assert first in {one.document.id for one in found if one.document}
    assert "a block of facts was altered" in caplog.text


def test_heads_that_were_put_back_from_before_show_nothing_that_is_not_there(caplog: pytest.LogCaptureFixture) -> None:
    camille, laboratory = holder(), organisation()
    (one,) = deposit(camille, laboratory, stated(summary(camille)))
    at_hand = patient_keys(camille.patient)
    heads = at_hand.seal(KeyKind.METADATA, b'["problem - 0 I10","allergy active 0 1"]', context(queries.PARTS[0], one))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clinical_block SET heads = %s WHERE patient_id = %s", [heads, camille.patient])
    found = as_holder(camille, lambda grant: queries.newest(grant, {Kind.ALLERGY}, most=8)).facts
    assert [fact.fact.what.display for fact in found] == ["Pénicilline"]
    assert "a block of facts was altered" in caplog.text


def test_nobody_else_reads_for_that_purpose() -> None:
    camille = holder()
    for actor, verb in ((camille.actor, Verb.EXTRACT), (ITSELF, Verb.LIST), (ITSELF, Verb.READ)):
        with pytest.raises(Refused) as refused:
            opened(camille, actor, Purpose.EXTRACTION, verb, queries.known)
        assert refused.value.reason.code == "no_rule_allows"
    with pytest.raises(TypeError):
        as_holder(camille, record.to_extract)
    with pytest.raises(TypeError):
        as_holder(camille, actions.extract)


def test_a_line_about_a_hidden_document_is_hidden_as_it_is() -> None:
    """The line that the worker leaves inherits the visibility of what it read."""
    camille, laboratory = holder(), organisation()
    shown, held = deposit(camille, laboratory, stated(results(camille)), stated(summary(camille), hidden=HIDDEN))
    parts = {it.objects: it.hidden_from for it in lines(camille)}
    assert parts == {(shown,): frozenset(), (held,): HIDDEN}


def test_known_costs_two_statements_more_than_the_documents() -> None:
    """One for the facts of documents, one for those that the patient states."""
    camille, laboratory = holder(), organisation()
    for value in ("5.1", "5.2"):
        deposit(camille, laboratory, stated(results(camille, value)), stated(summary(camille)))

    def counted(grant: Grant) -> tuple[int, ...]:
        record.documents(grant)  # the keys are read with what is asked for first
        found = []
        for work in (record.documents, queries.known, lambda it: queries.known(it, {Kind.ALLERGY}, texts=True)):
            with connection.execute_wrapper(count := Count()):
                work(grant)
            found.append(count.times)
        return tuple(found)

    assert as_holder(camille, counted) == (1, 3, 3)


class Count:
    times = 0

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        self.times += 1
        return execute(sql, params, many, context)


def test_only_what_is_asked_for_is_opened() -> None:
    camille, laboratory = holder(), organisation()
    deposit(camille, laboratory, stated(results(camille)), stated(summary(camille)))
    known = as_holder(camille, lambda grant: queries.known(grant, {Kind.ALLERGY}, texts=True))
    assert [one.fact.kind for one in known.facts] == [Kind.ALLERGY]
    assert [one.fact.kind for one in as_holder(camille, queries.known).facts] != [Kind.ALLERGY]


def test_the_facts_of_one_document() -> None:
    camille, laboratory = holder(), organisation()
    one, other = deposit(camille, laboratory, stated(results(camille)), stated(summary(camille), hidden=HIDDEN))
    (fact,) = as_holder(camille, lambda grant: queries.facts_of(grant, one), Verb.READ)
    assert fact.fact.what.code == "14749-6"
    with pytest.raises(Refused) as refused:
        as_holder(camille, lambda grant: queries.facts_of(grant, other), Verb.READ)
    assert refused.value.reason.code == "document_unknown"


def test_notes_are_those_of_the_documents() -> None:
    camille, laboratory = holder(), organisation()
    ids = deposit(camille, laboratory, stated(results(camille)), stated(summary(camille)))

    def noted(grant: Grant) -> set[object]:
        queries.known(grant)
        return set(grant.noted)

    assert as_holder(camille, noted) == set(ids)
