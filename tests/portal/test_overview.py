"""« Ma synthèse »: the fourteen sections on one sheet, with all that was written and nothing that documents say."""

import re

import pytest
from django.http import HttpResponse

from cast import AT, cares, organisation
from clinical.scene import deposit, stated, summary
from espace.access import gate
from espace.clinical.actions import profile
from espace.clinical.facts.profile import Section, Target
from espace.kernel.words import Purpose, Verb
from portal.helpers import Member, member, signed_in
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
