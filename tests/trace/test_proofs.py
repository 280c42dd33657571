"""The proofs that a person downloads: accepted when true, whole, and without a word of what is hidden from them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from espace.edge import new_id
from espace.kernel.words import Verb, Visibility
from espace.keys.actions import destroy
from espace.keys.facts import KeyKind, KeysDestroyed
from espace.site import verify_trace
from espace.trace import actions, queries
from espace.trace.facts import Audience
from logbook import (
    event,
    file_of,
    grant_of,
    later,
    mirror,
    proof,
    published,
    settle,
    somebody,
    sql,
    verified,
    write,
    write_hidden,
)

pytestmark = pytest.mark.django_db


def test_the_whole_history_is_proved_against_the_published_log(tmp_path: Path) -> None:
    anne = somebody()
    write(anne, 3)
    settle()
    write(somebody(), 2)
    write(anne, 2)
    settle()
    data = file_of(anne)
    assert [line["number"] for line in json.loads(data)["lines"]] == [1, 2, 3, 4, 5]
    keys = tmp_path / "keys"
    keys.write_bytes(published("keys"))
    log = mirror(tmp_path / "log")
    assert verified(data, tmp_path, keys=str(keys), log=str(log), scan=True) == ""


def test_one_line_is_proved_alone(tmp_path: Path) -> None:
    anne = somebody()
    lines = write(anne, 3)
    settle()
    data = file_of(anne, only=lines[1])
    assert [json.loads(line["event"])["id"] for line in json.loads(data)["lines"]] == [str(lines[1])]
    assert verified(data, tmp_path) == ""


def test_the_program_runs_alone_with_its_exit_codes(tmp_path: Path) -> None:
    anne = somebody()
    write(anne, 2)
    settle()
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(file_of(anne))
    bad.write_bytes(file_of(anne).replace(b"consent_in_force", b"consent_was_forged"))
    alone = tmp_path / "verify_trace.py"
    alone.write_bytes(published("verify_trace.py"))
    said = [
        subprocess.run([sys.executable, "-I", alone, file], capture_output=True, text=True, check=False)
        for file in (good, bad)
    ]
    assert [one.returncode for one in said] == [0, 1]
    assert "Everything that was asked holds, if that key is the log's." in said[0].stdout
    assert "REFUSED. Line 1 is not the one that was written: it was altered." in said[1].stdout
    assert [one.stderr for one in said] == ["", ""]


def test_a_line_without_its_leaf_or_checkpoint_waits(tmp_path: Path) -> None:
    anne = somebody()
    settle()
    lines = write(anne, 1)
    assert queries.waiting(grant_of(anne)) == frozenset(lines)
    assert proof(anne).lines == ()
    while actions.sequence(100):
        pass
    assert queries.waiting(grant_of(anne)) == frozenset()
    assert (proof(anne).lines, proof(anne).waiting) == ((), 1)
    settle()
    assert (len(proof(anne).lines), proof(anne).waiting) == (1, 0)


def test_what_is_hidden_is_in_nobody_s_chain_until_it_is_lifted(tmp_path: Path) -> None:
    anne = somebody()
    write(anne)
    held = write_hidden(anne, Visibility.INVISIBLE_PATIENT)
    write_hidden(anne, Visibility.INVISIBLE_REPRESENTANTS_LEGAUX)
    write(anne)
    settle()
    assert [len(proof(anne, audience=one).lines) for one in Audience] == [3, 2]
    assert str(held).encode() not in file_of(anne)
    actions.reveal(anne, [held])
    actions.reveal(anne, [held])
    settle()
    assert [len(proof(anne, audience=one).lines) for one in Audience] == [4, 3]
    last = proof(anne).lines[-1]
    assert str(held).encode() in last.event
    assert last.entry.index < last.link_entry.index
    log = mirror(tmp_path / "log")
    for audience in Audience:
        assert verified(file_of(anne, audience=audience), tmp_path, log=str(log), scan=True) == ""


def test_what_is_hidden_twice_stays_hidden_from_representatives() -> None:
    """Though they see the document one day: what was done before is between the minor and who cares for them."""
    anne = somebody()
    held = write_hidden(anne, Visibility.INVISIBLE_PATIENT, Visibility.INVISIBLE_REPRESENTANTS_LEGAUX)
    settle()
    assert [len(proof(anne, audience=one).lines) for one in Audience] == [0, 0]
    assert actions.reveal(anne, [held], still=frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX})) == 1
    settle()
    assert [len(proof(anne, audience=one).lines) for one in Audience] == [1, 0]
    assert actions.reveal(anne, [held]) == 1
    settle()
    assert [len(proof(anne, audience=one).lines) for one in Audience] == [1, 0]


def test_a_listing_names_what_is_hidden_on_lines_of_their_own() -> None:
    anne = somebody()
    shown, *held = (new_id() for _ in range(3))
    hides = frozenset({Visibility.INVISIBLE_PATIENT})
    listing = event(anne, verb=Verb.LIST, objects=(shown, *held), count=3)
    actions.append(listing, restricted=dict.fromkeys(held, hides) | {shown: frozenset()})
    settle()
    (only,) = proof(anne).lines
    said = json.loads(only.event)
    assert (said["id"], said["objects"], said["count"], said["hidden_from"]) == (str(listing.id), [str(shown)], 1, [])
    lines = queries.history(grant_of(anne))
    assert sorted(len(one.event.objects) for one in lines) == [1, 1, 1]
    actions.reveal(anne, [held[0]])
    settle()
    assert [json.loads(one.event)["objects"] for one in proof(anne).lines] == [[str(shown)], [str(held[0])]]


def test_two_worlds_with_and_without_a_held_document_have_files_that_tell_the_same() -> None:
    said = []
    for held in (False, True):
        anne = somebody()
        write(anne)
        if held:
            write_hidden(anne, Visibility.INVISIBLE_PATIENT)
            write_hidden(anne, Visibility.INVISIBLE_PATIENT, verb=Verb.DEPOSIT)
        write(anne)
        settle()
        file = json.loads(file_of(anne))
        shapes = [{name: type(value) for name, value in json.loads(one["event"]).items()} for one in file["lines"]]
        numbers = [one["number"] for one in file["lines"]]
        said.append((shapes, numbers, file["waiting"], [len(one["data"]) for one in file["entries"]]))
    assert said[0] == said[1]


def test_rows_of_chains_are_as_long_whatever_they_say() -> None:
    anne, paul = somebody(), somebody()
    write(anne, 2)
    write_hidden(paul, Visibility.INVISIBLE_PATIENT)
    write(paul)
    settle()
    rows = [sql("SELECT number, length(sealed) FROM trace_link WHERE patient_id = %s ORDER BY 1", one)
            for one in (anne, paul)]  # fmt: skip
    assert rows[0] == rows[1] == [(1, rows[0][0][1]), (2, rows[0][0][1])]
    lengths = "SELECT DISTINCT length(commitment), length(chains) FROM trace_leaf"
    assert (32, 96) in sql(lengths)


def test_the_keys_of_chains_are_each_person_s_and_audience_s_own() -> None:
    anne, paul = somebody(), somebody()
    for one in (anne, paul):
        write(one)
    settle()
    keys = {proof(one, audience=audience).chain_key for one in (anne, paul) for audience in Audience}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}


def test_an_altered_chain_stops_nobody_else_and_shows(tmp_path: Path) -> None:
    anne, paul = somebody(), somebody()
    for one in (anne, paul):
        write(one)
    settle()
    sql("ALTER TABLE trace_link DISABLE TRIGGER trace_link_append_only", alias="owner")
    try:
        sql("UPDATE trace_link SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) WHERE patient_id = %s",
            anne, alias="owner")  # fmt: skip
    finally:
        sql("ALTER TABLE trace_link ENABLE TRIGGER trace_link_append_only", alias="owner")
    for one in (anne, paul):
        write(one)
    settle()
    assert verified(file_of(paul), tmp_path) == ""
    with pytest.raises(Exception, match="seal"):
        file_of(anne)


def test_after_the_end_of_retention_there_is_a_leaf_and_nothing_else() -> None:
    anne = somebody()
    write(anne)
    destroy(anne, [KeyKind.LOG], at=later())
    settle()
    assert sql("SELECT count(*) FROM trace_link WHERE patient_id = %s", anne) == [(0,)]
    with pytest.raises(KeysDestroyed):
        write(anne)


def test_a_proof_costs_the_same_number_of_statements_whatever_it_proves() -> None:
    anne, paul = somebody(), somebody()
    write(anne)
    settle()
    write(paul, 40)
    settle()
    counts = []
    for one in (anne, paul):
        grant = grant_of(one)
        with connection.execute_wrapper(_counting(counts)), connections["keys"].execute_wrapper(_counting([])):
            queries.proof(grant)
        counts.append("|")
    first, second = "".join(counts).split("|")[:2]
    assert len(first) == len(second) <= 12


def _counting(into: list[str]) -> Callable[..., Any]:
    def wrapper(execute: Any, statement: Any, values: Any, many: Any, context: Any) -> Any:
        into.append(".")
        return execute(statement, values, many, context)

    return wrapper


def test_the_verifier_shares_no_code_with_the_rooms() -> None:
    text = Path(verify_trace.__file__).read_text("utf-8")
    assert "import espace" not in text
    assert "from espace" not in text
