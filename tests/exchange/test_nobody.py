"""What exists and may not be known of, and what does not exist: the same answer, by the same statements."""

import re
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from cast import Holder, asks_about_nobody, caring, consents, fresh_ins, holder, opposed, organisation, professional
from door import call, deposit_of, form, holder_token, professional_token, send
from espace import edge
from espace.access import gate
from espace.identity.facts import Ins, Professional
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind, Purpose, Verb
from espace.record import actions as record
from espace.trace.queries import about_nobody
from portal.helpers import cda, file
from workstation.desk import Desk

pytestmark = pytest.mark.django_db

READS = "user/DocumentReference.cruds"
Asked = Callable[[], Any]


def kinds(ask: Asked) -> tuple[Any, list[str]]:
    """The answer, and the first words of each statement of either database, in their order."""
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        answer = ask()
    said = [" ".join(one["sql"].split()) for one in [*main.captured_queries, *keys.captured_queries]]
    return answer, [_kind(sql) for sql in said if not re.match(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET ", sql)]


def _kind(sql: str) -> str:
    """Its verb, and the table; what a register and the log of nobody are called is the one difference."""
    verb, table = sql.split()[0], re.search(r"(?:FROM|INTO|UPDATE) (\w+)", sql)
    name = table[1] if table else ""
    return "line" if name in ("trace_event", "trace_nobody") else f"{verb} {name}"


def found_by_ins(who: Professional, ins: Ins) -> Asked:
    said = {"patient.identifier": f"urn:oid:{ins.authority}|{ins.number}"}
    return lambda: form("/fhir/DocumentReference/_search", token=professional_token(who, scope=READS), **said)


def read(who: Professional, document: UUID) -> Asked:
    return lambda: call("GET", f"/fhir/Binary/{document}", token=professional_token(who))


def mask(of: Holder, document: UUID) -> None:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.MASK, at=edge.now()
    ) as grant:
        record.mask(grant, document)


def same(one: Asked, other: Asked) -> Any:
    """Both asked once before: a first line makes the key of a register, a first question costs an account its place."""
    one()
    other()
    (told, statements), (answer, expected) = kinds(one), kinds(other)
    assert (told.status, told.json, statements) == (answer.status, answer.json, expected)
    return told


def test_an_opposed_person_is_searched_for_as_nobody() -> None:
    anne = professional()
    told = same(found_by_ins(anne, opposed().ins), found_by_ins(anne, fresh_ins()))
    assert (told.status, told.codes) == (422, ["space_unknown"])


def test_an_opposed_person_is_fed_as_nobody() -> None:
    hospital, paul = organisation(), opposed()
    nobody = replace(paul, ins=fresh_ins())
    told = same(lambda: send(deposit_of(paul), hospital), lambda: send(deposit_of(nobody), hospital))
    assert told.codes == ["space_unknown"]


def test_a_document_of_a_closed_record_is_read_as_none() -> None:
    anne, camille = professional(), holder()
    document = file(camille, cda(camille))
    assert same(read(anne, document), read(anne, edge.new_id())).codes == ["not_found"]


def test_a_masked_document_is_read_as_none() -> None:
    anne, camille = professional(), holder()
    document = file(camille, cda(camille))
    consents(camille, anne, at=edge.now())
    mask(camille, document)
    told, statements = kinds(read(anne, document))
    absent, expected = kinds(read(anne, edge.new_id()))
    assert (told.status, told.json, len(statements)) == (absent.status, absent.json, len(expected))


def test_somebody_else_s_document_is_read_as_none() -> None:
    camille, yves = holder(), holder()
    document, token = file(camille, cda(camille)), holder_token(yves.patient)
    ask = [lambda one=one: call("GET", f"/fhir/Binary/{one}", token=token) for one in (document, uuid4())]
    assert same(*ask).codes == ["not_found"]


def test_at_the_workstation_too() -> None:
    anne = professional()
    desk, paul, nobody = Desk(anne), opposed(), fresh_ins()
    for ins in (paul.ins, nobody):
        desk.post("/pro/", {"ins": ins.number})
    told, statements = kinds(lambda: desk.post("/pro/", {"ins": paul.ins.number}))
    absent, expected = kinds(lambda: desk.post("/pro/", {"ins": nobody.number}))
    assert (told.status_code, statements) == (absent.status_code, expected)


def test_who_asked_for_nobody_is_known_and_not_for_whom() -> None:
    anne, ins = professional(), fresh_ins()
    found_by_ins(anne, ins)()
    [line] = [one for one in about_nobody(50) if one.actor_id == anne.id]
    assert (line.actor_kind, line.purpose, line.verb, line.reason) == (
        ActorKind.PROFESSIONAL, Purpose.CARE, Verb.LIST, "space_unknown",
    )  # fmt: skip
    assert ins.number not in repr(line)


def test_the_log_of_nobody_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.trace.actions.nobody.PLACES", 3)
    anne = professional()
    for _ in range(12):
        found_by_ins(anne, fresh_ins())()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trace_nobody WHERE slot < 3")
        assert cursor.fetchone()[0] <= 3


def test_lines_about_nobody_that_choose_one_place_at_once_are_all_refused_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of two that change one row, the second fails to serialise: it is written again, and is no other answer."""
    monkeypatch.setattr("espace.trace.actions.nobody.PLACES", 1)
    actors, told = [caring(professional()) for _ in range(4)], list[str]()

    def ask(actor: Actor) -> None:
        try:
            told.extend(asks_about_nobody(actor, fresh_ins().number) for _ in range(8))
        finally:
            for one in ("default", "keys"):
                connections[one].close()

    threads = [threading.Thread(target=ask, args=(actor,)) for actor in actors]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert told == ["space_unknown"] * 32
