"""What ends while a professional reads has ended at their next request: every way of losing access, in the middle of
every reading that takes several requests, at both doors. What was begun may end: it is answered as it was when it was
let in."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from access.revoking import FEW, LAST, READINGS, GoesOn, Reader, Reading, Space, Told, page_told
from cast import begins_team, caring, consents, names_administrator, names_doctor, professional, put_state
from door import call, feeder_token, lines_of, professional_token
from espace import edge
from espace.access import gate
from espace.enrolment.facts import State
from espace.identity import actions as identity
from espace.kernel.values import replace
from espace.record.adapters import content_store
from espace.trace.facts import Outcome
from workstation.desk import Desk

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LATER = 20 * MINUTE
"""Sooner than a session at a desk ends by itself."""


@pytest.fixture(autouse=True)
def _two_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.looks.paging.PER_PAGE", 2)


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any) -> Space:
    """For what ends one professional's access and no other's."""
    with django_db_blocker.unblock():
        return Space()


Act = Callable[[Reader], object]


@dataclass(frozen=True)
class Revocation:
    """How somebody came to read, what ends it, and the reason of which they are told; `wait`: time passes. `after` puts
    back what is about the whole record."""

    name: str
    link: Act
    ends: Act
    code: str
    wait: timedelta = timedelta()
    after: Act | None = None
    readings: tuple[Reading, ...] = FEW


def _agreed(one: Reader) -> None:
    consents(one.space.of, one.who, at=edge.now(), until=edge.now() + LATER / 2)


def _holder(path: str, **form: str) -> Act:
    """What the holder does on a page, about this professional or this document."""
    return lambda one: one.space.decides(path.format(who=one.who.id, last=one.space.last), **form)


def _declared(one: Reader) -> None:
    """An emergency, declared at the desk nearly four hours ago."""
    with edge.clock_at(edge.now() - timedelta(hours=4) + LATER / 2):
        said = {"cause": "unconscious", "words": "Trouvée sans connaissance", "risk": "on"}
        assert Desk(one.who).post(f"{one.record}urgence/", said).status_code == 302


def _another_doctor(one: Reader) -> None:
    one.space.decides(f"/partage/professionnels/{professional('Petit', 'Luc').id}/designer/")


def _ends_team(one: Reader) -> None:
    page = one.space.browser.get("/partage/").content.decode()
    [path] = {part.partition('"')[0] for part in page.split('href="') if "/terminer/" in part and "equipes" in part}
    one.space.decides(path)


def _by_delegate(one: Reader) -> None:
    doctor = professional("Petit", "Luc")
    names_doctor(one.space.of, doctor, at=edge.now())
    assert Desk(doctor).post(f"{one.record}historique/{one.who.id}/bloquer/").status_code == 302


def _names(one: Reader) -> None:
    names_doctor(one.space.of, one.who, at=edge.now())


def _administers(one: Reader) -> None:
    names_administrator(one.space.of, one.who, at=edge.now())


def _in_team(one: Reader) -> None:
    begins_team(one.space.of, one.who, at=edge.now())


def _withdraws(one: Reader) -> None:
    assert one.desk.post(f"{one.record}accord/fin/").status_code == 302


def _state(state: State) -> Act:
    return lambda one: put_state(one.space.of.patient, state)


def _nothing(one: Reader) -> None:
    """Time alone."""


_ONE = "/partage/professionnels/{who}/"
_OPEN, _URGENT = _state(State.OPENED), _holder("/partage/urgences/", urgence="1", samu="1")
REVOCATIONS = (
    Revocation("blocked", _agreed, _holder(f"{_ONE}bloquer/"), "professional_blocked", readings=READINGS),
    Revocation("blocked by the attending doctor", _agreed, _by_delegate, "professional_blocked"),
    Revocation("access ended by the holder", _agreed, _holder(f"{_ONE}acces/retirer/"), "consent_missing"),
    Revocation("access ended by themselves", _agreed, _withdraws, "consent_missing"),
    Revocation("a consent that lapses", _agreed, _nothing, "consent_lapsed", wait=LATER),
    Revocation("another doctor is named", _names, _another_doctor, "consent_missing"),
    Revocation("no doctor any more", _names, _holder(f"{_ONE}retirer/"), "consent_missing"),
    Revocation("no administrator any more", _administers, _holder(f"{_ONE}administrateur/retirer/"), "consent_missing"),
    Revocation("the team ends", _in_team, _ends_team, "consent_lapsed"),
    Revocation("the emergency is over", _declared, _nothing, "glass_ended", wait=LATER),
    Revocation(
        "the holder objects to emergencies", _declared, _holder("/partage/urgences/", samu="1"), "consent_missing",
        after=_URGENT,
    ),
    Revocation("the space is suspended", _agreed, _state(State.SUSPENDED), "space_suspended", after=_OPEN),
    Revocation("the space is closed", _agreed, _state(State.CLOSED), "space_not_open", after=_OPEN),
)  # fmt: skip


@contextmanager
def _begun(
    space: Space, readings: tuple[Reading, ...], link: Act = _agreed, wait: timedelta = timedelta()
) -> Iterator[tuple[Reader, list[tuple[Reading, GoesOn]]]]:
    """Somebody in the middle of these readings; then, some time later."""
    one = Reader(space, professional())
    link(one)
    begun = [(reading, reading.begin(one)) for reading in readings]
    with edge.clock_at(edge.now() + wait):
        yield one, begun


@pytest.mark.parametrize("revoked", REVOCATIONS, ids=lambda one: one.name)
def test_access_that_ends_has_ended_at_the_next_request(shared: Space, revoked: Revocation) -> None:
    with _begun(shared, revoked.readings, revoked.link, revoked.wait) as (one, begun):
        with _undone(one, revoked.after):
            revoked.ends(one)
            otherwise = []
            for reading, goes_on in begun:
                told, code = goes_on(), revoked.code if reading.names else "document_unknown"
                if not told.refuses(code):
                    otherwise.append(f"{reading.name}: {told.status} {told.codes} {told.text[:200]}")
        assert not otherwise, "\n".join(otherwise)
        lines = lines_of(shared.of)
    tried = [line for line in lines if line.actor_id == one.who.id and line.outcome is Outcome.REFUSED]
    assert {line.reason for line in tried} == {revoked.code} and len(tried) == len(begun)


@contextmanager
def _undone(one: Reader, after: Act | None) -> Iterator[None]:
    try:
        yield
    finally:
        if after:
            after(one)


def _deleted(one: Reader) -> None:
    token = feeder_token(one.space.hospital, scope="system/DocumentReference.d")
    assert call("DELETE", f"/fhir/DocumentReference/{one.space.last}", token=token).status == 204


def _by_topic(one: Reader) -> None:
    """It is linked to a topic, which is masked then."""
    made = one.space.browser.post(f"{_TOPICS}creer/", {"name": "Zona"})["Location"]
    one.space.topic = made.partition(_TOPICS)[2].partition("/")[0]
    one.space.decides(f"{_TOPICS}{one.space.topic}/rattacher/", document=str(one.space.last))
    one.space.decides(f"{_TOPICS}{one.space.topic}/masquer/")


def _no_topic(one: Reader) -> None:
    one.space.decides(f"{_TOPICS}{one.space.topic}/supprimer/")


_TOPICS = "/partage/visibilite/sujets/"
_SHOWN, _ALL = "/documents/{last}/montrer/", "/partage/visibilite/tout/"
HIDDEN: tuple[tuple[str, Act, Act | None, int, tuple[Reading, ...]], ...] = (
    ("masked", _holder("/documents/{last}/masquer/"), _holder(_SHOWN), 3, READINGS),
    ("hidden from them", _holder("/documents/{last}/masquer/{who}/"), _holder(f"{_SHOWN}{{who}}/"), 3, FEW),
    ("its topic is masked", _by_topic, _no_topic, 3, FEW),
    ("everything is masked", _holder(f"{_ALL}masquer/"), _holder(f"{_ALL}montrer/"), 0, READINGS),
    ("deleted by its organisation", _deleted, None, 3, FEW),
)


@pytest.mark.parametrize(("act", "after", "left", "readings"), [row[1:] for row in HIDDEN], ids=[r[0] for r in HIDDEN])
def test_what_is_hidden_is_not_on_the_next_page_nor_in_its_count(
    shared: Space, act: Act, after: Act | None, left: int, readings: tuple[Reading, ...]
) -> None:
    with _begun(shared if after else Space(), readings) as (one, begun), _undone(one, after):
        act(one)
        otherwise = [
            f"{reading.name}: {told.status} {told.total} {told.text[:200]}"
            for reading, told in ((reading, goes_on()) for reading, goes_on in begun)
            if not _lacks(reading, told, left)
        ]
        assert not otherwise, "\n".join(otherwise)


def _lacks(reading: Reading, told: Told, left: int) -> bool:
    """The page without the document, counted as if it never was; by its address, it is not there. Where what ended the
    page before is gone as well, a sorted search begins again."""
    if LAST in told.text:
        return False
    if not reading.lists:
        return told.status == 404
    if told.status == 410:
        return left == 0 and reading.name.startswith("a sorted search") and told.codes == ("page_expired",)
    if told.total is not None:
        return (told.status, told.total) == (200, left)
    return told.status == 200 and "4 documents" not in told.text and (not left or f"{left} documents" in told.text)


def test_a_frozen_account_reads_on_for_an_hour_and_then_no_more(shared: Space, settings: Any) -> None:
    """Freezing is for new patients: one who was opened within the hour stays open (docs/explanation/security.md)."""

    def agreed(one: Reader) -> None:
        consents(one.space.of, one.who, at=edge.now())

    start = edge.now()
    with _begun(shared, FEW[:2], agreed) as (one, begun):
        with edge.clock_at(start + LATER):
            gate.spend(caring(one.who), name="somebody else", at=edge.now())
        settings.ESPACE_BUDGET_HOUR = 1
        assert {goes_on().status for _, goes_on in begun} == {200}
        with edge.clock_at(start + 61 * MINUTE):
            one.token = professional_token(one.who)
            for reading, goes_on in begun:
                assert goes_on().refuses("account_frozen" if reading.names else "document_unknown"), reading.name


def test_who_is_struck_from_the_directory_is_nobody_at_their_next_request(shared: Space) -> None:
    with _begun(shared, FEW) as (one, begun):
        identity.put_professional(replace(one.who, active=False))
        answers = [goes_on() for _, goes_on in begun]
    assert {(told.status, told.codes) for told in answers} == {(401, ("token_invalid",)), (302, ())}
    assert not any(LAST in told.text for told in answers)


def test_the_access_log_is_refused_at_its_next_page(shared: Space) -> None:
    one = Reader(shared, professional())
    _administers(one)
    path = f"{one.record}historique/"
    assert one.desk.get(path).status_code == 200
    _holder(f"{_ONE}administrateur/retirer/")(one)
    assert page_told(one.desk.get(f"{path}?avant={edge.new_id()}")).refuses("not_an_administrator")


def _in_another_process(act: Callable[[], object]) -> None:
    """Done and committed over a connection of its own before this goes on."""

    def done() -> None:
        try:
            act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(done).result(30)


class _Slow:
    """A content store in which something else happens before the bytes come."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        self.meanwhile = meanwhile

    def reading(self, name: Any) -> Any:
        self.meanwhile()
        return content_store().reading(name)


BY_ADDRESS = tuple(one for one in READINGS if not one.lists)


@pytest.mark.parametrize("reading", BY_ADDRESS, ids=lambda one: one.name)
def test_what_was_begun_may_end_and_nothing_more(
    shared: Space, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The block is committed while the bytes are read, which the decision let out."""
    one = Reader(shared, professional())
    _agreed(one)
    goes_on, blocked = reading.begin(one), list[bool]()

    def meanwhile() -> None:
        if not blocked:
            blocked.append(True)
            _in_another_process(lambda: _holder(f"{_ONE}bloquer/")(one))

    monkeypatch.setattr("espace.record.queries.reading.content_store", lambda: _Slow(meanwhile))
    assert (goes_on().status, blocked) == (200, [True])
    assert goes_on().refuses("professional_blocked" if reading.names else "document_unknown")
