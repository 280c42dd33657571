"""Filing and reading through the gate: all or nothing, first ids again, sealed, traced."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection

from cast import AT, Holder, document, entry, holder, opposed, organisation, put_state, sender, submission
from espace.access import gate
from espace.enrolment.facts import State
from espace.identity.facts import Organisation
from espace.kernel.words import Purpose, Refused, RefusedProblems, Verb, Visibility
from espace.record import actions, queries
from espace.record.adapters import LocalContentStore
from espace.record.facts import Document, Filed, Status
from espace.record.rules import problems
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent
from espace.wire.cda import CdaDocument
from espace.wire.xds import Coded, NewDocument

pytestmark = pytest.mark.usefixtures("db")
HELD = frozenset({Visibility.INVISIBLE_PATIENT})


def deposit(to: Holder, by: Organisation, *documents: NewDocument, uid: str | None = None) -> Filed:
    sent = submission(to, *documents)
    sent = sent if uid is None else replace(sent, unique_id=uid)
    with gate.open_record(
        actor=sender(by), patient=to.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
    ) as grant:
        return actions.submit(grant, submission=sent, headers=[None] * len(documents))


def refused(to: Holder, by: Organisation, *documents: NewDocument, uid: str | None = None) -> list[str]:
    with pytest.raises(Refused) as caught:
        deposit(to, by, *documents, uid=uid)
    problems = caught.value.problems if isinstance(caught.value, RefusedProblems) else [caught.value]
    return [problem.reason.code for problem in problems]


def places(to: Holder, by: Organisation, *documents: NewDocument, uid: str | None = None) -> list[str]:
    with pytest.raises(RefusedProblems) as caught:
        deposit(to, by, *documents, uid=uid)
    return [problem.place for problem in caught.value.problems]


def listed(of: Holder) -> tuple[Document, ...]:
    with gate.open_record(actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.LIST, at=AT) as grant:
        return queries.documents(grant)


def read(of: Holder, entry_id: UUID) -> bytes:
    with gate.open_record(actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.READ, at=AT) as grant:
        return queries.content(grant, entry_id).data


def lines(of: Holder) -> list[TraceEvent]:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=AT
    ) as grant:
        return [line.event for line in trace.history(grant)]


def rows(table: str, of: Holder) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE patient_id = %s", [of.patient])
        return int(cursor.fetchone()[0])


def test_what_is_deposited_is_listed_read_and_traced() -> None:
    camille, hospital = holder(), organisation()
    filed = deposit(camille, hospital, document(content=b"Tout va bien."))
    (seen,) = listed(camille)
    assert (seen.id, seen.status, seen.entry.title) == (filed.documents[0], Status.APPROVED, "Compte rendu de biologie")
    assert (seen.organisation_name, seen.size) == ("Hôpital des Remparts", 13)
    assert read(camille, seen.id) == b"Tout va bien."
    deposited = lines(camille)[-1]
    assert (deposited.actor_name, deposited.verb, deposited.outcome, deposited.reason, deposited.objects) == (
        "Hôpital des Remparts",
        Verb.DEPOSIT,
        "allowed",
        "feed_authorised",
        filed.documents,
    )


def test_several_documents_are_filed_together_or_not_at_all() -> None:
    camille, hospital = holder(), organisation()
    assert len(deposit(camille, hospital, document(), document(), document()).documents) == 3
    lying = document(replace(entry(), size=3))
    assert refused(camille, hospital, document(), lying) == ["size_mismatch"]
    assert rows("record_entry", camille) == 3


def test_sending_again_gives_the_first_ids_and_no_second_document() -> None:
    camille, hospital = holder(), organisation()
    one, set_id = document(), "urn:oid:1.2.3.4"
    first = deposit(camille, hospital, one, uid=set_id)
    again = deposit(camille, hospital, one, uid=set_id)
    elsewhere = deposit(camille, hospital, one)
    assert (again.repeated, again.documents, again.submission) == ((True,), first.documents, first.submission)
    assert elsewhere.documents == first.documents
    assert rows("record_entry", camille) == 1


def test_a_unique_id_is_never_reused_for_something_else() -> None:
    camille, hospital, laboratory = holder(), organisation(), organisation("Laboratoire")
    one = document()
    deposit(camille, hospital, one)
    assert refused(camille, hospital, replace(one, content=b"autre")) == ["unique_id_reused"]
    assert refused(camille, laboratory, one) == ["unique_id_reused"]
    assert refused(camille, hospital, document(entry(uid="1.2")), document(entry(uid="1.2"))) == ["unique_id_reused"]


def test_a_guessed_identifier_leaves_a_deposit_when_it_is_free_or_tells_nothing() -> None:
    """Beside anything that refuses, a taken identifier and a free one are answered alike: to learn is to deposit."""
    camille, hospital, laboratory = holder(), organisation(), organisation("Laboratoire")
    ally = organisation("Cabinet allié")
    secret, mine, known = document(), document(), document()
    deposit(camille, hospital, secret, uid="1.2.77")
    deposit(camille, laboratory, mine, uid="1.2.78")
    deposit(camille, ally, known, uid="1.2.79")
    other_bytes = replace(mine, content=b"autre")
    more_secret = replace(mine, entry=replace(mine.entry, visibility=HELD))
    replaces_nothing = document(replaces="1.2.3.nothing")
    twice = (document(replaces=mine.entry.unique_id), document(replaces=mine.entry.unique_id))
    for guess in (secret, document()):
        probe = document(replace(guess.entry), b"sonde")
        assert refused(camille, laboratory, probe, replaces_nothing) == ["replace_refused"]
        assert refused(camille, laboratory, replace(probe, replaces="1.2.3.nothing")) == ["replace_refused"]
        assert refused(camille, laboratory, replace(probe, replaces=mine.entry.unique_id), twice[0]) == [
            "replace_refused"
        ]
        assert refused(camille, laboratory, probe, *twice) == ["replace_refused"]
        assert refused(camille, laboratory, probe, other_bytes) == ["unique_id_reused"]
        assert refused(camille, laboratory, probe, more_secret) == ["unique_id_reused"]
        assert refused(camille, laboratory, probe, uid="1.2.78") == ["unique_id_reused"]
        assert places(camille, laboratory, probe, uid="1.2.78") == [".identifier"]
        assert places(camille, laboratory, probe, known) == places(camille, laboratory, known, probe) == [""]
        assert places(camille, laboratory, probe, uid="1.2.79") == ["e0.masterIdentifier"]
        assert refused(camille, laboratory, document(replace(probe.entry, size=1))) == ["size_mismatch"]
    for uid in ("1.2.77", "1.2.76"):
        assert refused(camille, laboratory, replaces_nothing, uid=uid) == ["replace_refused"]
        assert places(camille, laboratory, known, uid=uid) == ["e0.masterIdentifier"]
        assert places(camille, laboratory, known, document(), uid=uid) == [""]
        assert deposit(camille, laboratory, mine, uid=uid).repeated == (True,)
    assert rows("record_entry", camille) == 3
    assert refused(camille, laboratory, secret) == ["unique_id_reused"]
    assert refused(camille, laboratory, document(), uid="1.2.77") == ["unique_id_reused"]
    deposit(camille, laboratory, document(), uid="1.2.76")
    assert rows("record_entry", camille) == 4


def test_the_unique_id_of_another_patient_is_filed_normally() -> None:
    camille, paul, hospital = holder(), holder(), organisation()
    one = document()
    assert deposit(camille, hospital, one).documents != deposit(paul, hospital, one).documents


def test_a_submission_id_is_not_reused_for_other_documents() -> None:
    camille, hospital = holder(), organisation()
    deposit(camille, hospital, document(), uid="1.2.9")
    assert refused(camille, hospital, document(), uid="1.2.9") == ["unique_id_reused"]


def test_a_submission_may_have_no_id_of_its_own() -> None:
    camille, hospital = holder(), organisation()
    deposit(camille, hospital, document(), uid="")
    deposit(camille, hospital, document(), uid="")
    assert rows("record_submission", camille) == 2


def test_the_answer_never_tells_that_the_first_is_hidden() -> None:
    camille, hospital, laboratory = holder(), organisation(), organisation("Laboratoire")
    one = document(entry(visibility=HELD))
    first = deposit(camille, hospital, one)
    assert deposit(camille, hospital, one).documents == first.documents
    assert refused(camille, laboratory, one) == ["unique_id_reused"]
    assert listed(camille) == ()


def test_replacing_keeps_the_old_version_and_inherits_its_restrictions() -> None:
    camille, hospital = holder(), organisation()
    old = document(entry(visibility=frozenset({Visibility.MASQUE_PS})))
    (old_id,) = deposit(camille, hospital, old).documents
    (new_id,) = deposit(camille, hospital, document(replaces=old.entry.unique_id)).documents
    new_seen, old_seen = listed(camille)
    assert (old_seen.id, old_seen.status, old_seen.replaced_by) == (old_id, Status.DEPRECATED, new_id)
    assert (new_seen.id, new_seen.status, new_seen.replaces) == (new_id, Status.APPROVED, old_id)
    assert new_seen.restrictions == {Visibility.MASQUE_PS}
    assert read(camille, old_id) == old.content


def test_replacing_by_the_id_of_the_answer() -> None:
    camille, hospital = holder(), organisation()
    (old_id,) = deposit(camille, hospital, document()).documents
    deposit(camille, hospital, document(replaces=f"DocumentReference/{old_id}"))
    assert refused(camille, hospital, document(replaces=f"DocumentReference/{old_id}")) == ["replace_refused"]


def test_the_document_of_somebody_else_is_not_replaced() -> None:
    camille, paul, hospital, laboratory = holder(), holder(), organisation(), organisation("Laboratoire")
    one = document()
    (one_id,) = deposit(camille, hospital, one).documents
    assert refused(camille, laboratory, document(replaces=one.entry.unique_id)) == ["replace_refused"]
    assert refused(paul, hospital, document(replaces=f"DocumentReference/{one_id}")) == ["replace_refused"]
    assert refused(camille, hospital, document(replaces="1.2.3.nothing")) == ["replace_refused"]


def test_while_the_new_version_is_held_the_holder_keeps_the_old_one() -> None:
    camille, hospital = holder(), organisation()
    old = document()
    (old_id,) = deposit(camille, hospital, old).documents
    held = document(entry(visibility=HELD), replaces=old.entry.unique_id)
    (held_id,) = deposit(camille, hospital, held).documents
    (seen,) = listed(camille)
    assert (seen.id, seen.status, seen.replaced_by) == (old_id, Status.APPROVED, None)
    with pytest.raises(Refused) as caught:
        read(camille, held_id)
    assert caught.value.reason.code == "document_unknown"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"hash": "AAAA"}, "hash_mismatch"),
        ({"size": 1}, "size_mismatch"),
        ({"mime_type": "application/pdf"}, "content_type_mismatch"),
        ({"mime_type": "application/zip"}, "content_type_unsupported"),
        ({"type": Coded("99999-9")}, "code_unknown"),
        ({"class_": Coded("42")}, "class_mismatch"),
        ({"facility_type": Coded("SA99")}, "code_unknown"),
        ({"practice_setting": Coded("NOWHERE")}, "code_unknown"),
        ({"confidentiality": "X"}, "code_unknown"),
        ({"custodian_id": "1.2.250.1.999.9.9"}, "source_not_yours"),
        ({"visibility": frozenset({Visibility.MASQUE_PS, Visibility.INVISIBLE_PATIENT})}, "visibility_refused"),
        ({"visibility": frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX})}, "visibility_refused"),
    ],
)
def test_what_is_refused_leaves_one_line_and_nothing_else(change: dict[str, object], code: str) -> None:
    camille, hospital = holder(), organisation()
    wrong = document(replace(entry(), **change))  # type: ignore[arg-type]
    assert code in refused(camille, hospital, wrong)
    assert (rows("record_entry", camille), rows("record_submission", camille), rows("record_unique_id", camille)) == (
        0,
        0,
        0,
    )
    assert rows("trace_event", camille) == 1


def alter(table: str, of: Holder, entry_column: str, entry_id: UUID) -> None:
    """What somebody with the database in hand might do to one sealed row."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)"
            f" WHERE patient_id = %s AND {entry_column} = %s",
            [of.patient, entry_id],
        )
        assert cursor.rowcount == 1


def test_an_altered_row_is_shown_as_damaged_and_closes_nothing_else() -> None:
    camille, hospital = holder(), organisation()
    good, bad = deposit(camille, hospital, document(), document()).documents
    alter("record_entry", camille, "id", bad)
    seen = {d.id: d for d in listed(camille)}
    assert (seen[good].damaged, seen[bad].damaged, seen[bad].entry.title) == (False, True, "")
    with pytest.raises(Refused) as caught:
        read(camille, bad)
    assert caught.value.reason.code == "content_unavailable"
    assert read(camille, good)


def test_an_altered_restriction_hides_from_everybody() -> None:
    camille, hospital = holder(), organisation()
    masked = document(entry(visibility=frozenset({Visibility.MASQUE_PS})))
    (masked_id,) = deposit(camille, hospital, masked).documents
    alter("record_restriction", camille, "entry_id", masked_id)
    assert listed(camille) == ()


def test_a_cda_that_was_not_read_as_one_is_not_filed() -> None:
    assert "cda_incomplete" in refused(holder(), organisation(), document(replace(entry(), mime_type="text/xml")))


@pytest.mark.parametrize(
    ("change", "refused_at"),
    [
        ({}, []),
        ({"visibility": HELD}, ["e0.securityLabel"]),
        ({"type": Coded("11490-0")}, ["e0.type"]),
    ],
)
def test_the_metadata_leave_out_nothing_that_the_header_says(change: dict[str, object], refused_at: list[str]) -> None:
    plain = replace(entry(), mime_type="text/xml")
    header = CdaDocument(replace(plain, **change), holder().statement, (), 3)  # type: ignore[arg-type]
    sent = submission(holder(), document(plain))
    found = problems(sent, [header], own_ids={"1.2.250.1.999.1.1"}, adult=True, at=AT)
    assert [problem.place for problem in found] == refused_at


def test_the_line_of_a_refused_hidden_deposit_is_hidden() -> None:
    camille, hospital = holder(), organisation()
    (held_id,) = deposit(camille, hospital, document(entry(visibility=HELD))).documents
    refused(camille, hospital, document(replace(entry(), size=1), replaces=f"DocumentReference/{held_id}"))
    assert lines(camille)[0].hidden_from == HELD


def test_a_partly_repeated_submission_says_which() -> None:
    camille, hospital = holder(), organisation()
    one = document()
    deposit(camille, hospital, one)
    assert deposit(camille, hospital, one, document()).repeated == (True, False)


def test_a_full_disk_is_a_refusal_and_nothing_is_filed(monkeypatch: pytest.MonkeyPatch) -> None:
    camille, hospital = holder(), organisation()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(LocalContentStore, "write", full)
    assert refused(camille, hospital, document()) == ["content_unavailable"]
    assert rows("record_entry", camille) == 0


def test_a_type_without_a_published_class_takes_any_known_class() -> None:
    """The implant card is in JDV_J07 and lacks a row in ASS_X04."""
    implant = replace(entry(), type=Coded("101881-1"), class_=Coded("11"))
    assert deposit(holder(), organisation(), document(implant)).documents


def test_an_empty_document_is_refused() -> None:
    assert "content_empty" in refused(holder(), organisation(), document(content=b""))


def test_depositing_in_the_name_of_another_organisation_is_refused() -> None:
    camille, hospital = holder(), organisation(source_id="1.2.250.1.999.7")
    assert refused(camille, hospital, document()) == ["source_not_yours"]


def test_a_document_of_somebody_else_is_refused_and_says_nothing_more() -> None:
    camille, hospital = holder(), organisation()
    twin = replace(camille, traits=replace(camille.traits, given_names=("CHARLIE",)))
    assert refused(twin, hospital, document(replace(entry(), size=1))) == ["traits_disagree"]
    assert lines(camille)[-1].reason == "traits_disagree"


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.CLOSED, "space_not_open"),
        (State.INFORMED, "space_not_open"),
        (State.ERASED, "space_not_open"),
        (State.DECEASED, "space_not_open"),
    ],
)
def test_a_space_that_is_not_open_is_not_fed(state: State, code: str) -> None:
    camille, hospital = holder(), organisation()
    put_state(camille.patient, state)
    assert refused(camille, hospital, document()) == [code]
    assert rows("record_entry", camille) == 0


def test_an_opposed_space_answers_as_one_that_does_not_exist() -> None:
    with pytest.raises(Refused) as caught:
        deposit(opposed(), organisation(), document())
    assert (caught.value.reason.code, caught.value.reason.told_code) == ("space_opposed", "space_unknown")


def test_nobody_reads_the_record_of_somebody_else() -> None:
    camille, paul, hospital = holder(), holder(), organisation()
    (entry_id,) = deposit(camille, hospital, document()).documents
    with pytest.raises(Refused) as caught:
        read(paul, entry_id)
    assert caught.value.reason.code == "document_unknown"
    with (
        pytest.raises(Refused) as caught,
        gate.open_record(
            actor=paul.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.READ, at=AT
        ) as grant,
    ):
        queries.content(grant, entry_id)
    assert caught.value.reason.code == "not_the_holder"
    assert lines(camille)[0].reason == "not_the_holder"


def test_an_organisation_reads_no_content_but_follows_its_own_deposits() -> None:
    camille, hospital, laboratory = holder(), organisation(), organisation("Laboratoire")
    (mine,) = deposit(camille, hospital, document()).documents
    deposit(camille, laboratory, document())
    with gate.open_record(
        actor=sender(hospital), patient=camille.patient, purpose=Purpose.FEED, verb=Verb.OWN_DEPOSITS, at=AT
    ) as grant:
        assert [found.id for found in queries.own_deposits(grant).found] == [mine]
        assert queries.documents(grant) == ()
        with pytest.raises(Refused):
            queries.content(grant, mine)
        with pytest.raises(TypeError):
            trace.history(grant)
        with pytest.raises(TypeError):
            queries.kept(grant, [mine])


def test_an_error_rolls_back_and_leaves_its_line() -> None:
    camille, hospital = holder(), organisation()
    sent = submission(camille, document())
    with (
        pytest.raises(RuntimeError),
        gate.open_record(
            actor=sender(hospital), patient=camille.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
        ) as grant,
    ):
        actions.submit(grant, submission=sent, headers=[None])
        raise RuntimeError("a fault after filing")
    assert rows("record_entry", camille) == 0
    assert [(line.outcome, line.reason) for line in lines(camille)] == [("refused", "temporarily_unavailable")]


def test_nothing_a_sender_stated_is_in_clear_in_the_tables() -> None:
    camille, hospital = holder(birth_name="ZWORGLEPLANTE"), organisation("Clinique Zworgleplante")
    deposit(camille, hospital, document(entry(title="Zworgleplante 7"), content=b"zworgleplante"))
    with connection.cursor() as cursor:
        for table in (
            "record_entry",
            "record_submission",
            "record_restriction",
            "record_unique_id",
            "trace_event",
            "outbox_event",
            "identity_person",
            "identity_ins",
            "enrolment_space",
        ):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE '%zworgleplante%'")
            assert cursor.fetchone() == (0,), table
