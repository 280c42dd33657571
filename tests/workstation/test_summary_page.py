"""« Rédiger la synthèse médicale »: proposed from what all may see, corrected, read, signed once, and read back."""

import re
from collections.abc import Callable
from functools import partial
from html import unescape
from typing import TypeVar
from uuid import UUID

import pytest
from django.http import QueryDict

from cast import AT, Holder, caring, consents, holder, names_doctor, organisation, professional
from clinical.said import fact, medicine, said
from clinical.scene import deposit, results, stated, summary
from espace import edge
from espace.access import gate
from espace.clinical import handlers, queries
from espace.clinical.facts import Kind, State
from espace.clinical.rules.writing import Choices, Part, draft
from espace.identity.facts import Professional
from espace.identity.queries import organisation as organisation_at
from espace.identity.queries import own_person
from espace.kernel.values import replace
from espace.kernel.words import Grant, Purpose, Verb, Visibility
from espace.record import actions
from espace.record import queries as record
from espace.record.events import DocumentsFiled
from espace.record.facts import Document, Status
from espace.wire.cda_writing import DRUG_ALLERGY, Allergy, Frame, Summary, synthesis
from espace.wire.xds import Coded
from espace.workstation.pages.composing import header_of
from espace.workstation.pages.summary.form import choices_in, parts
from espace.workstation.pages.written import entry_of, frame
from workstation.desk import Desk

pytestmark = pytest.mark.usefixtures("db")
T = TypeVar("T")
MASKED = frozenset({Visibility.MASQUE_PS})


def place(of: Holder) -> str:
    return f"/pro/patients/{of.patient}/synthese/"


def open_to(who: Professional) -> Holder:
    """Somebody with an allergy in a letter, whose record is open to this doctor."""
    camille, hospital = holder(), organisation()
    consents(camille, who, at=edge.now())
    deposit(camille, hospital, stated(summary(camille)))
    return camille


def words(page: str) -> str:
    plain = unescape(re.sub(r"<[^>]+>", " ", page[page.index("<h1") :]))
    return " ".join(plain.replace("\u202f", " ").replace("\u00a0", " ").split())


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def ticked(page: str) -> list[str]:
    return re.findall(r'name="garder" value="(\w+)" id="[^"]*" checked', page)


def line(page: str, name: str) -> str:
    """The key of the line of that name."""
    found = re.search(rf'value="(\w+)" id="garder-\w+"[^>]*><span><strong lang="fr">{name}</strong>', page)
    assert found is not None, name
    return found[1]


def look(desk: Desk, of: Holder, **more: object) -> str:
    """The preview of what is proposed, with more."""
    page = desk.get(place(of)).content.decode()
    fields = {"envoi": hidden(page, "envoi"), "etape": "voir", "garder": ticked(page)}
    return str(desk.post(place(of), fields | more).content.decode())


def sign(desk: Desk, of: Holder, preview: str, step: str = "verser") -> object:
    fields = {name: hidden(preview, name) for name in ("envoi", "choix")}
    return desk.post(place(of), {**fields, "etape": step})


def told_filed(desk: Desk, answer: object) -> str:
    """Where the page after the signature says that the summary is read."""
    page = str(desk.get(answer["Location"]).content.decode())  # type: ignore[index]
    assert "Votre synthèse est déposée dans le dossier." in page
    (path,) = re.findall(r'<a href="([^"]+)">Lire cette synthèse</a>', page)
    return str(path)


def reads(of: Holder, who: Professional, work: Callable[[Grant], T]) -> T:
    with gate.open_record(
        actor=caring(who), patient=of.patient, purpose=Purpose.CARE, verb=Verb.READ, at=edge.now()
    ) as grant:
        return work(grant)


def summaries(of: Holder, who: Professional) -> list[Document]:
    """Those of this doctor, the newest first."""
    found = reads(of, who, record.documents)
    own = [one for one in found if one.entry.authors[0].person_id == who.national_id]
    return sorted(own, key=lambda one: one.deposited_at, reverse=True)


def sent_by_software(of: Holder, who: Professional, made: Callable[[Frame], bytes]) -> UUID:
    """What the software of the same place sends in the name of the same professional, with the metadata that ours
    has."""
    place = organisation_at(who.activities[0].organisation)
    person = reads(of, who, own_person)
    assert place is not None
    content = made(frame(person=person, by=who, where=who.activities[0], at=edge.now(), id=edge.new_id()))
    one = stated(content)
    entry = entry_of(header_of(content), content)
    (found,) = deposit(of, place, replace(one, entry=replace(entry, place="e0")))
    return found


def read_back(of: Holder, who: Professional, document: UUID) -> list[tuple[Kind, str, str, State, bool]]:
    handlers.extract(DocumentsFiled(of.patient, of.patient, True, edge.now(), to_read=(document,)))
    facts = [one.fact for one in reads(of, who, lambda grant: queries.facts_of(grant, document))]
    return [(one.kind, one.what.code, one.what.display or one.what.words, one.state, one.absent) for one in facts]


def masks(of: Holder, document: UUID) -> None:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.MASK, at=edge.now()
    ) as grant:
        actions.mask(grant, document)


def test_what_is_proposed_is_kept_corrected_added_read_signed_and_read_back() -> None:
    anne = professional()
    camille, desk = open_to(anne), Desk(anne)
    assert place(camille) in desk.get(f"/pro/patients/{camille.patient}/").content.decode()
    page = desk.get(place(camille)).content.decode()
    assert "Pénicilline urticaire depuis le 4 mars 2026 Synthèse médicale, 4 mars 2026" in words(page)
    assert ticked(page) == [line(page, "Pénicilline")]
    more = {"plus-traitements": ["Ventoline"], "posologie-traitements": ["2 bouffées si besoin"]}
    preview = look(desk, camille, **{"plus-pathologies": ["Asthme", ""], "plus-vigilance": ["Vit seule"]}, **more)
    told = words(preview)
    assert "Asthme" in told and "Ventoline 2 bouffées si besoin" in told and "Vit seule" in told
    assert summaries(camille, anne) == []
    answer = sign(desk, camille, preview)
    (deposited,) = summaries(camille, anne)
    assert told_filed(desk, answer) == f"/pro/patients/{camille.patient}/documents/{deposited.id}/"
    assert deposited.entry.title == "Synthèse médicale" and deposited.entry.confidentiality == "N"
    assert deposited.entry.type is not None and deposited.entry.type.code == "SYNTH"
    assert deposited.entry.legal_authenticator is not None
    assert deposited.entry.legal_authenticator.person_id == anne.national_id
    assert read_back(camille, anne, deposited.id) == [
        (Kind.PROBLEM, "", "Asthme", State.ACTIVE, False),
        (Kind.ALLERGY, "764146007", "Pénicilline", State.ACTIVE, False),
        (Kind.TREATMENT, "", "Ventoline", State.ACTIVE, False),
    ]


def test_the_same_form_twice_is_one_document_and_the_next_one_replaces_it() -> None:
    anne = professional()
    camille, desk = open_to(anne), Desk(anne)
    preview = look(desk, camille)
    first, again = sign(desk, camille, preview), sign(desk, camille, preview)
    (one,) = summaries(camille, anne)
    assert told_filed(desk, first) == told_filed(desk, again) == f"/pro/patients/{camille.patient}/documents/{one.id}/"
    page = look(desk, camille, **{"plus-antecedents": ["Appendicectomie"]})
    assert "Cette version remplacera celle que vous avez déposée aujourd’hui à " in words(page)
    sign(desk, camille, page)
    second, before = summaries(camille, anne)
    assert before.id == one.id and second.replaces == one.id
    assert [one.status for one in (second, before)] == [Status.APPROVED, Status.DEPRECATED]
    assert (second.entry.version, second.entry.set_id) == ("2", one.entry.set_id)
    assert len([one for one in reads(camille, anne, record.documents) if one.status is Status.APPROVED]) == 2


def test_somebody_else_s_summary_is_never_replaced() -> None:
    anne, paul = professional(), professional("Petit", "Paul")
    camille = open_to(anne)
    consents(camille, paul, at=edge.now())
    names_doctor(camille, anne)
    letter = "La synthèse du 4 mars 2026 reste dans le dossier"
    for who in (anne, paul):
        preview = look(Desk(who), camille)
        stays = [said for said in words(preview).split(". ") if "reste dans le dossier" in said]
        assert len(stays) == (1 if who is anne else 2) and letter in words(preview)
        sign(Desk(who), camille, preview)
    filed = [one for who in (anne, paul) for one in summaries(camille, who)]
    assert [one.status for one in filed] == [Status.APPROVED] * 2
    bodies = [reads(camille, paul, partial(record.content, entry_id=one.id)).data for one in filed]
    assert [b'code="PCP"' in body for body in bodies] == [True, False]  # who attends says so


def test_what_software_sent_in_the_same_name_stays_beside() -> None:
    anne = professional(at=organisation())
    camille, desk = open_to(anne), Desk(anne)
    iodine = Allergy(DRUG_ALLERGY, Coded("44588005", "2.16.840.1.113883.6.96", "Iode"), "urticaire", AT.date())
    theirs = sent_by_software(camille, anne, lambda frame: synthesis(frame, Summary(allergies=(iodine,))))
    first = look(desk, camille)
    assert "Cette version remplacera" not in words(first)
    sign(desk, camille, first)
    again = look(desk, camille, **{"plus-antecedents": ["Appendicectomie"]})
    assert "Cette version remplacera celle que vous avez déposée aujourd’hui à " in words(again)
    sign(desk, camille, again)
    second, before, other = summaries(camille, anne)
    assert other.id == theirs and second.replaces == before.id
    assert [one.status for one in (second, before, other)] == [Status.APPROVED, Status.DEPRECATED, Status.APPROVED]
    assert other.entry.format == second.entry.format and other.organisation == second.organisation
    assert second.entry.set_id == before.entry.set_id != other.entry.set_id


@pytest.mark.parametrize("attends", [False, True])
def test_what_is_masked_is_in_no_line_for_whoever_sees_it_either(attends: bool) -> None:
    pages = []
    for masked in (False, True):
        camille, anne, hospital = holder(), professional(), organisation()
        names_doctor(camille, anne) if attends else consents(camille, anne, at=edge.now())
        deposit(camille, hospital, stated(results(camille, "7.4")))
        if masked:
            deposit(camille, hospital, stated(summary(camille), hidden=MASKED))
        desk = Desk(anne)
        page = desk.get(place(camille)).content.decode()
        pages.append([words(page), words(look(desk, camille))])
    left_out = (
        "1 information n’est pas reprise : elle vient d’un document que "
        "tous les lecteurs d’une synthèse ne voient pas. "
    )
    stays = "La synthèse du 4 mars 2026 reste dans le dossier, à côté de celle-ci. "
    assert "Pénicilline" not in pages[1][0]
    assert [left_out in pages[1][0], stays in pages[1][1]] == [attends, attends]
    assert [one.replace(left_out, "").replace(stays, "") for one in pages[1]] == pages[0]


def test_what_is_masked_between_the_preview_and_the_signature_is_not_signed() -> None:
    anne = professional()
    camille, desk, hospital = holder(), Desk(anne), organisation()
    consents(camille, anne, at=edge.now())
    deposit(camille, hospital, stated(results(camille, "7.4")))
    (letter,) = deposit(camille, hospital, stated(summary(camille)))
    preview = look(desk, camille)
    masks(camille, letter)
    answer = sign(desk, camille, preview).content.decode()  # type: ignore[attr-defined]
    assert "Le dossier a changé depuis votre relecture" in answer
    assert "1 ligne que vous gardiez n’est plus dans le dossier" in words(answer)
    assert "Pénicilline" not in answer and summaries(camille, anne) == []


def test_what_was_chosen_is_there_again_to_be_corrected() -> None:
    anne = professional()
    camille, desk = open_to(anne), Desk(anne)
    page = desk.get(place(camille)).content.decode()
    preview = look(desk, camille, garder=[line(page, "Aucun traitement connu")], **{"plus-famille": ["Mère : diabète"]})
    assert "Pénicilline" not in words(preview) and "Mère : diabète" in words(preview)
    again = sign(desk, camille, preview, "corriger").content.decode()  # type: ignore[attr-defined]
    assert ticked(again) == [line(again, "Aucun traitement connu")]
    assert 'name="plus-famille" value="Mère : diabète"' in again
    assert summaries(camille, anne) == []


def test_what_must_be_settled_is_said_and_what_was_typed_is_kept() -> None:
    anne = professional()
    camille, desk = open_to(anne), Desk(anne)
    page = desk.get(place(camille)).content.decode()
    nothing = desk.post(place(camille), {"envoi": hidden(page, "envoi"), "etape": "voir"})
    assert nothing.status_code == 422 and "Gardez ou ajoutez au moins une ligne." in nothing.content.decode()
    both = look(desk, camille, garder=[line(page, "Pénicilline"), line(page, "Aucune allergie connue")])
    assert "Allergies et intolérances : vous gardez « aucun » et autre chose. Retirez l’un des deux." in words(both)
    assert len(ticked(both)) == 2
    long = look(desk, camille, **{"plus-actes": ["x" * 201]})
    assert "200 caractères au plus par ligne" in words(long)
    unseen = look(desk, camille, **{"plus-actes": ["Cata\u202eracte\x01"]})
    assert "Cataracte" in words(unseen)


def test_that_sources_disagree_on_allergies_is_said_and_no_rhythm_is_glued_to_another() -> None:
    none = fact(Kind.ALLERGY, "Aucune allergie connue", code="no-known-allergies", absent=True)
    there = fact(Kind.ALLERGY, "Pénicilline", code="764146007", state=State.ACTIVE)
    taken = medicine(Kind.TREATMENT, "Prednisone", words="2 le matin\n1 le soir")
    lines = draft((said(none), said(there, 2), said(taken, 3)), AT.date())
    shown = {one.word: one for one in parts(lines, Choices(), str)}
    assert shown["allergies"].warning == "Un document dit qu’il n’y a pas d’allergie, un autre qu’il y en a."
    assert [one.checked for one in shown["allergies"].lines] == [False, False]
    assert shown["traitements"].warning == ""
    typed = shown["traitements"].lines[0].words
    assert typed == "2 le matin 1 le soir"
    key = next(line.key for line in lines if line.part is Part.TREATMENTS and line.sources)
    assert choices_in(QueryDict(f"garder={key}&mots-{key}={typed}"), lines) == Choices((key,))


@pytest.mark.parametrize("token", ["", "n’importe quoi", "AAAA"])
def test_a_word_that_nobody_sealed_signs_nothing(token: str) -> None:
    anne = professional()
    camille, desk = open_to(anne), Desk(anne)
    answer = desk.post(place(camille), {"envoi": "x", "choix": token, "etape": "verser"})
    assert (answer.status_code, summaries(camille, anne)) == (200, [])
    assert "Rédiger la synthèse médicale" in words(answer.content.decode())


def test_what_another_doctor_sealed_signs_nothing() -> None:
    anne, paul = professional(), professional("Petit", "Paul")
    camille = open_to(anne)
    consents(camille, paul, at=edge.now())
    sign(Desk(paul), camille, look(Desk(anne), camille))
    assert summaries(camille, paul) == summaries(camille, anne) == []


def test_whoever_does_not_write_summaries_is_refused_and_shown_no_way() -> None:
    lea = professional("Petit", "Léa", profession="60")
    camille, desk = open_to(lea), Desk(lea)
    assert place(camille) not in desk.get(f"/pro/patients/{camille.patient}/").content.decode()
    for answer in (desk.get(place(camille)), desk.post(place(camille), {"etape": "verser"})):
        assert answer.status_code == 403 and "Pénicilline" not in answer.content.decode()
        assert "ne permet pas à votre profession" in answer.content.decode()


def test_without_consent_nothing_is_told() -> None:
    camille, stranger = open_to(professional()), professional("Petit", "Paul")
    answer = Desk(stranger).get(place(camille))
    assert answer.status_code == 403 and "Il faut l’accord du patient" in answer.content.decode()


def test_the_document_is_in_french_whatever_the_page_is_in() -> None:
    anne = professional()
    camille, desk = open_to(anne), Desk(anne)
    desk.cookies["django_language"] = "en"
    preview = look(desk, camille, **{"plus-traitements": ["Ventoline"]})
    assert '<html lang="en"' in preview
    assert "Médicament Posologie Période Motif" in words(preview)
