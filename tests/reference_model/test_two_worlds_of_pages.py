"""Two worlds: one with every kind of hidden document, one that never had those that a reader may not know of. Whatever
that reader asks, on the pages and at the FHIR door, the answers are the same to the byte once random ids and times are
canonical, and so is the history that the holder reads afterwards; where they differ, it says so.

Other readers share two pairs of smaller worlds, where what they may not know of did more: it was read, replaced,
removed with others, linked to a health topic. tests/exchange/test_two_worlds.py does the same for the parameters of
searches."""

import itertools
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, reset_queries
from django.test.utils import CaptureQueriesContext

from espace import edge
from espace.access import gate
from espace.kernel.ids import ENTROPY_BYTES
from espace.kernel.words import Purpose, Verb
from espace.record import actions
from reference_model.addresses import DOORS, HOLDER
from reference_model.asking import ask
from reference_model.comparing import knows_of
from reference_model.facts import NONE, Document, Person, World
from reference_model.people import BY_NAME, HELPERS, Cast
from reference_model.worlds import DOCUMENTS, OF_A_MINOR, Real, build

pytestmark = pytest.mark.django_db

_OF_A_FAMILY = frozenset({"plain", "own", *(one.name for one in OF_A_MINOR)})
READERS = ("holder", "agreed", "emergency")
"""From « agreed » and « emergency » a document is hidden by name."""
Told = tuple[int, str, str, int]


_made = itertools.count(1)


@pytest.fixture(autouse=True)
def _ids_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids of one instant follow one another as they are made: lines of one instant have no order but theirs, and chance
    would put them otherwise in each world. Nothing else changes: real instants differ."""
    chance = edge.random_bytes

    def entropy(count: int) -> bytes:
        return next(_made).to_bytes(count) if count == ENTROPY_BYTES else chance(count)

    monkeypatch.setattr(edge, "random_bytes", entropy)


@pytest.fixture(scope="module")
def crew(django_db_setup: None, django_db_blocker: Any) -> Cast:
    with django_db_blocker.unblock():
        return Cast()


FAMILY = tuple(one for one in (*DOCUMENTS, *OF_A_MINOR) if one.name in _OF_A_FAMILY)


def test_a_parent_learns_nothing_of_the_secret_care_of_their_child(crew: Cast) -> None:
    """Not of its documents, nor of whom it alone links to the child, nor of the lines that it left."""
    who, start = HELPERS["parent"], edge.now().replace(microsecond=0)
    others = {name for name, one in BY_NAME.items() if one.secret == NONE}
    with edge.clock_at(start):
        hiding = build(World("hiding", "activated"), FAMILY, crew, {*BY_NAME, "parent"}, minor=True)
        shown = tuple(one for one in FAMILY if not (one.held or one.from_parents))
        plain = build(World("plain", "activated"), shown, crew, {*others, "parent"}, minor=True)
    assert {one.name for one in shown} == knows_of(hiding, who)
    _compared(who, hiding, plain, start)


@pytest.mark.parametrize("name", READERS)
def test_what_a_reader_may_not_know_of_changes_no_answer(crew: Cast, name: str) -> None:
    who, start = BY_NAME[name], edge.now().replace(microsecond=0)
    with edge.clock_at(start):
        hiding = build(World("hiding", "activated"), DOCUMENTS, crew)
        plain = build(World("plain", "activated"), _without(hiding, who), crew)
    _compared(who, hiding, plain, start)


def _compared(
    who: Person,
    hiding: Real,
    plain: Real,
    start: datetime,
    named: tuple[Document, ...] | None = None,
    *,
    every: bool = True,
) -> None:
    """`named`: the documents that a question may name; all of them unless said otherwise. `every` question is asked, or
    those alone that read."""
    found, both = [], (str(hiding.of.patient), str(plain.of.patient))
    questions = _questions(who, named or tuple(hiding.model.documents.values()))
    questions = (one for one in questions if every or DOORS[one[0]][one[1]].lists or one[1] in _LOOKING)
    for number, (door, operation, about) in enumerate(questions):
        with edge.clock_at(start + timedelta(seconds=number)):
            one, other = (_told(real, who, door, operation, about, both) for real in (hiding, plain))
        if one != other and not _known(door, operation, one, other):
            found.append(f"{door} {operation} {about}: {_first_difference(one, other)}")
    assert not found, f"{len(found)} differences:\n" + "\n".join(found)


def _known(door: str, operation: str, one: Told, other: Told) -> bool:
    """Reported: at the FHIR door, an id that leads nowhere costs fewer statements than one of something hidden."""
    return door == "mhd" and "{id}" in operation and one[:3] == other[:3] and one[0] == 404


HIDDEN = ("attending", "administrator", "team")
FROM_THEM = frozenset(HIDDEN)
OF_PROFESSIONALS = (
    Document("plain"),
    Document("hidden", hidden_from=FROM_THEM),
    Document("held", kind="ATTEST-RESID", held=True, replaces="plain"),
    Document("kept", set="pair"),
    Document("beside", set="pair", hidden_from=FROM_THEM),
    Document("own", kind="DOCPAT02", by=HOLDER),
    Document("own_masked", kind="DOCPAT02", by=HOLDER, hidden_from=FROM_THEM),
)
OF_HELPERS = (
    Document("plain"),
    Document("held", held=True),
    Document("second", replaces="plain", held=True),
    Document("kept", set="pair"),
    Document("beside", set="pair", held=True),
    Document("own", kind="DOCPAT02", by=HOLDER),
)
HELPING = ("guardian", "carer", "adviser")
BY_TOPIC = frozenset({"topic"})
OF_A_TOPIC = (
    Document("plain"),
    Document("masked", masked_by=BY_TOPIC),
    Document("kept", set="pair"),
    Document("beside", set="pair", masked_by=BY_TOPIC),
    Document("own", kind="DOCPAT02", by=HOLDER),
    Document("own_masked", kind="DOCPAT02", by=HOLDER, masked_by=BY_TOPIC),
)
SCENES = {
    "professionals": (OF_PROFESSIONALS, HIDDEN, {*HIDDEN, "agreed", "blocked"}),
    "helpers": (OF_HELPERS, HELPING, {*HELPING, "attending", "agreed"}),
    "topic": (OF_A_TOPIC, ("agreed",), {"agreed", "attending"}),
}
LOG = "/partage/historique/"


@pytest.mark.parametrize(("documents", "readers", "people"), SCENES.values(), ids=SCENES)
def test_what_others_may_not_know_of_changes_no_answer_however_much_was_done_with_it(
    crew: Cast, documents: tuple[Document, ...], readers: tuple[str, ...], people: set[str]
) -> None:
    start = edge.now().replace(microsecond=0)
    who = [{**BY_NAME, **HELPERS}[name] for name in readers]
    with edge.clock_at(start):
        hiding = build(World("hiding", "activated"), documents, crew, people)
        shown = knows_of(hiding, who[0])
        assert [knows_of(hiding, one) for one in who] == [shown] * len(who)
        plain = build(World("plain", "activated"), tuple(one for one in documents if one.name in shown), crew, people)
    for real in (hiding, plain):
        _lived(real, documents, start)
    asked = tuple(one for one in documents if one.name not in shown)
    both = str(hiding.of.patient), str(plain.of.patient)
    for number, one in enumerate(who, start=1):
        then = start + number * timedelta(minutes=3)
        with edge.clock_at(then):
            logs = [_log_of(real, one, both) for real in (hiding, plain)]
        assert logs[0] == logs[1]
        every = number == 1 or os.environ.get("ESPACE_EVERY_QUESTION") == "1"
        _compared(one, hiding, plain, then + timedelta(seconds=1), (documents[0], *asked), every=every)


def _lived(real: Real, documents: tuple[Document, ...], start: datetime) -> None:
    """What is linked to the topic, which is masked, is hidden by it; a doctor reads each document twice, and the list
    as often; the holder removes what they added, one of it again, and puts all of it back. One thing a second, at the
    same second of both worlds whatever is left out."""
    desk, record = real.crew.desks["agreed"], f"/pro/patients/{real.of.patient}/"
    topic = f"/partage/visibilite/sujets/{real.topic}/rattacher/"
    ids = {one.name: real.ids.get(one.name) for one in documents}
    own = [ids[one.name] for one in documents if one.own]
    acts: list[tuple[object, Callable[[], object]]] = [
        (ids[one.name], partial(real.browser.post, topic, {"document": str(ids[one.name])}))
        for one in documents
        if one.masked_by == BY_TOPIC
    ]
    acts += [(True, partial(desk.get, record)) for _ in range(2)]
    acts += [(id, partial(desk.get, f"{record}documents/{id}/")) for id in [*ids.values(), *ids.values()]]
    for verb, act in ((Verb.REMOVE, actions.remove), (Verb.RESTORE, actions.restore)):
        acts += [(whom, partial(_as_holder, real, verb, act, whom)) for whom in (own, own[:1])]
    for second, (there, done) in enumerate(acts):
        with edge.clock_at(start + timedelta(seconds=second)):
            assert not there or getattr(done(), "status_code", 200) in (200, 302, 404)


def _as_holder(real: Real, verb: Verb, act: Callable[..., None], ids: list[UUID | None]) -> None:
    with gate.open_record(
        actor=real.of.actor, patient=real.of.patient, purpose=Purpose.HOLDER, verb=verb, at=edge.now()
    ) as grant:
        act(grant, documents=[one for one in ids if one])


def _log_of(real: Real, who: Person, both: tuple[str, str]) -> list[str]:
    """Every page of the access log, for who may read it."""
    desk = real.crew.desks.get(who.name)
    browser = desk or real.helpers[who.name].browser
    path = f"/pro/patients/{real.of.patient}/historique/" if desk else f"/pour/{real.helpers[who.name].mandate}{LOG}"
    pages, query = list[str](), ""
    while True:
        answer: Any = browser.get(path + query)
        pages.append(_canonical(real, answer.content.decode(), both))
        older = re.search(r'href="(\?avant=[0-9a-f-]{36})"', answer.content.decode())
        if older is None:
            return pages
        query = older[1]


def _without(hiding: Real, who: Person) -> tuple[Document, ...]:
    """What the reader may know of: the holder knows that a document of theirs was deleted, and by whom."""
    known = knows_of(hiding, who)
    if who.kind == HOLDER:
        known |= {one.name for one in DOCUMENTS if not one.held}
    return tuple(one for one in hiding.model.documents.values() if one.name in known)


def _questions(who: Person, documents: tuple[Document, ...]) -> Iterator[tuple[str, str, str]]:
    for door, operations in DOORS.items():
        if who.kind == HOLDER and (door == "helping") is not bool(who.helps) and (door != "mhd" or who.helps):
            continue
        for name, operation in operations.items():
            if who.kind in operation.opens and (name.startswith("GET") or "_search" in name or name in _SEARCHES):
                for about in _abouts(operation.about, documents):
                    yield door, name, about


_LOOKING = (
    *("GET /fhir/DocumentReference/{id}", "GET /fhir/List/{id}", "GET /fhir/Binary/{id}"),
    *("GET home", "GET reading", "GET sharing", "GET notices", "GET pro_reading", "GET pro_history"),
)
_SEARCHES = ("POST documents", "POST pro_patient", "POST pro_home")


def _abouts(about: str, documents: tuple[Document, ...]) -> tuple[str, ...]:
    names = tuple(one.name for one in documents)
    sets = tuple(dict.fromkeys(one.set or one.name for one in documents))
    people = ("sworn",) if any(one.from_parents for one in documents) else ("agreed", "attending", "blocked")
    named = {"document": names, "own": names, "set": sets, "professional": people}
    return named.get(about, (about,) if about in ("folder", "team", "topic") else ("",))


def _told(real: Real, who: Person, door: str, operation: str, about: str, both: tuple[str, str]) -> Told:
    reset_queries()
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        heard = ask(real, who, door, operation, about)
    asked = [query["sql"] for query in [*main.captured_queries, *keys.captured_queries]]
    count = sum(not _UNCOUNTED.match(sql) for sql in asked)
    said = [_canonical(real, one, both) for one in (heard.location, heard.text)]
    return heard.status, said[0], said[1], count


_UNCOUNTED = re.compile(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET |UPDATE .?(django_session|identity_)")
"""Transactions; and that somebody is still there, which is noted once a minute."""
_ONCE = re.compile(r'(csrfmiddlewaretoken" value="|envoi" value="|filtre=|fait=|avant=)[^"&]+')
_IDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def _canonical(real: Real, text: str, both: tuple[str, str]) -> str:
    """A page about nobody, where a professional finds their own calls and emergencies, names both people."""
    number = real.of.ins.number
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    grouped = " ".join(number[start:end] for start, end in pairwise(cuts))
    words = ((number, "INS"), (grouped, "INS"), (grouped[-6:], "END"), *((one, "PATIENT") for one in both))
    for said, word in words:
        text = text.replace(said, word)
    known: dict[str, str] = {}
    text = _ONCE.sub(r"\1TOKEN", text)
    return _IDS.sub(lambda found: known.setdefault(found[0], f"<{len(known)}>"), text)


def _first_difference(one: Told, other: Told) -> str:
    if one[0] != other[0]:
        return f"status {one[0]} and {other[0]}"
    if one[3] != other[3]:
        return f"{one[3]} statements and {other[3]}"
    texts = [told[1] + told[2] for told in (one, other)]
    at = next((n for n, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
    return " | ".join(text[max(0, at - 60) : at + 80].replace("\n", " ") for text in texts)
