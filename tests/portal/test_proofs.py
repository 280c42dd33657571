"""« Télécharger la preuve »: from the history page, for one line and for all; young lines say that they wait; what is
held from the holder joins when it is announced, and nothing tells of it before."""

import json
import re
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from cast import AT, caring, consents, organisation, professional, sender
from espace import edge
from espace.access import gate
from espace.kernel.words import Purpose, Verb, Visibility
from espace.record import actions as record
from espace.record import queries
from espace.record.facts import Change
from espace.site.worker import run_once, run_until_idle
from espace.trace import queries as trace
from logbook import grant_of, settle, verified
from portal.helpers import Member, cda, file, member, signed_in

pytestmark = pytest.mark.django_db
HISTORY, ALL = "/partage/historique/", "/partage/historique/preuve/"
HELD = frozenset({Visibility.INVISIBLE_PATIENT})


def test_a_line_waits_then_has_its_proof(tmp_path: Path) -> None:
    camille = member()
    browser = signed_in(camille)
    browser.get(HISTORY)
    young = browser.get(HISTORY).content.decode()
    assert "Preuve dans quelques secondes" in young
    assert browser.get(ALL).status_code == 404
    settle()
    page = browser.get(HISTORY).content.decode()
    address = re.findall(r'href="(/partage/historique/[0-9a-f-]{36}/preuve/)"', page)[-1]
    one = browser.get(address)
    assert one.headers["Content-Type"] == "application/json"
    assert re.fullmatch(r'attachment; filename="preuve-\d{4}-\d\d-\d\d\.json"', one.headers["Content-Disposition"])
    assert one.headers["Cache-Control"] == "no-store"
    assert len(json.loads(one.content)["lines"]) == 1
    assert verified(one.content, tmp_path) == ""
    every = browser.get(ALL)
    assert verified(every.content, tmp_path) == ""
    assert len(json.loads(every.content)["lines"]) >= 3


def test_absent_hidden_and_foreign_lines_answer_alike() -> None:
    camille, other = member(), member()
    signed_in(other).get(HISTORY)
    file(camille.of, cda(camille.of), visibility=HELD)
    browser = signed_in(camille)
    browser.get(HISTORY)
    settle()
    asked = (_line_of(other, Verb.HISTORY), _line_of(camille, Verb.DEPOSIT), edge.new_id())
    answers = [browser.get(f"/partage/historique/{one}/preuve/") for one in asked]
    assert {one.status_code for one in answers} == {404}
    bodies = {re.sub(rb'value="[^"]*"', b"", one.content) for one in answers}
    assert len({re.sub(rb"/partage/historique/[0-9a-f-]{36}/", b"", one) for one in bodies}) == 1


def test_a_visitor_is_asked_to_sign_in() -> None:
    assert Client().get(ALL).status_code == 302


def _line_of(of: Member, verb: Verb) -> UUID:
    return next(one.event.id for one in trace.history(grant_of(of.of.patient)) if one.event.verb is verb)


def test_what_was_held_joins_the_proof_once_announced(tmp_path: Path) -> None:
    camille, morel, laboratory = member(), professional(), organisation()
    file(camille.of, cda(camille.of), title="Ordinaire", by=laboratory)
    held = file(camille.of, cda(camille.of), title="Grave", by=laboratory, visibility=HELD)
    consents(camille.of, morel)
    for verb in (Verb.LIST, Verb.READ):
        with gate.open_record(
            actor=caring(morel), patient=camille.of.patient, purpose=Purpose.CARE, verb=verb, at=AT
        ) as grant:
            queries.documents(grant) if verb is Verb.LIST else queries.document(grant, held)
    settle()
    browser = signed_in(camille)
    before = browser.get(ALL).content
    page = browser.get(HISTORY).content.decode()
    assert str(held).encode() not in before
    assert verified(before, tmp_path) == ""
    assert len(re.findall("<strong>[^<]*Morel", page)) == 2  # the consent, and one listing
    with gate.open_record(
        actor=sender(laboratory), patient=camille.of.patient, purpose=Purpose.FEED, verb=Verb.AMEND, at=AT
    ) as grant:
        record.amend(grant, held, Change(visibility=frozenset()))
    run_until_idle()
    settle()
    after = browser.get(ALL).content
    lines = [json.loads(one["event"]) for one in json.loads(after)["lines"]]
    about = [one["verb"] for one in lines if str(held) in one["objects"]]
    assert sorted(about) == ["amend", "deposit", "extract", "list", "read"]
    assert verified(after, tmp_path) == ""
    old = [one["event"] for one in json.loads(before)["lines"]]
    assert [one["event"] for one in json.loads(after)["lines"]][: len(old)] == old
    assert len(re.findall("<strong>[^<]*Morel", browser.get(HISTORY).content.decode())) == 3


def test_the_worker_signs_what_it_sequenced() -> None:
    browser = signed_in(member())
    browser.get(HISTORY)
    with edge.clock_at(edge.now().replace(year=2061)):
        run_once(worker="test")
    assert browser.get(ALL).status_code == 200
