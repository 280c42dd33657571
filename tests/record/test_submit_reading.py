"""What was filed is read by its holder alone, sealed in the tables, and shown as damaged when it was altered."""

from uuid import UUID

import pytest
from django.db import connection

from cast import AT, Holder, document, entry, holder, organisation, sender
from espace.access import gate
from espace.kernel.words import Purpose, Refused, Verb, Visibility
from espace.record import queries
from espace.trace import queries as trace
from record.filing import deposit, lines, listed, read

pytestmark = pytest.mark.usefixtures("db")


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
