"""« Signaler cet accès »: from a line of the history, sealed, followed until somebody answers."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client

from cast import caring, consents, names_doctor, organisation, professional, represents
from espace import edge
from espace.access import actions as access
from espace.access import gate
from espace.access.actions import close, examine
from espace.access.facts import Alert, AlertKind, Outcome, ReportKind
from espace.access.queries import open_alerts, reports
from espace.identity.facts import Professional
from espace.kernel.words import Purpose, Verb, Visibility
from espace.record import queries as record
from espace.site import cli
from espace.trace import queries as trace
from portal.helpers import Member, cda, file, member, signed_in
from portal.test_reading_pages import text
from record.secret import agrees, minor, mother_of

pytestmark = pytest.mark.usefixtures("db")
FOLLOWED = "/partage/signalements/"
WORDS = "Je n’habite plus à Nantes, Zygomatique"


def accessed(of: Member, who: Professional | None = None) -> Professional:
    """A professional who recorded the holder's consent: their line is in the history."""
    found = who or professional()
    consents(of.of, found, at=edge.now())
    return found


def form_of(browser: Client) -> str:
    """The address of the form that the first professional's line leads to."""
    page = browser.get("/partage/historique/").content.decode()
    return "/partage/historique/" + page.split("/signaler/")[0].rpartition("/partage/historique/")[2] + "/signaler/"


def reported(browser: Client, **more: str) -> Any:
    return browser.post(form_of(browser), {"kind": "unknown", "words": WORDS, **more}, follow=True)


def alerts_of(who: Professional) -> list[Alert]:
    return [one for one in open_alerts() if one.professional == who.id]


def test_a_report_is_received_examined_and_answered() -> None:
    camille = member()
    anne, browser = accessed(camille), signed_in(camille)
    form = text(browser.get(form_of(browser)))
    assert "Anne Morel" in form and "Je ne connais pas ce professionnel" in form
    first = text(reported(browser))
    assert "votre signalement est reçu" in first and "Reçu le" in first and WORDS in first
    assert "Examiné par une personne : à venir" in first and "Réponse : à venir" in first
    [alert] = alerts_of(anne)
    assert (alert.kind, alert.organisation, len(alert.reference)) == (AlertKind.REPORTED, None, 12)
    examine(alert.id, by="Lise")
    second = text(browser.get(FOLLOWED))
    assert "Examiné par une personne : à venir" not in second and "Réponse : à venir" in second
    close(alert.id, by="Lise", second="Yann", outcome=Outcome.REMINDED, at=edge.now())
    third = text(browser.get(FOLLOWED))
    assert "Les règles ont été rappelées à ce professionnel." in third and "à venir" not in third
    assert "Lise" not in third
    assert "Vous avez signalé un accès : Anne Morel." in text(browser.get("/partage/historique/"))


def test_the_operator_reads_why_until_it_is_closed_and_the_holder_after(capsys: pytest.CaptureFixture[str]) -> None:
    camille = member()
    anne, browser = accessed(camille), signed_in(camille)
    reported(browser)
    [alert] = alerts_of(anne)
    assert cli.main(["alerts", "show", str(alert.id)]) == 0
    shown = capsys.readouterr().out
    assert f"unknown, an access at {edge.now():%Y-%m-%d}" in shown and WORDS in shown
    assert camille.of.ins.number not in shown and "Duval" not in shown and str(camille.of.patient) not in shown
    close(alert.id, by="Lise", second="Yann", outcome=Outcome.EXPLAINED, at=edge.now())
    cli.main(["alerts", "show", str(alert.id)])
    assert WORDS not in capsys.readouterr().out
    assert WORDS in text(browser.get(FOLLOWED))


def test_blocking_at_the_same_time() -> None:
    camille = member()
    accessed(camille)
    browser = signed_in(camille)
    page = text(reported(browser, block="on"))
    assert "Vous avez bloqué cette personne en même temps." in page
    assert "Accès bloqués" in text(browser.get("/partage/"))


def test_the_same_line_twice_is_one_report_and_another_person_another_alert() -> None:
    camille, paul = member(), member()
    anne = accessed(camille)
    accessed(paul, anne)
    browser = signed_in(camille)
    address = form_of(browser)
    for words in ("un", "deux"):
        browser.post(address, {"kind": "other", "words": words})
    page = text(browser.get(FOLLOWED))
    assert "«&nbsp;un&nbsp;»" in page and "deux" not in page
    reported(signed_in(paul))
    assert len({one.reference for one in alerts_of(anne)}) == 2


def test_what_was_written_is_sealed_and_nothing_in_clear_leads_to_the_professional() -> None:
    camille = member()
    anne, browser = accessed(camille), signed_in(camille)
    reported(browser)
    [alert] = alerts_of(anne)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, sealed FROM access_report WHERE patient_id = %s", [camille.of.patient])
        [(_, kept)] = cursor.fetchall()
        cursor.execute("SELECT sealed FROM access_told WHERE alert_id = %s", [alert.id])
        [(told,)] = cursor.fetchall()
    for secret in (b"Zygomatique", b"Morel", anne.id.bytes, str(anne.id).encode(), str(alert.id).encode()):
        assert secret not in bytes(kept) + bytes(told)
    assert (alert.first_at.minute, alert.first_at.second, alert.id.version) == (0, 0, 4)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Dites ce qui se passe."),
        ({"kind": "nothing"}, "nothing"),
        ({"kind": "unknown", "words": "x" * 1001}, "Mille signes au plus."),
    ],
)
def test_what_cannot_be_sent_says_why_and_keeps_what_was_typed(said: dict[str, str], words: str) -> None:
    camille = member()
    anne, browser = accessed(camille), signed_in(camille)
    answer = browser.post(form_of(browser), said)
    assert answer.status_code == 200
    assert words in text(answer)
    assert alerts_of(anne) == []


def test_control_characters_are_not_kept() -> None:
    camille = member()
    accessed(camille)
    assert "«&nbsp;a [31m b&nbsp;»" in text(reported(signed_in(camille), words="a\x1b[31m\r\n b"))


def test_another_holders_line_an_organisations_and_none_answer_alike() -> None:
    camille, paul = member(), member()
    accessed(paul)
    file(camille.of, cda(camille.of), by=organisation())
    theirs = form_of(signed_in(paul))
    browser = signed_in(camille)
    page = browser.get("/partage/historique/").content.decode()
    own = page.split("/pourquoi/")[0].rpartition("/")[2]
    addresses = [theirs, *(f"/partage/historique/{one}/signaler/" for one in (uuid4(), UUID(own)))]
    answers = [browser.get(one) for one in addresses] + [browser.post(one, {"kind": "unknown"}) for one in addresses]
    assert {one.status_code for one in answers} == {404}
    assert "/signaler/" not in page
    assert "Aucun signalement" in text(browser.get(FOLLOWED))


UNLINKED = "Aucun document de votre liste ne vient de ce professionnel ni de sa structure"


def test_who_stands_on_their_own_word_alone_is_told_once() -> None:
    camille, doctor, house = member(), professional("Roux", "Lise"), organisation("Clinique des Ormes")
    names_doctor(camille.of, doctor, at=edge.now())
    stranger, known = accessed(camille), accessed(camille, professional("Petit", "Léa", at=house))
    for who in (stranger, known, doctor):
        with gate.open_record(
            actor=caring(who), patient=camille.of.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=edge.now()
        ) as grant:
            record.documents(grant)
    browser = signed_in(camille)
    assert text(browser.get("/partage/historique/")).count(UNLINKED) == 2
    file(camille.of, cda(camille.of), by=house)
    page = text(browser.get("/partage/historique/"))
    assert page.count(UNLINKED) == 1
    assert "Morel" in page.split(UNLINKED)[0].rpartition("Signaler")[0][-400:]


def test_a_document_that_its_holder_may_not_see_yet_changes_nothing_there() -> None:
    camille, house = member(), organisation("Clinique des Ormes")
    accessed(camille, professional(at=house))
    held = frozenset({Visibility.INVISIBLE_PATIENT})
    file(camille.of, cda(camille.of), by=house, visibility=held)
    assert UNLINKED in text(signed_in(camille).get("/partage/historique/"))


def test_what_a_minor_reports_of_secret_care_is_not_told_to_their_mother() -> None:
    child, anne = minor(), professional()
    mother, at = mother_of(child), edge.now()
    agrees(child, anne, at=at)
    hidden = frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX})
    for line, hidden_from in ((uuid4(), hidden), (uuid4(), frozenset())):
        with gate.open_record(
            actor=child.actor, patient=child.patient, purpose=Purpose.HOLDER, verb=Verb.REPORT, at=at
        ) as grant:
            access.report(
                grant, anne, line=line, accessed_at=at, kind=ReportKind.OTHER, words="", blocks=False,
                hidden_from=hidden_from,
            )  # fmt: skip
        if hidden_from:
            examine(alerts_of(anne)[0].id, by="Lise")
    own = {"actor": child.actor, "purpose": Purpose.HOLDER}, {"actor": mother, "purpose": Purpose.PROXY}
    counts, examined = [], []
    for who in own:
        with gate.open_record(patient=child.patient, verb=Verb.HISTORY, at=at, **who) as grant:
            lines = [one.event for one in trace.history(grant) if one.event.verb is Verb.REPORT]
            counts.append(len(found := reports(grant)))
            examined.append(sorted(one.examined for one in found))
    assert counts == [2, 1]
    assert {one.hidden_from for one in lines} == {hidden, frozenset()}
    assert examined == [[False, True], [False]]  # the secret one was examined: that shows to the child alone


def test_a_help_that_its_holder_contests_is_in_the_queue() -> None:
    marie, leo = member(given="MARIE"), member(given="LÉO", born=date(2011, 3, 22))
    mandate = represents(marie.of, leo.of)
    before = {one.reference for one in open_alerts() if one.kind is AlertKind.CONTESTED}
    assert signed_in(leo).post(f"/partage/proches/{mandate}/contester/").status_code == 302
    after = {one.reference for one in open_alerts() if one.kind is AlertKind.CONTESTED}
    assert len(after - before) == 1
