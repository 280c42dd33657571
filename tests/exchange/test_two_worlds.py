"""What is hidden is invisible: with and without the hidden documents, every answer is the same to the byte.

World A holds three hidden documents (alone in its set, beside one that shows, as a new version of one that shows, or
that a mask hides with it); world B never had them. Ids become numbers in the order that they appear, the INS and the
id of the patient become words; times are those of one frozen clock. A query may name what is hidden: in world B that
is an id of nobody. The set that hides a member says what the sender of world B did: neither title, note nor author,
which may tell of that member, and which a sender may always leave out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

import bundles
from cast import Holder, blocks, consents, holder, organisation, professional
from door import (
    FORM,
    Answer,
    call,
    deposit_of,
    holder_token,
    named,
    post,
    professional_token,
    send,
    with_another,
)
from espace import edge
from espace.identity.facts import Organisation

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
HIDDEN = ("alone", "beside", "version", "older", "set")
SECRET = bundles.coding("68599-0", "http://loinc.org")
"""A kind that dentists do not read."""


@dataclass(frozen=True)
class Reader:
    """Somebody who reads, the token they come with, and how what they may not see is hidden from them: a new version
    alone, or `chained` to those that it replaces."""

    name: str
    token: Callable[[Holder], str]
    hide: Callable[[Json], object]
    chained: bool = False


def _professional_token(of: Holder, profession: str = "10") -> str:
    who = professional(profession=profession)
    consents(of, who, at=edge.now())
    return professional_token(who)


def _labelled(label: str) -> Callable[[Json], object]:
    return lambda document: document["securityLabel"].append(bundles.coding(label))


def _of_secret_kind(document: Json) -> None:
    document["type"] = SECRET
    document["category"] = [bundles.coding("11", "urn:oid:1.2.250.1.213.1.1.4.1")]


READERS = [
    Reader("holder", lambda of: holder_token(of.patient), _labelled("INVISIBLE_PATIENT")),
    Reader("doctor", _professional_token, _labelled("MASQUE_PS"), chained=True),
    Reader("dentist", lambda of: _professional_token(of, "40"), _of_secret_kind),
]


class World:
    """One person's record, with or without what is hidden from the reader."""

    def __init__(self, reader: Reader, by: Organisation, *, hiding: bool, start: datetime) -> None:
        self.reader, self.by, self.hiding, self.start = reader, by, hiding, start
        self.who = holder()
        self.hidden: dict[str, str] = {name: str(uuid4()) for name in HIDDEN}
        self.uids = {name: f"urn:uuid:{uuid4()}" for name in self.hidden}
        self._fill()
        self.token = reader.token(self.who)

    def _fill(self) -> None:
        first = self._file(0, deposit_of(self.who, b"first"))[1]
        if self.hiding:
            self.hidden["set"], self.hidden["alone"], *_ = self._file(1, self._hide("alone", b"alone"))
        pair = with_another(deposit_of(self.who, b"pair"), uid=self.uids["beside"])
        self.reader.hide(pair["entry"][3]["resource"])
        if self.hiding:
            self.hidden["beside"] = self._file(2, pair)[3]
        else:
            pair["entry"] = pair["entry"][:3]
            lot = pair["entry"][0]["resource"]
            lot["entry"] = lot["entry"][:1]
            for name in ("title", "note", "source", "contained"):
                del lot[name]
            self._file(2, pair)
        last = self._file(3, deposit_of(self.who, b"last"))[1]
        if self.hiding:
            version = self._hide("version", b"version")
            older = last
            if self.reader.chained:
                older = self.hidden["older"] = self._file(3, deposit_of(self.who, b"older"))[1]
            target = {"reference": f"DocumentReference/{older}"}
            version["entry"][1]["resource"]["relatesTo"] = [{"code": "replaces", "target": target}]
            self.hidden["version"] = self._file(4, version)[1]
        self.shown = [first, last]

    def _hide(self, name: str, content: bytes) -> Json:
        made = deposit_of(self.who, content, uid=self.uids[name])
        self.reader.hide(made["entry"][1]["resource"])
        return made

    def _file(self, minute: int, made: Json) -> list[str]:
        """One deposit, at the same minute of both worlds; the ids given."""
        with edge.clock_at(self.start + timedelta(minutes=minute)):
            answer = send(made, self.by)
        assert answer.status == 200, answer.body
        return [entry["response"]["location"].split("/")[1] for entry in answer.json["entry"]]

    def seen(self, method: str, path: str, pairs: list[tuple[str, str]]) -> tuple[int, bytes, tuple[Any, ...]]:
        """The answer to a request, canonical."""
        names = {**{f"{{{k}}}": v for k, v in self.hidden.items()}, **{f"{{uid {k}}}": v for k, v in self.uids.items()}}
        names |= {"{shown}": self.shown[0], "{last}": self.shown[1], "{patient}": str(self.who.patient)}
        path, *said = (_filled(text, names) for text in (path, *(value for _, value in pairs)))
        query = urlencode([(name, value) for (name, _), value in zip(pairs, said, strict=True)])
        answer = self._asked(method, path, query)
        return answer.status, self._canonical(answer.body), self._headers(answer)

    def _asked(self, method: str, path: str, query: str) -> Answer:
        if method == "POST":
            return post(f"{path}/_search", query.encode(), token=self.token, kind=FORM)
        return call(method, path, token=self.token, query=query)

    def _headers(self, answer: Answer) -> tuple[Any, ...]:
        return tuple(sorted((n, self._canonical(v.encode())) for n, v in answer.headers.items()))

    def _canonical(self, body: bytes) -> bytes:
        text = body.decode().replace(self.who.ins.number, "INS").replace(str(self.who.patient), "PATIENT")
        known: dict[str, str] = {}
        return re.sub(
            r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}",
            lambda found: known.setdefault(found[0], f"<{len(known)}>"),
            text,
        ).encode()

    def named(self) -> list[tuple[str, str]]:
        return list(named(self.who).items())


def _filled(text: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        text = text.replace(name, value)
    return text


@pytest.fixture(scope="module", params=READERS, ids=lambda reader: reader.name)
def worlds(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> tuple[World, World]:
    with django_db_blocker.unblock():
        return both(request.param)


def both(reader: Reader) -> tuple[World, World]:
    by, start = organisation(), edge.now() - timedelta(minutes=10)
    return World(reader, by, hiding=True, start=start), World(reader, by, hiding=False, start=start)


DOCUMENTS, LISTS = "/fhir/DocumentReference", "/fhir/List"
SEARCHES: list[tuple[str, list[tuple[str, str]]]] = [
    (DOCUMENTS, pairs)
    for pairs in (
        [],
        [("_summary", "count")],
        [("_count", "0")],
        [("_total", "accurate"), ("_count", "1")],
        [("_summary", "true")],
        [("_id", "{alone}")],
        [("_id", "{alone},{beside},{version},{older},{shown}")],
        [("_id:not", "{alone}"), ("_summary", "count")],
        [("identifier", "{uid alone}")],
        [("identifier", "urn:uuid:{beside}")],
        [("identifier:not", "{uid version}"), ("_summary", "count")],
        [("status", "current")],
        [("status", "superseded")],
        [("status:not", "current")],
        [("isArchived", "true")],
        [("type", "68599-0")],
        [("type:not", "11502-2")],
        [("type", "11502-2"), ("_summary", "count")],
        [("category", "11")],
        [("format", "urn:ihe:iti:xds-sd:text:2008"), ("_summary", "count")],
        [("setting", "ETABLISSEMENT"), ("_summary", "count")],
        [("facility", "SA01"), ("_summary", "count")],
        [("event", "GLU"), ("_summary", "count")],
        [("security-label", "MASQUE_PS")],
        [("security-label", "INVISIBLE_PATIENT")],
        [("security-label:not", "N")],
        [("contenttype", "text/plain"), ("_summary", "count")],
        [("author.family", "le"), ("_summary", "count")],
        [("author.family:contains", "g"), ("_summary", "count")],
        [("author.given", "anne"), ("_summary", "count")],
        [("author:identifier", "810001288385"), ("_summary", "count")],
        [("date", "2026"), ("_summary", "count")],
        [("creation", "le2026-03-04"), ("_summary", "count")],
        [("period", "2026-03-04"), ("_summary", "count")],
        [("period-end", "2026-03-04"), ("_summary", "count")],
        [("related:identifier", "ACC-5"), ("_summary", "count")],
        [("relatesto", "DocumentReference/{last}")],
        [("relatesto", "{alone}")],
        [("relatesto", "{older}")],
        [("relatesto:missing", "false")],
        [("relation", "replaces")],
        [("_lastUpdated", "gt2000"), ("_summary", "count")],
        [("_lastUpdated", "lt2000")],
        *([("_sort", sort)] for sort in ("date", "-date", "type", "-_lastUpdated", "status,-creation")),
        [("_sort", "date"), ("_after", "{alone}")],
        [("_sort", "-_lastUpdated"), ("_after", "{version}")],
        [("_sort", "type"), ("_after", "{shown}")],
    )
] + [
    (LISTS, pairs)
    for pairs in (
        [],
        [("_summary", "count")],
        [("_id", "{set}")],
        [("identifier", "urn:uuid:{set}")],
        [("title", "bilan"), ("_summary", "count")],
        [("title:missing", "true")],
        [("designationType", "07"), ("_sort", "title")],
        [("source.family", "le goff"), ("_summary", "count")],
        [("source.identifier:missing", "false")],
        [("date", "2026"), ("_sort", "-date")],
        [("_sort", "title"), ("_after", "{set}")],
        [("_lastUpdated", "gt2000"), ("_summary", "count")],
    )
]


@pytest.mark.parametrize(("path", "pairs"), SEARCHES, ids=[f"{path[6:]} {pairs}" for path, pairs in SEARCHES])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_search_answers_the_same_in_both_worlds(
    worlds: tuple[World, World], method: str, path: str, pairs: list[tuple[str, str]]
) -> None:
    with_it, without = (world.seen(method, path, [*world.named(), *pairs]) for world in worlds)
    assert with_it == without
    assert with_it[0] in (200, 410)


READS = [
    f"/fhir/{kind}/{{{name}}}"
    for kind in ("DocumentReference", "Binary", "List")
    for name in HIDDEN
]


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_read_of_what_is_hidden_answers_as_of_what_is_not(
    worlds: tuple[World, World], method: str, path: str
) -> None:
    with_it, without = (world.seen(method, path, []) for world in worlds)
    assert with_it == without
    assert with_it[0] == 404


@pytest.mark.parametrize("path", [f"{DOCUMENTS}/{{shown}}", f"{DOCUMENTS}/{{last}}", "/fhir/Binary/{last}"])
def test_what_shows_is_told_without_a_sign_of_what_does_not(worlds: tuple[World, World], path: str) -> None:
    with_it, without = (world.seen("GET", path, []) for world in worlds)
    assert with_it == without
    assert with_it[0] == 200


@pytest.mark.parametrize("sort", ["", "date", "-_lastUpdated", "type,-date"])
@pytest.mark.parametrize("path", [DOCUMENTS, LISTS])
def test_pages_are_the_same_in_both_worlds(worlds: tuple[World, World], path: str, sort: str) -> None:
    if path == LISTS and "type" in sort:
        sort = "title,-date"
    walks = []
    for world in worlds:
        pairs = [*world.named(), ("_count", "1"), *([("_sort", sort)] if sort else [])]
        walk = [call("GET", path, token=world.token, query=urlencode(pairs)).json]
        while following := [one["url"] for one in walk[-1]["link"] if one["relation"] == "next"]:
            walk.append(call("GET", path, token=world.token, query=following[0].partition("?")[2]).json)
        walks.append([(page["total"], len(page["entry"]), len(page["link"])) for page in walk])
    assert walks[0] == walks[1]
    assert [total for total, _, _ in walks[0]] == [3, 3, 3]


def test_the_hidden_documents_are_there_all_the_same(worlds: tuple[World, World]) -> None:
    """Otherwise nothing above would have been tried: whoever may see them does."""
    hiding, plain = worlds
    other = READERS[1] if hiding.reader.name == "holder" else READERS[0]
    older = int(hiding.reader.chained)
    for world, total, sets in ((hiding, 6 + older, 5 + older), (plain, 3, 3)):
        token = other.token(world.who)
        query = urlencode([*world.named(), ("_summary", "count")])
        assert call("GET", DOCUMENTS, token=token, query=query).json["total"] == total
        assert call("GET", LISTS, token=token, query=query).json["total"] == sets


def test_a_blocked_professional_gets_the_same_in_both_worlds() -> None:
    answers = []
    for world in both(READERS[1]):
        anne = professional()
        consents(world.who, anne, at=edge.now())
        blocks(world.who, anne, at=edge.now() + timedelta(microseconds=1))
        world.token = professional_token(anne)
        paths = [DOCUMENTS, LISTS, *READS]
        answers.append([world.seen("GET", path, world.named() if "{" not in path else []) for path in paths])
    assert answers[0] == answers[1]
    assert [status for status, _, _ in answers[0]] == [403, 403, *([404] * len(READS))]


