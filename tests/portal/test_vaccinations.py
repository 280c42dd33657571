"""« Vaccinations »: what the calendar asks for, what professionals wrote, what the holder added, told apart."""

import re
from datetime import date
from uuid import UUID

import pytest

from cast import AT, Holder, cares, organisation
from clinical.said import ATC, fact, said
from clinical.scene import HIDDEN, as_holder, deposit, frame, stated
from espace.clinical.facts import Kind, Sourced
from espace.identity.facts import Traits
from espace.kernel.words import Verb, Visibility
from espace.portal.pages.health import vaccinations
from espace.portal.pages.health.vaccinations import entries, groups, lines_of
from espace.site.demo.areas import CAST_TEAM
from espace.trace import queries as trace
from espace.wire.cda_writing.entries.vaccines import Injection
from espace.wire.cda_writing.models.vaccination import vaccination
from portal.helpers import Member, member, signed_in
from portal.test_health import plain
from portal.test_statements import statements

PAGE = "/sante/vaccinations/"
MINE = {"name": "Repevax", "day": "04/03/2025", "dose": "", "lot": "B7", "place": "Pharmacie du Port"}
CHILD, ADULT = Traits("DUVAL", ("LEO",), date(2020, 11, 1), "M"), Traits("DUVAL", ("ROSE",), date(1960, 5, 2), "F")
AUTUMN = date(2026, 11, 23)
DB = pytest.mark.usefixtures("db")


def note(of: Holder, *, lot: str = "A123", hidden: frozenset[Visibility] = frozenset()) -> UUID:
    """The note of a booster of 4 March 2025."""
    given = Injection("Repevax", "J07CA02", date(2025, 3, 4), lot, 4, CAST_TEAM.attending, booster=True)
    (made,) = deposit(of, organisation(), stated(vaccination(frame(of), given), hidden=hidden))
    return made


def record_of(page: object) -> str:
    """The words of the record alone."""
    return plain(page).split("Le carnet ")[1].split(" Qui voit cette partie")[0]


def adds(who: Member, **changed: str) -> str:
    return plain(signed_in(who).post(f"{PAGE}ajouter/", {**MINE, **changed}, follow=True))


def told(traits: Traits, facts: tuple[Sourced, ...] = ()) -> dict[str, list[str]]:
    return {one.title: [line.name for line in one.lines] for one in groups(lines_of(facts, traits, AUTUMN))}


def test_what_is_pressing_comes_first_and_what_is_not_written_is_to_check() -> None:
    assert list(told(ADULT).items()) == [
        ("À faire", ["Pneumocoque", "Grippe", "Covid-19", "Zona"]),
        ("À vérifier", ["Diphtérie, tétanos, poliomyélite"]),
        ("Plus tard", ["Virus respiratoire syncytial (VRS)"]),
    ]
    (to_check,) = [one for one in groups(lines_of((), ADULT, AUTUMN)) if one.slug == "to_check"]
    assert to_check.intro == (
        "Rien n’est noté ici. Cela ne veut pas dire que rien n’a été fait : il faut regarder le carnet papier."
    )
    assert {line.why for line in to_check.lines} == {""}


def test_what_is_done_says_how_many_doses_and_when_the_last_one_was() -> None:
    mmr = [said(fact(Kind.VACCINATION, "", code="J07BD52", system=ATC, start=day)) for day in ("2021-11", "2022-04-05")]
    done = next(one for one in groups(lines_of(mmr, CHILD, AUTUMN)) if one.slug == "up_to_date")
    (line,) = done.lines
    assert line.name == "Rougeole, oreillons, rubéole"
    assert line.vaccine == "Rougeole-oreillons-rubéole (ROR), obligatoire"
    assert line.doses == "2 doses notées, la dernière : 5 avril 2022"


def test_the_record_has_the_newest_first_and_what_has_no_day_last() -> None:
    given = [
        said(fact(Kind.VACCINATION, name, start=day, **others), number)
        for number, (name, day, others) in enumerate(
            (("Rage", "", {}), ("Tétanos", "2019", {"lot": "L1", "maker": "Sanofi"}), ("Grippe", "2025-10-20", {}))
        )
    ]
    refused = said(fact(Kind.VACCINATION, "BCG", start="2001-02-03", absent=True), 9)
    found = entries([*given, refused], {}, {})
    assert [(one.name, one.when, one.marks) for one in found] == [
        ("Grippe", "20 octobre 2025", ()),
        ("Tétanos", "2019", ()),
        ("BCG", "3 février 2001", ("Non fait",)),
        ("Rage", "Date non précisée", ()),
    ]
    assert found[1].answers == (
        ("Lot", "L1"), ("Fabricant", "Sanofi"), ("Par qui, où", "Cabinet"),
    )  # fmt: skip


@DB
def test_what_a_professional_wrote_is_locked_and_one_click_from_its_paragraph(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vaccinations, "now", lambda: AT)
    camille = member()
    document, browser = note(camille.of), signed_in(camille)
    page = browser.get(PAGE)
    record = record_of(page)
    assert re.search(r"Repevax 4 mars 2025 Protège contre Diphtérie, tétanos, poliomyélite, coqueluche Dose 4 Lot A123 "
                     r"Par qui, où \S.* Écrit par un professionnel \S", record)  # fmt: skip
    assert "Modifier" not in record and "Supprimer" not in record
    assert "Ce qu’un professionnel a écrit ne se change pas ici." in record
    (link,) = re.findall(rf'href="(/documents/{document}/#[^"]+)"', page.content.decode())
    path, _, anchor = link.partition("#")
    assert f'id="{anchor}"' in browser.get(path).content.decode()
    assert "C’est encore celui de 2025" in plain(page) and "Ce calendrier n’est pas un avis médical" in plain(page)


@DB
def test_what_is_added_joins_the_same_dose_of_a_document_and_is_changed_there() -> None:
    camille = member()
    note(camille.of)
    record = adds(camille).split("Le carnet ")[1]
    assert record.count("4 mars 2025 Protège contre") == 1
    assert "Lot B7 / A123" in record or "Lot A123 / B7" in record
    assert "Écrit par un professionnel" in record and "Ajouté par vous Écrit le" in record
    assert "Pharmacie du Port" in record
    page = signed_in(camille).get(PAGE).content.decode()
    (item,) = re.findall(rf'href="{PAGE}([0-9a-f-]{{36}})/"', page)
    changed = signed_in(camille).post(f"{PAGE}{item}/", {**MINE, "day": "2019"}, follow=True)
    assert "Repevax 2019" in record_of(changed) and "Repevax 4 mars 2025" in record_of(changed)
    gone = signed_in(camille).post(f"{PAGE}{item}/supprimer/", follow=True)
    assert "Annuler la suppression" in plain(gone) and "Repevax 2019" not in plain(gone)
    back = signed_in(camille).post(f"{PAGE}{item}/remettre/", follow=True)
    assert "C’est remis." in plain(back) and "Repevax 2019" in record_of(back)


@DB
def test_nothing_to_say_is_an_answer_and_the_whole_is_shown_or_not() -> None:
    browser = signed_in(member())
    assert "Rien n’est écrit ici" in record_of(browser.get(PAGE))
    done = browser.post(f"{PAGE}choisir/", {"choix": "aucun"}, follow=True)
    assert "Non concerné Dit le" in record_of(done) and "Aucune vaccination connue" not in plain(done)
    hidden = browser.post(f"{PAGE}choisir/", {"choix": "masquer"}, follow=True)
    assert "Masquée : les professionnels ne la voient pas, même en urgence." in plain(hidden)


def card_of(who: Member) -> str:
    """The end of the cards of « Ma santé », of which this one is the last."""
    return plain(signed_in(who).get("/sante/")).split(" Ce que disent les documents ")[0]


def noted(of: Member) -> int:
    """How many documents the last line of the log says were read."""
    found = as_holder(of.of, trace.history, Verb.HISTORY)
    return max((one.event for one in found if one.event.verb is Verb.LIST), key=lambda one: one.id).count


@DB
def test_the_card_of_the_section_says_where_documents_are_read_and_opens_none() -> None:
    camille, page = member(), "/sante/"
    browser = signed_in(camille)
    sentence = "Rien d’ajouté ici. Le carnet montre aussi ce que disent les documents."
    assert card_of(camille).endswith(sentence)
    before = statements(browser, page)
    for hidden in (frozenset(), HIDDEN, frozenset({Visibility.MASQUE_PS})):
        note(camille.of, hidden=hidden)
    after = statements(browser, page)
    assert len(after) == len(before)
    assert not any("clinical_block" in sql for sql in after) and noted(camille) == 0
    assert any("clinical_block" in sql for sql in statements(browser, PAGE)) and noted(camille) == 2
    assert card_of(camille).endswith(sentence)
    assert "Parties remplies : 0 sur 14" in plain(browser.get(page))
    adds(camille)
    adds(camille, name="Vaxigrip", day="10/2024")
    assert card_of(camille).endswith(" 2 éléments")


@DB
def test_the_card_promises_nothing_of_documents_that_are_not_read() -> None:
    camille = member()
    browser = signed_in(camille)
    browser.post("/sante/documents-lus/", {"extraire": "0"})
    assert card_of(camille).endswith(" Rien d’ajouté")
    browser.post("/sante/documents-lus/", {"extraire": "1"})
    browser.post(f"{PAGE}choisir/", {"choix": "aucun"})
    assert re.search(r" Non concerné, dit le \d+\S* \S+ \d{4}$", card_of(camille))


@DB
def test_a_document_that_is_not_announced_says_nothing() -> None:
    pages = []
    for hidden in (False, True):
        camille = member()
        if hidden:
            note(camille.of, hidden=HIDDEN)
        page = plain(signed_in(camille).get(PAGE))
        pages.append(page[page.index("Selon le calendrier") : page.index("Qui voit cette partie")])
    assert pages[0] == pages[1]


@DB
def test_who_helps_reads_who_added_what() -> None:
    camille, marie = member(), member(given="MARIE", email="marie@exemple.fr")
    adds(camille)
    space = f"/pour/{cares(marie.of, camille.of, address='marie@exemple.fr')}{PAGE}"
    browser = signed_in(marie)
    page = browser.post(f"{space}ajouter/", {**MINE, "name": "Avaxim", "day": "2024"}, follow=True)
    record = record_of(page)
    assert re.search(
        r"Repevax 4 mars 2025 .* Ajouté par Camille Écrit le .* Avaxim 2024 .* Ajouté par un proche", record
    )
    assert "Masquer aux professionnels" not in plain(page)
    assert f'href="{space}' in page.content.decode() and f'href="{PAGE}' not in page.content.decode()
    assert not re.search(
        r"\b(vous|votre|vos)\b", plain(page)[plain(page).index("Selon le calendrier") :].split("Qui voit")[0]
    )
