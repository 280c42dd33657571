"""What the demonstration's own documents say of somebody is found on the pages where it is looked for first."""

import re
from html import unescape

import pytest

from espace import edge
from espace.site.demo.people import ANGE, CAMILLE, INES, JEANNE, LEO, LINH, MONIQUE, YOUSSEF
from espace.site.demo.stories import camille as of_camille
from espace.site.demo.stories import hearts as of_hearts
from espace.site.demo.stories import leo as of_leo
from espace.site.demo.stories import monique as of_monique
from espace.site.demo.stories import neighbours as of_neighbours
from portal.helpers import Member, signed_in
from site_demo.living import NOW, lived, read_by_a_doctor
from workstation.test_first_screen import panel

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def camille(monkeypatch: pytest.MonkeyPatch) -> Member:
    return lived(CAMILLE, of_camille, monkeypatch)


@pytest.fixture
def monique(monkeypatch: pytest.MonkeyPatch) -> Member:
    return lived(MONIQUE, of_monique, monkeypatch)


@pytest.fixture
def leo(monkeypatch: pytest.MonkeyPatch) -> Member:
    return lived(LEO, of_leo, monkeypatch)


@pytest.fixture
def youssef(monkeypatch: pytest.MonkeyPatch) -> Member:
    return lived(YOUSSEF, of_hearts, monkeypatch)


@pytest.fixture
def jeanne(monkeypatch: pytest.MonkeyPatch) -> Member:
    return lived(JEANNE, of_hearts, monkeypatch)


@pytest.fixture
def ange(monkeypatch: pytest.MonkeyPatch) -> Member:
    return lived(ANGE, of_neighbours, monkeypatch)


@pytest.fixture
def ines(monkeypatch: pytest.MonkeyPatch) -> Member:
    return lived(INES, of_neighbours, monkeypatch)


@pytest.fixture
def linh(monkeypatch: pytest.MonkeyPatch) -> Member:
    return lived(LINH, of_neighbours, monkeypatch)


def said(page: str, start: str, end: str) -> str:
    """The words of a part of a page."""
    part = page[page.index(start) : page.index(end, page.index(start))]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split())


def test_the_first_screen_says_what_an_allergy_does_and_when_a_medicine_was_delivered(camille: Member) -> None:
    page = read_by_a_doctor(camille.of, "")
    assert "Pénicillines urticaire et gonflement des lèvres Lire dans" in panel(page, "allergies")
    taken = panel(page, "treatments")
    delivered = r"délivré le Lire dans « [^»]+ », [0-9]+"
    assert re.search(rf"depuis février 2023 {delivered} fév\. 2025 Lire dans", taken)
    assert re.search(rf"Sumatriptan .* depuis mars 2025 {delivered} mars 2025 Lire dans", taken)


def test_the_emergency_sheet_says_it_too(camille: Member) -> None:
    with edge.clock_at(NOW):
        page = signed_in(camille).get("/sante/fiche-urgence/").content.decode()
    sheet = said(page, "<article", "</article>")
    assert "Pénicillines urticaire et gonflement des lèvres" in sheet


def test_a_medical_summary_is_begun_with_it(camille: Member) -> None:
    page = read_by_a_doctor(camille.of, "synthese/")
    assert "gonflement des lèvres" in page


def headed(page: str, medicine: str) -> str:
    """What the list of treatments says of a medicine before what each document says of it."""
    return said(page, f'<h3 lang="fr">{medicine}', '<ul class="fact-list">')


def test_what_a_medicine_is_taken_for_is_read_out_of_the_summary(monique: Member) -> None:
    page = read_by_a_doctor(monique.of, "traitements/")
    assert headed(page, "Metformine").endswith("Pour : Diabète sucré de type 2, sans complication")
    assert headed(page, "Ramipril").endswith("Pour : Hypertension essentielle (primitive)")
    assert headed(page, "Atorvastatine").endswith("Pour : Hypercholestérolémie pure")
    assert headed(page, "Énoxaparine").endswith("Pour : Éviter une phlébite")
    asked = read_by_a_doctor(monique.of, "conciliation/")
    decided = said(asked, ">Metformine", "</fieldset>")
    assert "au cours du repas Pour : Diabète sucré de type 2, sans complication" in decided


def test_nothing_is_said_to_be_why_where_nobody_wrote_it(leo: Member) -> None:
    page = read_by_a_doctor(leo.of, "traitements/")
    assert headed(page, "Salbutamol").endswith("Pour : Gêne pour respirer")
    assert "Fluticasone" in page and "Pour" not in headed(page, "Fluticasone")


def test_vaccines_that_are_due_for_the_same_reason_are_told_together(leo: Member) -> None:
    told = panel(read_by_a_doctor(leo.of, ""), "vaccinations")
    assert "Grippe · Covid-19 À faire Une dose par saison" in told
    assert "Hépatite B · Rougeole, oreillons, rubéole À vérifier rien n’est noté ici" in told


@pytest.mark.parametrize("who", ["monique", "jeanne", "youssef", "linh", "ange", "ines"])
def test_that_no_allergy_is_known_is_read_out_of_the_documents(who: str, request: pytest.FixtureRequest) -> None:
    somebody: Member = request.getfixturevalue(who)
    told = panel(read_by_a_doctor(somebody.of, ""), "allergies")
    assert re.search("Aucune allergie connue Lire dans « (Synthèse médicale|Sortie de maternité) », [0-9]+ ", told)
    assert "Rien n’est écrit" not in told
    with edge.clock_at(NOW):
        page = signed_in(somebody).get("/sante/fiche-urgence/").content.decode()
    assert "Aucune allergie connue" in said(page, "<article", "</article>")
    form = said(read_by_a_doctor(somebody.of, "synthese/"), "Aucune allergie connue", "</li>")
    assert re.match("Aucune allergie connue (Synthèse médicale|Sortie de maternité), [0-9]+ ", form)


def test_somebody_with_an_allergy_is_never_said_to_have_none(camille: Member) -> None:
    assert "Aucune allergie" not in read_by_a_doctor(camille.of, "")


@pytest.mark.parametrize(
    ("who", "alert"),
    [
        ("camille", "Pas d’œstrogènes : migraine avec aura."),
        ("monique", "Éviter les anti-inflammatoires."),
        ("jeanne", "Sous anticoagulant."),
        ("jeanne", "Risque de chute."),
        ("youssef", "Stent de la coronaire droite : ne pas arrêter l’aspirine sans avis."),
    ],
)
def test_a_point_of_vigilance_is_an_alert(who: str, alert: str, request: pytest.FixtureRequest) -> None:
    somebody: Member = request.getfixturevalue(who)
    told = panel(read_by_a_doctor(somebody.of, ""), "allergies")
    assert f"{alert} Lire dans « Synthèse médicale », " in told
    with edge.clock_at(NOW):
        page = signed_in(somebody).get("/sante/fiche-urgence/").content.decode()
    assert alert in said(page, "<article", "</article>")


def test_tobacco_and_the_diseases_of_relatives_are_told(youssef: Member, ange: Member, monique: Member) -> None:
    heart, lungs, never = (panel(read_by_a_doctor(one.of, ""), "problems") for one in (youssef, ange, monique))
    assert re.search("Statut tabagique Ancien fumeur .* Consommation tabagique 25 paquets-années ", heart)
    assert re.search("Statut tabagique Ancien fumeur .* Consommation tabagique 35 paquets-années ", lungs)
    assert "Statut tabagique N’a jamais fumé " in never
    assert "Infarctus aigu du myocarde, sans précision antécédent familial, Père Lire dans" in heart


def test_implants_are_alerts_and_operations_have_a_side(camille: Member, monique: Member, youssef: Member) -> None:
    page, heart = read_by_a_doctor(monique.of, ""), read_by_a_doctor(youssef.of, "")
    assert "Prothèse totale de la hanche gauche Lire dans « Sortie après la prothèse de hanche »" in panel(
        page, "allergies"
    )
    assert "Cristallin artificiel de l’œil droit Lire dans" in panel(page, "allergies")
    assert "Stent de la coronaire droite Lire dans « Sortie après un infarctus »" in panel(heart, "allergies")
    knee = panel(read_by_a_doctor(camille.of, ""), "problems")
    assert re.search("coxofémorale par prothèse totale .{,10}gauche [0-9]+ octobre 2023", panel(page, "problems"))
    assert re.search("cristallin artificiel .{,10}droit [0-9]+ octobre 2024", panel(page, "problems"))
    assert re.search("par arthroscopie .{,10}droit [0-9]+ août 2024", knee)
    with edge.clock_at(NOW):
        sheet = said(signed_in(monique).get("/sante/fiche-urgence/").content.decode(), "<article", "</article>")
    assert "Prothèse totale de la hanche gauche" in sheet and "Cristallin artificiel de l’œil droit" in sheet


def test_a_birth_is_over(ines: Member) -> None:
    told = panel(read_by_a_doctor(ines.of, ""), "problems")
    assert re.search("Accouchement spontané par présentation du sommet [0-9]+ avril 2025 Lire dans", told)
    assert "depuis" not in told


@pytest.mark.parametrize(
    ("who", "medicine", "since"),
    [
        ("monique", "Metformine", "janvier 2023"),
        ("monique", "Ramipril", "janvier 2023"),
        ("monique", "Atorvastatine", "janvier 2023"),
        ("ange", "Tiotropium", "décembre 2023"),
        ("youssef", "Bisoprolol", "juillet 2023"),
        ("jeanne", "Apixaban", "décembre 2023"),
    ],
)
def test_a_medicine_is_taken_since_it_was_first_prescribed(
    who: str, medicine: str, since: str, request: pytest.FixtureRequest
) -> None:
    somebody: Member = request.getfixturevalue(who)
    taken = panel(read_by_a_doctor(somebody.of, ""), "treatments")
    assert re.search(f"{medicine} [^»]* depuis {since} délivré le ", taken)
