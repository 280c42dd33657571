"""Two worlds: one with every kind of hidden document, one that never had those that a reader may not know of. Whatever
that reader asks, on the pages and at the FHIR door, the answers are the same to the byte once random ids and times are
canonical, and so is the history that the holder reads afterwards; where they differ, it says so.

tests/exchange/test_two_worlds.py does the same for the parameters of searches."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connections, reset_queries
from django.test.utils import CaptureQueriesContext

from espace import edge
from reference_model.addresses import DOORS, HOLDER
from reference_model.asking import ask
from reference_model.comparing import knows_of
from reference_model.model import NONE, Document, Person, World
from reference_model.people import BY_NAME, HELPERS, Cast
from reference_model.worlds import DOCUMENTS, OF_A_MINOR, Real, build

pytestmark = pytest.mark.django_db

_OF_A_FAMILY = frozenset({"plain", "own", *(one.name for one in OF_A_MINOR)})
READERS = ("holder", "agreed", "emergency")
"""From « agreed » and « emergency » a document is hidden by name."""
Told = tuple[int, str, str, int]


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
        # Two documents of one deposit have ids of one instant, and no order between them: one at most shows.
        every = DOCUMENTS if who.kind == HOLDER else tuple(one for one in DOCUMENTS if one.name != "beside")
        hiding = build(World("hiding", "activated"), every, crew)
        plain = build(World("plain", "activated"), _without(hiding, who), crew)
    _compared(who, hiding, plain, start)


def _compared(who: Person, hiding: Real, plain: Real, start: datetime) -> None:
    found = []
    for number, (door, operation, about) in enumerate(_questions(who, tuple(hiding.model.documents.values()))):
        with edge.clock_at(start + timedelta(seconds=number)):
            one, other = (_told(real, who, door, operation, about) for real in (hiding, plain))
        if one != other and not _known(door, operation, one, other):
            found.append(f"{door} {operation} {about}: {_first_difference(one, other)}")
    assert not found, f"{len(found)} differences:\n" + "\n".join(found)


def _known(door: str, operation: str, one: Told, other: Told) -> bool:
    """Reported: at the FHIR door, an id that leads nowhere costs fewer statements than one of something hidden."""
    return door == "mhd" and "{id}" in operation and one[:3] == other[:3] and one[0] == 404


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


_SEARCHES = ("POST documents", "POST pro_patient", "POST pro_home")


def _abouts(about: str, documents: tuple[Document, ...]) -> tuple[str, ...]:
    names = tuple(one.name for one in documents)
    sets = tuple(dict.fromkeys(one.set or one.name for one in documents))
    people = ("sworn",) if any(one.from_parents for one in documents) else ("agreed", "attending", "blocked")
    named = {"document": names, "own": names, "set": sets, "professional": people}
    return named.get(about, (about,) if about in ("folder", "team") else ("",))


def _told(real: Real, who: Person, door: str, operation: str, about: str) -> Told:
    reset_queries()
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        heard = ask(real, who, door, operation, about)
    said = [query["sql"] for query in [*main.captured_queries, *keys.captured_queries]]
    count = sum(not _UNCOUNTED.match(sql) for sql in said)
    return heard.status, _canonical(real, heard.location), _canonical(real, heard.text), count


_UNCOUNTED = re.compile(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET |UPDATE .?(django_session|identity_)")
"""Transactions; and that somebody is still there, which is noted once a minute."""
_ONCE = re.compile(r'(csrfmiddlewaretoken" value="|envoi" value="|filtre=|fait=|avant=)[^"&]+')
_IDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def _canonical(real: Real, text: str) -> str:
    number = real.of.ins.number
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    grouped = " ".join(number[start:end] for start, end in pairwise(cuts))
    for said, word in ((number, "INS"), (grouped, "INS"), (grouped[-6:], "END"), (str(real.of.patient), "PATIENT")):
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
