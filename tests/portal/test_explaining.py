"""« Pourquoi ? »: a line of the history is explained by what it keeps of that day, and by nothing of today."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from cast import AT, blocks, consents, names_doctor, organisation, professional, sender
from espace.access import gate
from espace.edge import clock_at
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Purpose, Refused, Verb, Visibility
from espace.record import queries
from espace.record.actions import amend
from espace.record.facts import Change
from espace.trace.facts import TraceEvent
from portal.helpers import Member, cda, file, member, signed_in
from portal.sharing import reads
from portal.test_reading_pages import text
from record.test_amending import lines
from record.test_hiding import hide
from workstation.desk import file as written


def last(of: Member, verb: Verb) -> TraceEvent:
    shown = (one for one in lines(of.of) if not one.hidden_from and one.actor_kind is ActorKind.PROFESSIONAL)
    return next(one for one in shown if one.verb is verb)


def held_line(of: Member) -> UUID:
    return next(one.id for one in lines(of.of) if one.verb is Verb.READ and one.hidden_from)


def explained(camille: Member, line: UUID, status: int = 200) -> str:
    with clock_at(AT + timedelta(hours=2)):
        answer = signed_in(camille).get(f"/partage/historique/{line}/pourquoi/")
    assert answer.status_code == status
    return text(answer)


def test_the_consent_of_that_day_and_the_cell_of_that_day_are_told_after_both_have_ended() -> None:
    camille, morel = member(), professional()
    consents(camille.of, morel)
    one = file(camille.of, cda(camille.of))
    reads(morel, camille, one)
    blocks(camille.of, morel, at=AT + timedelta(hours=1))
    page = explained(camille, last(camille, Verb.READ).id)
    for words in (
        "Pourquoi était-ce permis ?",
        "Vous avez donné votre accord à ce professionnel.",
        "Profession Médecin",
        "Accord donné de vive voix mercredi 4 mars 2026 à 10 h 30",
        "Enregistré par Anne Morel",
        "Valable jusqu’au jeudi 5 mars 2026 à 10 h 30",
        "Pas montrés, sauf ceux qu’elle a écrits",
        "lu par cette profession (règles du lundi 30 octobre 2023 ; arrêté du 26 octobre 2023, d’après information",
    ):
        assert words in page


def test_a_list_tells_what_was_there_and_was_not_in_it() -> None:
    camille, morel = member(), professional()
    consents(camille.of, morel)
    hidden, _ = written(camille.of, "Cachée"), written(camille.of, "Visible")
    hide(camille.of, hidden, morel)
    held = file(camille.of, cda(camille.of), title="Tue", visibility=frozenset({Visibility.INVISIBLE_PATIENT}))
    reads(morel, camille)
    with clock_at(AT + timedelta(hours=1, minutes=30)):
        file(camille.of, cda(camille.of), title="Plus tard", at=AT + timedelta(hours=1, minutes=30))
    page = explained(camille, last(camille, Verb.LIST).id)
    assert "absents de cette liste : 1 document." in page and "Cachée" in page
    assert not {"Visible", "Tue", "Plus tard"} & set(page.split()) and str(held) not in page


def test_the_attending_doctor_needs_no_consent_and_saw_what_is_masked() -> None:
    camille, zola = member(), professional("Zola", "Zoé")
    names_doctor(camille.of, zola)
    written(camille.of, "Visible")
    reads(zola, camille)
    page = explained(camille, last(camille, Verb.LIST).id)
    assert "C’est votre médecin traitant." in page and "Montrés à cette personne" in page
    assert "Enregistré par" not in page and "Rien : la liste montrait tout" in page


def test_a_refusal_is_explained_too() -> None:
    camille, morel = member(), professional()
    with pytest.raises(Refused):
        reads(morel, camille)
    page = explained(camille, last(camille, Verb.LIST).id)
    assert "Pourquoi était-ce refusé ?" in page and "ne peut rien lire sans votre accord" in page
    assert "Ce qui ne lui a pas été montré" not in page


def test_every_line_of_others_leads_to_its_explanation_and_one_s_own_does_not() -> None:
    camille = member()
    file(camille.of, cda(camille.of), by=organisation())
    browser = signed_in(camille)
    page = browser.get("/partage/historique/").content.decode()
    deposit = next(one for one in lines(camille.of) if one.verb is Verb.DEPOSIT)
    assert f'href="/partage/historique/{deposit.id}/pourquoi/"' in page
    assert page.count("/pourquoi/") == 1
    assert "Hôpital des Remparts" in explained(camille, deposit.id)


def test_a_line_that_is_not_there_or_not_theirs_or_held_from_them_answers_alike() -> None:
    camille, other, morel = member(), member(), professional()
    consents(camille.of, morel)
    consents(other.of, morel)
    held = file(camille.of, cda(camille.of), visibility=frozenset({Visibility.INVISIBLE_PATIENT}))
    reads(morel, camille, held)
    file(other.of, cda(other.of))
    answers = set()
    for line in (uuid4(), held_line(camille), last(other, Verb.CONSENT).id):
        answers.add(explained(camille, line, 404).replace(str(line), "LINE"))
    assert len(answers) == 1


def test_what_a_depositor_says_otherwise_of_a_document_is_named_and_not_told() -> None:
    camille, hospital = member(), organisation()
    one = file(camille.of, cda(camille.of), title="Analyses", by=hospital)
    with gate.open_record(
        actor=sender(hospital), patient=camille.of.patient, purpose=Purpose.FEED, verb=Verb.AMEND, at=AT
    ) as grant:
        before = queries.kept(grant, [one])[one].stated.entry
        amend(grant, one, Change(entry=replace(before, comments="Zygomatique", authors=())))
    line = next(line for line in lines(camille.of) if line.verb is Verb.AMEND)
    page = explained(camille, line.id)
    assert "Ce qui est dit autrement commentaire, auteur" in page and "Zygomatique" not in page
