"""What somebody with the database may do beside changing a row: keep a line out of the tree, take the last one away,
break so many lines that the page ends there. Each is told, and the rest of the history is read."""

import pytest
from django.db import OperationalError, connection

from espace.kernel.words import Visibility
from espace.trace import actions, queries
from espace.trace.facts import Audience
from espace.trace.queries.published import LogBroken
from logbook import file_of, grant_of, proof, settle, somebody, sql, write, write_hidden

pytestmark = pytest.mark.django_db

FLIP = "UPDATE trace_event SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) WHERE patient_id = %s"


def as_owner(statement: str, *values: object, table: str = "trace_event") -> None:
    """With a right that the application's role does not have, for this statement."""
    role = connection.settings_dict["USER"]
    sql(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only", alias="owner")
    sql(f'GRANT UPDATE, DELETE ON {table} TO "{role}"', alias="owner")
    try:
        sql(statement, *values)
    finally:
        sql(f'REVOKE UPDATE, DELETE ON {table} FROM "{role}"', alias="owner")
        sql(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only", alias="owner")


def test_a_line_that_was_taken_out_of_the_queue_is_missed_by_the_proof_of_all() -> None:
    anne = somebody()
    (first,) = write(anne)
    settle()
    write(anne)
    assert len(proof(anne).lines) == 1  # it waits: nothing is wrong
    sql("DELETE FROM trace_pending WHERE patient_id = %s", anne)
    with pytest.raises(LogBroken, match="kept out of the tree"):
        file_of(anne)
    with pytest.raises(LogBroken, match="kept out of the tree"):
        file_of(anne, audience=Audience.REPRESENTATIVES)
    assert len(proof(anne, only=first).lines) == 1


@pytest.mark.parametrize("table", ["trace_event", "trace_pending"])
def test_a_database_that_swallows_lines_serves_nothing(table: str) -> None:
    anne, paul = somebody(), somebody()
    write(anne)
    body = f"BEGIN IF NEW.patient_id = '{anne}' THEN RETURN NULL; END IF; RETURN NEW; END"
    sql(f"CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$", alias="owner")
    sql(f"CREATE TRIGGER swallow BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION swallow()", alias="owner")
    try:
        with pytest.raises(OperationalError, match="took no line"):
            write(anne)
        write(paul)
    finally:
        sql(f"DROP TRIGGER swallow ON {table}", alias="owner")
        sql("DROP FUNCTION swallow()", alias="owner")
    write(anne)


def test_what_waits_or_is_hidden_from_its_reader_is_not_missed() -> None:
    anne = somebody()
    write(anne)
    write_hidden(anne, Visibility.INVISIBLE_PATIENT)
    settle()
    write_hidden(anne, Visibility.INVISIBLE_REPRESENTANTS_LEGAUX)
    assert [len(proof(anne, audience=one).lines) for one in Audience] == [1, 1]
    settle()
    assert [len(proof(anne, audience=one).lines) for one in Audience] == [2, 1]


def test_the_last_line_deleted_makes_no_shorter_file() -> None:
    anne = somebody()
    first, _, last = write(anne, 3)
    settle()
    as_owner("DELETE FROM trace_event WHERE patient_id = %s AND id = %s", anne, last)
    with pytest.raises(LogBroken, match="was deleted"):
        file_of(anne)
    assert len(proof(anne, only=first).lines) == 1


def test_a_page_of_altered_lines_does_not_end_the_history() -> None:
    settle()
    anne = somebody()
    oldest = write(anne, 2)
    written = write(anne, 3)
    for one in written:
        as_owner(f"{FLIP} AND id = %s", anne, one)
    page = queries.read_history(grant_of(anne), limit=3)
    assert (page.lines, page.altered, page.rows, page.last) == ((), 3, 3, written[0])
    older = queries.read_history(grant_of(anne), before=page.last, limit=3)
    assert [one.event.id for one in older.lines] == oldest[::-1]
    assert (older.altered, older.last) == (0, oldest[0])
    assert queries.read_history(grant_of(somebody())).last is None
    assert actions.sequence(10) == 5
