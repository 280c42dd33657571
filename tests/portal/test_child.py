"""« Suivi de l’enfant »: the mandatory examinations, saying that one was done, and how the child grows."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from espace.access import gate
from espace.clinical.actions.growth import put_growth
from espace.clinical.actions.profile import say_examined
from espace.clinical.facts.growth import Percentiles
from espace.clinical.queries.profile import profile
from espace.edge import now
from espace.kernel.words import Purpose, Refused, Verb, Visibility
from espace.looks.words import local_day
from portal.helpers import Member, cda, file, member, signed_in
from portal.test_health import plain
from portal.test_spaces import Family, family, words

__all__ = ["family"]

pytestmark = pytest.mark.usefixtures("db")
PAGE, GROWTH = "/sante/suivi-enfant/", "/sante/suivi-enfant/croissance/"
SIX = timedelta(days=2300)
"""An age at which the examination of six years is due."""


def six() -> Member:
    return member(given="LÉO", born=local_day(now()) - SIX)


def says(who: Member, examination: str, typed: str) -> None:
    with gate.open_record(
        actor=who.of.actor, patient=who.of.patient, purpose=Purpose.HOLDER, verb=Verb.STATE, at=now()
    ) as grant:
        say_examined(grant, examination=examination, typed=typed, born=local_day(now()) - SIX)


def said(who: Member) -> dict[str, str]:
    with gate.open_record(
        actor=who.of.actor, patient=who.of.patient, purpose=Purpose.HOLDER, verb=Verb.LIST, at=now()
    ) as grant:
        return dict(profile(grant).choices.examined)


def test_what_is_due_what_comes_and_what_nobody_wrote() -> None:
    leo = six()
    account = file(leo.of, cda(leo.of), title="Examen de 5 ans", type_code="59283-2", on=now() - timedelta(days=400))
    page = signed_in(leo).get(PAGE)
    shown = plain(page)
    assert re.search(r"À faire maintenant 6 ans à faire jusqu’au \d.* La vue, l’audition, le langage", shown)
    assert "Dire qu’il est fait – 6 ans" in shown
    assert re.search(r"Les prochains 8 à 9 ans du \d.* 15 à 16 ans du \d.* Déjà faits 5 ans fait : \d", shown)
    assert f'<a href="/documents/{account}/">Examen de 5 ans</a>' in page.content.decode()
    assert re.search(r"Pas notés ici Leur âge est passé\..* Les montrer \(15\) Dans les 8 jours Avec certificat", shown)
    assert "code de la santé publique, article R2132-1" in shown


def test_an_examination_is_said_to_be_done_changed_and_taken_back() -> None:
    leo, day = six(), local_day(now())
    browser = signed_in(leo)
    assert "Quand a-t-il été fait ?" in plain(browser.get(f"{PAGE}a6/"))
    done = plain(browser.post(f"{PAGE}a6/", {"day": f"{day:%d/%m/%Y}"}, follow=True))
    assert "C’est noté : l’examen est fait." in done and "Aucun examen n’est à faire aujourd’hui." in done
    assert re.search(r"Déjà faits 6 ans fait : .*, déclaré Modifier – 6 ans", done)
    assert f'value="{day:%d/%m/%Y}"' in browser.get(f"{PAGE}a6/").content.decode()
    browser.post(f"{PAGE}a6/", {"day": f"{day.year}"})
    assert said(leo) == {"a6": f"{day.year}"}
    taken = plain(browser.post(f"{PAGE}a6/", {"acte": "retirer"}, follow=True))
    assert "C’est enlevé" in taken and "À faire maintenant 6 ans" in taken
    assert said(leo) == {}


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Cette date ne se lit pas"), ("hier", "Cette date ne se lit pas"),
        ("2199", "Cette date n’est pas encore passée."), ("2001", "Cette date est avant la naissance."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_day_is_said_beside_it_and_nothing_is_kept(typed: str, why: str) -> None:
    leo = six()
    answer = signed_in(leo).post(f"{PAGE}a6/", {"day": typed})
    assert why in plain(answer) and f'value="{typed}"' in answer.content.decode().replace('id="id_day">', 'value="">')
    assert said(leo) == {}


def test_an_examination_that_there_is_not_and_a_made_up_day_are_refused() -> None:
    leo = six()
    assert signed_in(leo).get(f"{PAGE}a99/").status_code == 404
    for examination, typed, code in (("a99", "2024", "item_unknown"), ("a6", "2199", "item_refused")):
        with pytest.raises(Refused) as refused:
            says(leo, examination, typed)
        assert refused.value.reason.code == code


def test_what_a_document_says_is_not_said_again_and_a_hidden_one_says_nothing() -> None:
    leo, before = six(), now() - timedelta(days=400)
    file(leo.of, cda(leo.of), type_code="59283-2", on=before)
    assert "<form class" not in signed_in(leo).get(f"{PAGE}a5/").content.decode().split("<main")[1]
    other = six()
    hidden = frozenset({Visibility.INVISIBLE_PATIENT})
    file(other.of, cda(other.of), type_code="59283-2", on=before, visibility=hidden)
    assert "Déjà faits" not in plain(signed_in(other).get(PAGE))
    assert "<form class" in signed_in(other).get(f"{PAGE}a5/").content.decode().split("<main")[1]


def test_a_mother_says_it_for_her_son_in_words_about_him(family: Family) -> None:
    browser = signed_in(family.marie)
    page = words(browser.get(f"{family.root}/sante/"))
    assert "Suivi de l’enfant" in page
    done = words(browser.post(f"{family.root}{PAGE}j8/", {"day": f"{local_day(now()).year}"}, follow=True))
    assert "Dans les 8 jours" in done.split("Déjà faits")[1]
    assert list(said(family.leo)) == ["j8"]


def test_professionals_are_told_to_see_it_as_they_see_vaccinations() -> None:
    leo = six()
    browser = signed_in(leo)
    assert "Les professionnels voient ce qui est déclaré ici quand" in plain(browser.get(PAGE))
    browser.post("/sante/vaccinations/choisir/", {"choix": "masquer"})
    assert "Ce qui est déclaré ici est masqué aux professionnels" in plain(browser.get(PAGE))


def test_an_adult_keeps_what_was_written_and_is_offered_no_more() -> None:
    camille = member()
    browser = signed_in(camille)
    assert "Suivi de l’enfant" not in plain(browser.get("/sante/"))
    browser.post(f"{PAGE}a6/", {"day": "1991"})
    shown = plain(browser.get(PAGE))
    assert "Ce suivi s’arrête à 18 ans" in shown and "6 ans fait : 1991" in shown
    assert "Pas notés ici" not in shown


# --- growth -------------------------------------------------------------------------------------------------


def weighed(browser: Client, measure: str, value: str, days: int) -> None:
    """A measure noted in the space of who is six, of so many days after the birth."""
    day = local_day(now()) - SIX + timedelta(days=days)
    done = browser.post("/sante/mesures/ajouter/", {"measure": measure, "value": value, "day": f"{day:%d/%m/%Y}"})
    assert done.status_code == 302


def test_growth_is_drawn_from_what_is_written_alone_where_no_curves_were_brought() -> None:
    put_growth([], source="")
    leo = six()
    browser = signed_in(leo)
    assert "Aucune mesure pour l’instant" in plain(browser.get(GROWTH))
    for measure, value, days in (("weight", "12", 800), ("weight", "20,5", 2200), ("height", "115", 2200)):
        weighed(browser, measure, value, days)
    page = browser.get(GROWTH)
    shown = plain(page)
    assert "Poids 20,5 kg à 6 ans" in shown and "2 ans et 2 mois 12 kg Déclaré par le patient" in shown
    assert "Indice de masse corporelle 15,5 kg/m²" in shown and "Calculé avec le poids et la taille du jour" in shown
    assert "Seules les mesures de l’enfant sont dessinées." in shown
    assert "growth-band" not in page.content.decode() and page.content.decode().count('class="point"') == 4


def test_the_curves_that_an_operator_brought_are_drawn_with_their_source_and_for_that_sex_alone() -> None:
    rows = [
        Percentiles("weight", sex, age, low, low + 2, low + 5)
        for sex, low in (("F", 3.0), ("M", 4.0))
        for age in (0, 24, 84)
    ]
    put_growth(rows, source="Courbes d’essai 2026")
    browser = signed_in(six())
    weighed(browser, "weight", "6", 2200)
    page = browser.get(GROWTH)
    assert "Courbes de référence : Courbes d’essai 2026." in plain(page)
    assert page.content.decode().count('<polygon class="growth-band"') == 1
    put_growth([], source="")
