"""What ends while somebody reads in another's space, or a holder in their own, has ended at their next page. A download
that was begun may end; the next one is refused."""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from access.revoking import LAST, Space, Told, in_document, listed, page_told, searched
from cast import blocks, cares, consents, professional, put_state, represents
from door import call, feeder_token
from espace import edge
from espace.access import gate
from espace.enrolment.facts import State
from espace.identity.actions import mandates
from espace.kernel.words import Actor, ActorKind, Purpose, Verb
from espace.record.actions import copying
from portal.copies import ASK, TAKE, make, parts, row
from portal.helpers import PARIS, Member, member
from portal.security import entered
from reference_model.helping import help_in
from reference_model.people import HELPERS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap")]
LATER = timedelta(minutes=20)
EVE = datetime(2026, 5, 31, 23, 50, tzinfo=PARIS)
GoesOn = Callable[[], Told]


@pytest.fixture(autouse=True)
def _two_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.looks.paging.PER_PAGE", 2)


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any) -> Space:
    """Camille, whom others care for one after the other."""
    with django_db_blocker.unblock():
        return Space()


@pytest.fixture(scope="module")
def child(django_db_setup: None, django_db_blocker: Any) -> Space:
    """Léo, who comes of age at midnight."""
    with django_db_blocker.unblock(), edge.clock_at(EVE):
        return Space(member(given="LÉO", born=date(2008, 6, 1)))


@dataclass
class Helper:
    """Somebody who helps in a space, in a browser that goes on whatever becomes of their right."""

    space: Space
    who: Member
    mandate: UUID

    def __post_init__(self) -> None:
        self.browser = entered(self.who, edge.now())

    def at(self, path: str) -> str:
        return f"/pour/{self.mandate}{path}"


Begin = Callable[[Helper], GoesOn]
Act = Callable[[Helper], object]


def _carer(space: Space) -> Helper:
    """Until some minutes from now."""
    paul, now = member(given="PAUL", email=(address := f"{uuid4().hex}@exemple.fr")), edge.now()
    return Helper(space, paul, cares(paul.of, space.of, address=address, at=now, until=now + LATER / 2))


def _parent(space: Space) -> Helper:
    marie = member(given="MARIE")
    return Helper(space, marie, represents(marie.of, space.of, at=edge.now()))


def _adviser(space: Space) -> Helper:
    found = help_in(space.of, HELPERS["adviser"])
    return Helper(space, found.who, found.mandate)


def _in_document(end: str) -> Begin:
    return lambda one: in_document(one.browser, one.at(f"/documents/{one.space.last}/"), end)


def _form(one: Helper) -> GoesOn:
    """A form that was opened while they helped, and is sent."""
    path = one.at("/documents/dossiers/")
    assert one.browser.get(path).status_code == 200
    return lambda: page_told(one.browser.post(path, {"name": "Orthodontie"}))


def _history(one: Helper) -> GoesOn:
    path = one.at("/partage/historique/")
    assert one.browser.get(path).status_code == 200
    return lambda: page_told(one.browser.get(f"{path}?avant={edge.new_id()}"))


def _seeing_as(one: Helper) -> GoesOn:
    return listed(one.browser, one.at("/partage/voir-comme/metier/10/"))


FEW: Mapping[str, Begin] = {
    "the list": lambda one: listed(one.browser, one.at("/documents/")),
    "the file in a document": _in_document("pieces/1/"),
}
READINGS: Mapping[str, Begin] = {
    **FEW,
    "the list that was searched": lambda one: searched(one.browser, one.at("/documents/")),
    "a document to keep": _in_document("telecharger/"),
}
WITH_FORM: Mapping[str, Begin] = {**READINGS, "a form": _form}
OF_A_PARENT: Mapping[str, Begin] = {**WITH_FORM, "the access log": _history, "seeing as a doctor": _seeing_as}


def _ended_by_holder(one: Helper) -> None:
    one.space.decides(f"/partage/proches/{one.mandate}/terminer/")


def _ended_session(one: Helper) -> None:
    one.space.decides("/partage/proches/conseiller/terminer/")


def _leaves(one: Helper) -> None:
    """In another browser."""
    assert entered(one.who, edge.now()).post(one.at("/partage/proches/quitter/")).status_code == 302


def _ended_by_operator(one: Helper) -> None:
    operator = Actor(ActorKind.SYSTEM, UUID(int=0), "L’exploitant")
    with gate.open_record(
        actor=operator, patient=one.space.of.patient, purpose=Purpose.SUPPORT, verb=Verb.END_HELP, at=edge.now()
    ) as grant:
        assert mandates.operator_ends(grant, one.mandate)


def _suspended(one: Helper) -> None:
    put_state(one.space.of.patient, State.SUSPENDED)


def _nothing(one: Helper) -> None:
    """Time alone."""


REVOCATIONS = (
    ("the holder ends it", _carer, _ended_by_holder, "help_ended", WITH_FORM),
    ("the carer ends it", _carer, _leaves, "help_ended", FEW),
    ("its day comes", _carer, _nothing, "help_over", FEW),
    ("the holder ends the session", _adviser, _ended_session, "advising_over", FEW),
    ("the operator ends it", _parent, _ended_by_operator, "help_ended", OF_A_PARENT),
    ("the child comes of age", _parent, _nothing, "came_of_age", FEW),
    ("the space is suspended", _parent, _suspended, "space_suspended", FEW),
)


@pytest.mark.parametrize(
    ("helper", "ends", "code", "readings"), [row[1:] for row in REVOCATIONS], ids=[row[0] for row in REVOCATIONS]
)
def test_help_that_ends_has_ended_at_the_next_page(
    shared: Space,
    child: Space,
    helper: Callable[[Space], Helper],
    ends: Act,
    code: str,
    readings: Mapping[str, Begin],
) -> None:
    space, start = (shared, edge.now()) if helper is not _parent else (child, EVE)
    with edge.clock_at(start):
        one = helper(space)
        begun = {name: begin(one) for name, begin in readings.items()}
    with edge.clock_at(start + (LATER if ends is _nothing else timedelta())):
        ends(one)
        answers = {name: goes_on() for name, goes_on in begun.items()}
        put_state(space.of.patient, State.ACTIVATED)
    if helper is _parent and ends is not _ended_by_operator:
        with edge.clock_at(start):
            _ended_by_operator(one)  # a child has room for so many parents, whichever of these tests comes first
    assert {name: told.status for name, told in answers.items() if not told.refuses(code)} == {}


def _deleted(one: Helper) -> None:
    token = feeder_token(one.space.hospital, scope="system/DocumentReference.d")
    assert call("DELETE", f"/fhir/DocumentReference/{one.space.last}", token=token).status == 204


def test_what_is_deleted_is_not_on_the_next_page_nor_in_its_count() -> None:
    one = _carer(Space())
    begun = {name: begin(one) for name, begin in READINGS.items()}
    _deleted(one)
    for name, goes_on in begun.items():
        told = goes_on()
        assert LAST not in told.text, name
        assert "3 documents" in told.text if "list" in name else told.status == 404, name


def test_a_session_that_is_closed_elsewhere_asks_for_the_sign_in_at_its_next_page(shared: Space) -> None:
    one = _carer(shared)
    begun = [begin(one) for begin in READINGS.values()]
    assert entered(one.who, edge.now()).post("/securite/sessions/fermer/").status_code == 302
    assert {goes_on().status for goes_on in begun} == {302}
    _leaves(one)


def test_eyes_that_are_shut_see_nothing_on_the_next_page() -> None:
    """« Voir comme… » asks again what that person may: what is masked meanwhile is gone, then all of it."""
    space, anne = Space(), professional()
    consents(space.of, anne, at=edge.now())
    goes_on = listed(space.browser, f"/partage/voir-comme/{anne.id}/")
    space.decides(f"/documents/{space.last}/masquer/")
    masked = goes_on().text
    rows, _, unseen = masked.partition("Zygomatique")
    assert "3 documents" in rows and "masqué" in unseen
    blocks(space.of, anne, at=edge.now())
    shut = goes_on()
    assert shut.status == 200 and LAST not in shut.text and "Bilan" not in shut.text


def _asked(browser: Client, path: str, space: Space, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The download of a copy in several parts."""
    monkeypatch.setattr(copying, "STEP", timedelta(0))
    assert browser.post(f"{path}{ASK}").status_code == 302
    make(space.camille)
    answer: Any = browser.get(f"{path}{TAKE}")
    assert answer.status_code == 200 and len(parts(row(space.of)[4])) > 1
    return answer


def _whole(answer: Any, meanwhile: Callable[[], object]) -> bool:
    """Whether the rest came after this, which happened once the first part had."""
    coming = iter(answer.streaming_content)
    first = next(coming)
    meanwhile()
    data = b"".join([first, *coming])
    answer.close()
    return len(first) < len(data) and zipfile.ZipFile(io.BytesIO(data)).testzip() is None


def test_a_download_that_was_begun_may_end_and_the_next_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    one = _parent(Space(member(given="LÉO", born=date(2011, 3, 22))))
    answer = _asked(one.browser, one.at(""), one.space, monkeypatch)
    assert _whole(answer, lambda: _ended_by_operator(one))
    for goes_on in ({}, {"Range": "bytes=9-"}):  # one that was cut is a request of its own
        assert page_told(one.browser.get(one.at(TAKE), headers=goes_on)).refuses("help_ended")


def test_a_session_closed_in_mid_download_takes_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    space = Space()
    browser = entered(space.camille, edge.now())
    answer = _asked(browser, "", space, monkeypatch)
    other = entered(space.camille, edge.now())
    assert _whole(answer, lambda: other.post("/securite/sessions/fermer/"))
    assert browser.get(TAKE).headers["Location"].startswith("/connexion/")
