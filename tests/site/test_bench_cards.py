"""What `./espace bench` asks for: the pages, the requests by SOAP, and who asks."""

import base64
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from espace import edge
from espace.access import actions as access
from espace.access import gate
from espace.identity.queries import actor_of_professional
from espace.identity.queries.sessions import professional_session
from espace.kernel.words import Purpose, Verb
from espace.looks.sessions import SessionStore
from espace.site.bench.cards import cards_of
from espace.site.bench.facts import SOAP, What
from espace.site.bench.load import (
    Card,
    written,
)
from espace.site.bench.people import SMALL_BYTES, settle
from espace.site.bench.professionals import PATIENTS_EACH, desk_count
from espace.site.certifying import authority
from espace.workstation.sessions import SIGNED_IN
from soap_door import post


def key_of(card: Card) -> str:
    """The session of a card's request."""
    return card.pieces[0].decode().partition(f"{settings.SESSION_COOKIE_NAME}=")[2].strip()


def page_of(card: Card) -> tuple[int, bool]:
    """The status that a card's request is answered with, and whether its mark is there."""
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = key_of(card)
    answer = browser.get(card.pieces[0].decode().split(" ")[1])
    return answer.status_code, card.mark in answer.content


@pytest.mark.usefixtures("db")
def test_a_page_that_is_not_the_one_asked_for_has_no_mark() -> None:
    """Signed out, the address of the home answers 200 too; a professional is refused, or sent elsewhere."""
    (resident,) = settle(1, 1, SMALL_BYTES, lambda _: None)
    (home,), (screen,) = (cards_of(what, [resident]) for what in (What.HOME, What.SCREEN))
    assert page_of(home) == page_of(screen) == (200, True)
    assert [page_of(replaced(card)) for card in (home, screen)] == [(200, False), (302, False)]
    session = professional_session(UUID(SessionStore(key_of(screen))[SIGNED_IN]["session"]), at=edge.now())
    assert session is not None and session.organisation is not None
    actor = actor_of_professional(session.professional, session.organisation)
    assert actor is not None
    with gate.open_record(
        actor=actor, patient=resident.patient, purpose=Purpose.CARE, verb=Verb.WITHDRAW, at=edge.now()
    ) as grant:
        access.withdraw_consent(grant)
    assert page_of(screen) == (403, False)


@pytest.mark.usefixtures("db")
def test_a_request_by_soap_is_taken_each_time(settings: Any, tmp_path: Path) -> None:
    """As a trusted proxy passes it on; the second has an assertion, and in a deposit a document, of its own."""
    settings.ESPACE_AUTHORITIES = str(authority(tmp_path / "cards", at=edge.now()).folder / "authority.pem")
    residents = settle(1, 1, SMALL_BYTES, lambda _: None, first=1)
    answered = {what: [asked_by_soap(card) for card in cards_of(what, residents) * 2] for what in SOAP}
    assert answered == {what: [("Success", int(what is What.ITI43))] * 2 for what in SOAP}


def asked_by_soap(card: Card) -> tuple[str, int]:
    """What the door answers a card's request: the status, and how many parts beside it."""
    head, _, body = written(card).partition(b"\r\n\r\n")
    line, *rows = head.decode().split("\r\n")
    said = dict(row.split(": ", 1) for row in rows)
    assert int(said["Content-Length"]) == len(body)
    certificate = base64.b64decode(said["X-Client-Cert"])
    answer = post(line.split(" ")[1], said["Content-Type"], body, certificate=certificate)
    return answer.status, len(answer.parts)


def replaced(card: Card) -> Card:
    """The same request in a session that never was."""
    return Card([card.pieces[0].replace(key_of(card).encode(), b"0" * 32)], mark=card.mark)


@pytest.mark.parametrize(
    ("patients", "count"), [(1, 1), (2, 2), (8, 8), (20, 8), (200, 8), (201, 9), (1000, 40), (2_000_000, 80_000)]
)
def test_nobody_of_the_bench_has_more_patients_than_the_budget_of_an_hour(patients: int, count: int) -> None:
    assert desk_count(patients) == count
    assert -(-patients // count) <= PATIENTS_EACH < 60
