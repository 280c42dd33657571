"""A professional in the middle of reading a record, at both doors: every reading that takes several requests, begun,
with what it asks next."""

import html
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.test import Client

from cast import AT, Holder, organisation
from door import FORM, Answer, audience, call, named, post, professional_token
from espace.identity.facts import Organisation, Professional
from espace.kernel.reasons import REASONS
from espace.kernel.reasons.helped import told_to_helper
from portal.helpers import PDF, Member, cda, cda_with_file, file, member, signed_in
from workstation.desk import Desk

LAST = "Zygomatique"
"""The oldest document, which a second page holds, and nobody else's word."""
DAY = timedelta(days=1)
DOCUMENTS, SETS = "/fhir/DocumentReference", "/fhir/List"
_LINKED = {"patient", "_count", "_sort", "_after"}


class Space:
    """Somebody with four documents, two a page; the browser in which they are signed in."""

    def __init__(self, whose: Member | None = None) -> None:
        self.camille: Member = whose or member()
        self.browser: Client = signed_in(self.camille)
        self.hospital: Organisation = organisation()
        letter = cda_with_file(self.of, PDF, "application/pdf")
        first = file(self.of, letter, title=LAST, by=self.hospital, on=AT - 9 * DAY)
        plain = [file(self.of, cda(self.of), title=f"Bilan {n}", by=self.hospital, on=AT - n * DAY) for n in (3, 2, 1)]
        self.last: UUID = first
        self.every: list[UUID] = [first, *plain]
        self.topic = ""

    @property
    def of(self) -> Holder:
        return self.camille.of

    def decides(self, path: str, **form: str) -> None:
        """The holder presses the button of a page."""
        assert self.browser.post(path, form).status_code == 302, path


@dataclass
class Reader:
    """A professional with a browser and a token, which go on whatever becomes of their access."""

    space: Space
    who: Professional
    desk: Desk = field(init=False)
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.desk, self.token = Desk(self.who), professional_token(self.who)

    @property
    def record(self) -> str:
        return f"/pro/patients/{self.space.of.patient}/"


@dataclass(frozen=True)
class Told:
    """What came back: `codes` at the FHIR door, `total` of a search there."""

    status: int
    text: str
    codes: tuple[str, ...] = ()
    total: int | None = None

    def refuses(self, code: str) -> bool:
        """Whether this is the refusal of that reason, and nothing else."""
        reason = REASONS[code]
        sentences = (reason.professional.fr, told_to_helper(reason).fr)
        said = self.codes == (reason.told_code,) if self.codes else any(one in self.text for one in sentences)
        return self.status == reason.status and said and LAST not in self.text and "Bilan" not in self.text


GoesOn = Callable[[], Told]


@dataclass(frozen=True)
class Reading:
    """`begin` makes the first requests and answers the next one; `names`: it names the patient and is told why it is
    refused, where an id alone is told nothing; `lists`: it answers a page of a list."""

    name: str
    begin: Callable[[Reader], GoesOn]
    names: bool = True
    lists: bool = False


def _told(answer: Answer) -> Told:
    if answer.status >= 400:
        return Told(answer.status, answer.body.decode(), tuple(answer.codes))
    body = answer.body.decode("utf-8", "replace")
    found = json.loads(body) if body.startswith("{") else {}
    return Told(answer.status, body, total=found.get("total"))


def page_told(response: Any) -> Told:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return Told(response.status_code, html.unescape(body.decode("utf-8", "replace")))


def _searching(path: str, *, posted: bool = False, **more: str) -> Callable[[Reader], GoesOn]:
    """The first page of a search, and what its next link leads to: it names the patient and a place, no decision."""

    def begin(one: Reader) -> GoesOn:
        query = urlencode({**named(one.space.of), "_count": "2", **more})
        if posted:
            first = post(f"{path}/_search", query.encode(), token=one.token, kind=FORM)
        else:
            first = call("GET", path, token=one.token, query=query)
        assert first.status == 200, first.body
        assert str(one.space.last) not in first.body.decode() and first.json["total"] == len(one.space.every)
        [following] = [link["url"] for link in first.json["link"] if link["relation"] == "next"]
        address, _, following = following.partition("?")
        assert address == audience() + path.removeprefix("/fhir")
        assert {name for name, _ in parse_qsl(following)} <= _LINKED
        return lambda: _told(call("GET", path, token=one.token, query=following))

    return begin


def _bytes(one: Reader) -> GoesOn:
    """Asked for from the fourth on, they come whole: there is nothing to go on with that was let out before."""

    def read() -> Told:
        return _told(call("GET", f"/fhir/Binary/{one.space.last}", token=one.token, range="bytes=4-"))

    first = read()
    assert first.status == 200 and first.text.startswith("<?xml")
    return read


def listed(browser: Client, address: str) -> GoesOn:
    """The first page of the list of documents, then the second."""
    first = page_told(browser.get(address))
    assert first.status == 200 and "4 documents" in first.text and LAST not in first.text, first.text
    return lambda: page_told(browser.get(f"{address}{'&' if '?' in address else '?'}page=2"))


def searched(browser: Client, address: str) -> GoesOn:
    """The words of a search travel sealed in the address: they hold what was asked, and no decision."""
    return listed(browser, browser.post(address, {"annee": "2026"})["Location"])


def in_document(browser: Client, address: str, end: str) -> GoesOn:
    """Its page is open: the file in it, and the document as it was deposited, are asked for apart."""
    first = page_told(browser.get(address))
    assert first.status == 200 and address + end in first.text
    return lambda: page_told(browser.get(address + end))


def _in_document(end: str) -> Callable[[Reader], GoesOn]:
    return lambda one: in_document(one.desk, f"{one.record}documents/{one.space.last}/", end)


AT_FHIR = (
    Reading("a search", _searching(DOCUMENTS), lists=True),
    Reading("its bytes", _bytes, names=False),
    Reading("a sorted search that was posted", _searching(DOCUMENTS, posted=True, _sort="-date"), lists=True),
    Reading("a search of sets", _searching(SETS), lists=True),
)
AT_DESK = (
    Reading("the list", lambda one: listed(one.desk, one.record), lists=True),
    Reading("the file in a document", _in_document("pieces/1/")),
    Reading("a document to keep", _in_document("telecharger/")),
    Reading("the list that was searched", lambda one: searched(one.desk, one.record), lists=True),
)
READINGS = (*AT_FHIR, *AT_DESK)
FEW = READINGS if os.environ.get("ESPACE_EVERY_QUESTION") == "1" else (*AT_FHIR[:2], *AT_DESK[:2])
"""A list and a document at each door: enough for what ends access by the same decision as what all are tried with."""
