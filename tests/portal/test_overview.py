"""« Ma synthèse »: the fourteen sections on one sheet, with all that was written and nothing that documents say."""

import re

import pytest
from django.http import HttpResponse

from cast import AT, cares, organisation
from clinical.scene import deposit, stated, summary
from espace.access import gate
from espace.clinical.actions import profile
from espace.clinical.facts.profile import Section, Target
from espace.clinical.rules import profile as rules
from espace.kernel.words import Purpose, Verb
from espace.portal.pages.health import measures
from portal.helpers import Member, member, signed_in
from portal.test_advising import adviser, begun
from portal.test_health import PAGE as HEALTH
from portal.test_health import TYPED, plain, states

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/sante/synthese/"
TITLES = [
    "Allergies", "Sujets de santé", "Traitements", "Hospitalisations et opérations", "Antécédents familiaux",
    "Mode de vie", "Handicaps", "Mesures", "Groupe sanguin", "Entourage", "Volontés",
    "Professionnels", "Administratif", "Vaccinations",
]  # fmt: skip


def sheet(of: Member, page: str = PAGE) -> str:
    """The words of the sheet itself."""
    answer = signed_in(of).get(page)
    assert answer.status_code == 200
    content = answer.content.decode()
    return plain(HttpResponse(content[content.index("<article") : content.index("</article>")]))


def chooses(of: Member, verb: Verb, *, hides: Section | None = None, unconcerned: Section | None = None) -> None:
    with gate.open_record(
        actor=of.of.actor, patient=of.of.patient, purpose=Purpose.HOLDER, verb=verb, at=AT
    ) as grant:
        if hides:
            profile.show_section(grant, section=hides, visible=False)
        if unconcerned:
            profile.say_unconcerned(grant, section=unconcerned, on=True)


def test_every_section_is_there_in_its_order_with_nothing_in_it() -> None:
    camille = member()
    page = signed_in(camille).get(PAGE).content.decode()
    assert re.findall(r'<h3 id="[\w-]+"><a href="[^"]+">([^<]+)</a>', page) == TITLES
    found = re.findall(r'<h3 id="([\w-]+)"><a href="/sante/([\w-]+)/">', page)
    assert [one for one, _ in found] == [path for _, path in found] == [one.value for one in Section]
    assert sheet(camille).count("Rien d’ajouté") == 14
    assert page.count("<h1") == 1 and "masqué aux professionnels y est aussi" not in page
    assert "Camille Duval née le jeudi 7 mars 1985" in sheet(camille)


def test_all_that_was_written_is_on_it() -> None:
    camille = member()
    for section in TYPED:
        states(camille, section)
    found = sheet(camille)
    for words in (
        "Pénicilline Sorte Médicament Réaction Plaques Gravité Grave Depuis quand 2010",
        "Asthme Depuis quand mars 2001 Commentaire Surtout au printemps",
        "Ventoline Comment il est pris 2 bouffées si besoin",
        "Diabète (mère)",
        "Poids 64,5 kg, 4 mars 2025",
        "A positif (+) Groupe sanguin déclaré (non valable pour une transfusion)",
        "Rose Duval Rôle Personne de confiance Lien Mère Téléphone 01 02 03 04 05",
        "Directives anticipées Texte Pas d’acharnement. Écrit le 2024",
        "Mutuelle des marées",
        "Infanrix hexa",
    ):
        assert words in found, (words, found)
    assert "Rien d’ajouté" not in found


def test_of_a_measure_the_last_value_and_what_is_wished() -> None:
    camille = member()
    states(camille, "mesures")
    states(camille, "mesures", value="63", day="04/06/2025")
    with gate.open_record(
        actor=camille.of.actor, patient=camille.of.patient, purpose=Purpose.HOLDER, verb=Verb.STATE, at=AT
    ) as grant:
        profile.set_target(grant, measure="weight", target=Target("60", "65"))
    assert "Poids 63 kg, 4 juin 2025 Objectif : entre 60 et 65 kg" in sheet(camille)
    assert "64,5" not in sheet(camille)


def test_a_measure_that_no_list_has_any_more_is_shown_and_no_curve_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    camille = member()
    states(camille, "mesures", measure="height", value="170")
    states(camille, "mesures", measure="height", value="171", day="04/06/2025")
    monkeypatch.delitem(rules.MEASURES, "height")  # type: ignore[arg-type]
    page = signed_in(camille).get(f"{HEALTH}mesures/")
    assert "Taille (cm) 171, 4 juin 2025" in plain(page) and "170 4 mars 2025 " in plain(page)
    monkeypatch.setattr(measures, "curve", lambda *drawn: pytest.fail("drawn for nobody"))
    assert "Taille (cm) 171, 4 juin 2025" in sheet(camille)
    states(camille, "mesures")
    found = sheet(camille)
    assert "Poids 64,5 kg, 4 mars 2025" in found and "Taille (cm) 171, 4 juin 2025" in found
    assert found.index("Poids 64,5") < found.index("Taille (cm) 171")
    assert found.count("Rien d’ajouté") == 13


def test_the_paper_says_what_is_hidden_from_professionals() -> None:
    camille = member()
    states(camille, "traitements")
    chooses(camille, Verb.VISIBILITY, hides=Section.TREATMENTS)
    page = signed_in(camille).get(PAGE).content.decode()
    title = page[page.index('<h3 id="traitements">') : page.index('<h3 id="hospitalisations">')]
    assert '<span class="mark">' in title and "Masqué aux professionnels" in title and "no-print" not in title


def test_what_was_typed_is_said_to_be_french_and_what_was_chosen_is_not() -> None:
    camille = member()
    for section in ("allergies", "traitements", "groupe-sanguin"):
        states(camille, section)
    browser = signed_in(camille)
    browser.cookies["django_language"] = "en"
    page = browser.get(PAGE).content.decode()
    assert '<strong lang="fr">Ventoline</strong>' in page and '<dd lang="fr">2 bouffées si besoin</dd>' in page
    assert "<dd>Severe</dd>" in page and "<dd>1 February 2020</dd>" in page
    assert "<strong>A positive (+)</strong>" in page
    section = browser.get(f"{HEALTH}allergies/").content.decode()
    assert '<h2 class="doc-title" lang="fr">Pénicilline</h2>' in section and "<dd>Severe</dd>" in section


def test_an_adviser_at_a_counter_is_not_told_to_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.portal.pages.step_up.is_fresh", lambda request, at: True)
    camille, noemie = member(), adviser()
    browser, hers = signed_in(camille), signed_in(noemie)
    root, _ = begun(browser, hers, "read")
    for path in (HEALTH, PAGE, "/sante/resume-etranger/"):
        told = plain(hers.get(f"{root}{path}"))
        assert not re.search("imprim|emporter|PDF", told, re.IGNORECASE), path
        assert re.search("imprim", plain(browser.get(path)), re.IGNORECASE), path


def test_what_concerns_nobody_says_so_and_what_is_hidden_is_there_with_a_warning() -> None:
    camille = member()
    states(camille, "traitements")
    chooses(camille, Verb.STATE, unconcerned=Section.STAYS)
    chooses(camille, Verb.VISIBILITY, hides=Section.ALLERGIES)
    warning = "Ce qui est masqué aux professionnels y est aussi"
    assert warning not in plain(signed_in(camille).get(PAGE))  # of what is hidden, nothing is written
    chooses(camille, Verb.VISIBILITY, hides=Section.TREATMENTS)
    page = plain(signed_in(camille).get(PAGE))
    assert warning in page and "Ventoline" in page
    assert "Hospitalisations et opérations Non concerné, dit le 4 mars 2026" in sheet(camille)


def test_what_was_typed_is_text_and_what_documents_say_is_not_there() -> None:
    camille = member()
    states(camille, "allergies", name="<b>Latex</b>", comment="une ligne\nune autre")
    deposit(camille.of, organisation(), stated(summary(camille.of)))
    content = signed_in(camille).get(PAGE).content.decode()
    assert "&lt;b&gt;Latex&lt;/b&gt;" in content and "une ligne<br>une autre" in content
    assert "Pénicilline" not in content


def test_who_helps_reads_it_of_whom_they_help_and_ma_sante_leads_there() -> None:
    address = "marie.overview@exemple.fr"
    camille, marie = member(), member(given="MARIE", email=address)
    states(camille, "sujets")
    mandate = cares(marie.of, camille.of, address=address)
    assert f'href="{PAGE}"' in signed_in(camille).get(HEALTH).content.decode()
    page = f"/pour/{mandate}{PAGE}"
    assert "Asthme" in sheet(marie, page)
    assert "<h1>Synthèse de Camille</h1>" in signed_in(marie).get(page).content.decode()
    assert "Asthme" not in sheet(marie)
