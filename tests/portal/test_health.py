"""« Ma santé »: what the holder states, section by section; what is wrong with it; who sees it; removed, put back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from cast import AT, cares, caring, consents, professional
from espace.access import gate
from espace.clinical.actions import profile as actions
from espace.clinical.actions.medicines import put_medicines
from espace.clinical.facts import Detail, Kind, Origin
from espace.clinical.facts.profile import Medicine, Section
from espace.clinical.queries import known
from espace.clinical.queries.profile import profile, stated
from espace.edge import now
from espace.identity.facts import Professional
from espace.kernel.words import Grant, Kinds, Purpose, Refused, Verb
from espace.wire.clinical_statements.values import Quantity, Value
from portal.helpers import Member, cda, file, member, signed_in
from portal.test_reading_pages import text

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/sante/"
TYPED: dict[str, dict[str, str]] = {
    "allergies": {"name": "Pénicilline", "kind": "DINT", "reaction": "Plaques", "severity": "H", "since": "2010"},
    "sujets": {"name": "Asthme", "since": "03/2001", "comment": "Surtout au printemps"},
    "traitements": {"name": "Ventoline", "dosage": "2 bouffées si besoin", "since": "01/02/2020"},
    "hospitalisations": {"name": "Appendicite", "kind": "surgery", "since": "1998"},
    "famille": {"name": "Diabète", "relative": "MTH", "age": "52"},
    "mode-de-vie": {"part": "activity", "answer": "Marche tous les jours"},
    "handicaps": {"kind": "hearing", "rate": "50_79", "help": "no"},
    "mesures": {"measure": "weight", "value": "64,5", "day": "04/03/2025"},
    "groupe-sanguin": {"group": "A+"},
    "entourage": {"name": "Rose Duval", "role": "trusted", "relation": "MTH", "phone": "01 02 03 04 05"},
    "volontes": {"kind": "directives", "text": "Pas d’acharnement.", "day": "2024"},
    "professionnels": {"name": "Anne Morel", "profession": "Médecin"},
    "administratif": {"name": "Mutuelle des marées", "kind": "insurance"},
    "vaccinations": {"name": "Infanrix hexa", "day": "2019", "dose": "1", "lot": "A12"},
}
SHOWN = {
    "allergies": "Pénicilline Sorte Médicament Réaction Plaques Gravité Grave Depuis quand 2010",
    "sujets": "Asthme Depuis quand mars 2001 Commentaire Surtout au printemps",
    "traitements": "Ventoline Comment il est pris 2 bouffées si besoin Depuis quand 1er février 2020",
    "hospitalisations": "Appendicite Sorte Opération Depuis quand 1998",
    "famille": "Diabète (mère)",
    "mode-de-vie": "Activité physique En quelques mots Marche tous les jours",
    "handicaps": "Auditif Taux reconnu De 50 à 79 %",
    "mesures": "Poids 64,5 kg, 4 mars 2025",
    "groupe-sanguin": "A positif (+)",
    "entourage": "Rose Duval Rôle Personne de confiance Lien Mère Téléphone 01 02 03 04 05",
    "volontes": "Directives anticipées Texte Pas d’acharnement. Écrit le 2024",
    "professionnels": "Anne Morel Profession ou spécialité Médecin",
    "administratif": "Mutuelle des marées Sorte Complémentaire santé (mutuelle)",
    "vaccinations": "Infanrix hexa",
}


def states(who: Member, section: str, **changed: str) -> UUID:
    """An item stated; its id."""
    with gate.open_record(
        actor=who.of.actor, patient=who.of.patient, purpose=Purpose.HOLDER, verb=Verb.STATE, at=AT
    ) as grant:
        return actions.state(grant, section=Section(section), typed={**TYPED[section], **changed})


def read_by(who: Professional, camille: Member) -> dict[str, int]:
    """How many items of each section a professional is shown."""
    with reading(who, camille) as grant:
        found = profile(grant)
    return {one.value: len(found.of(one)) for one in Section if found.of(one)}


@contextmanager
def reading(who: Professional, camille: Member) -> Iterator[Grant]:
    with gate.open_record(
        actor=caring(who), patient=camille.of.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT
    ) as grant:
        yield grant


def plain(page: object) -> str:
    return text(page).replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize("section", [one for one in TYPED if one != "vaccinations"])
def test_each_section_keeps_what_is_written_and_shows_it(section: str) -> None:
    browser = signed_in(member())
    assert "Rien n’est écrit ici" in plain(browser.get(f"{PAGE}{section}/"))
    done = browser.post(f"{PAGE}{section}/ajouter/", TYPED[section], follow=True)
    assert "C’est enregistré." in plain(done)
    assert SHOWN[section] in plain(done)
    assert "1 élément" in plain(browser.get(PAGE))


def test_a_second_trusted_person_is_remarked_and_never_refused() -> None:
    camille = member()
    browser = signed_in(camille)
    remark = "la loi n’en connaît qu’une (article L1111-6 du code de la santé publique)."
    form = f"{PAGE}entourage/ajouter/"
    assert remark not in plain(browser.get(form))
    states(camille, "entourage", role="emergency", name="Léo Duval")
    assert remark not in plain(browser.get(form))
    rose = states(camille, "entourage", name="Rose <Duval>")
    assert f"{remark} Il y a déjà Rose &lt;Duval&gt;. La fiche d’urgence montre" in plain(browser.get(form))
    assert remark not in plain(browser.get(f"{PAGE}entourage/{rose}/"))
    done = browser.post(form, {**TYPED["entourage"], "name": "Yves Martin"}, follow=True)
    assert "C’est enregistré." in plain(done) and "Yves Martin Rôle Personne de confiance" in plain(done)
    assert f"{remark} Il y a déjà Yves Martin." in plain(browser.get(f"{PAGE}entourage/{rose}/"))
    assert remark not in plain(browser.get(f"{PAGE}allergies/ajouter/"))


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept() -> None:
    browser = signed_in(member())
    page = browser.post(f"{PAGE}mesures/ajouter/", {"measure": "weight", "value": "6450", "day": "31/02/2025"})
    assert page.status_code == 200
    said = plain(page)
    assert "Cette date ne se lit pas" in said
    assert 'value="6450"' in page.content.decode() and 'value="31/02/2025"' in page.content.decode()
    page = browser.post(f"{PAGE}mesures/ajouter/", {"measure": "weight", "value": "6450", "day": "2025"})
    assert "Ce nombre doit être entre 0,3 et 400 kg." in plain(page)
    page = browser.post(f"{PAGE}allergies/ajouter/", {"comment": "<script>alert(1)</script>"})
    assert "Remplissez « Allergie à quoi »." in plain(page)
    assert b"<script>alert" not in page.content
    assert "Rien n’est écrit ici" in plain(browser.get(f"{PAGE}mesures/"))


def test_an_item_is_changed_removed_and_put_back() -> None:
    camille = member()
    browser, item = signed_in(camille), states(camille, "allergies")
    assert 'value="Pénicilline"' in browser.get(f"{PAGE}allergies/{item}/").content.decode()
    changed = {**TYPED["allergies"], "name": "Amoxicilline"}
    done = plain(browser.post(f"{PAGE}allergies/{item}/", changed, follow=True))
    assert "Amoxicilline" in done and "Pénicilline" not in done
    gone = browser.post(f"{PAGE}allergies/{item}/supprimer/", follow=True)
    assert "C’est supprimé." in plain(gone) and "Annuler la suppression" in plain(gone)
    assert "Rien n’est écrit ici" in plain(browser.get(f"{PAGE}allergies/"))
    assert browser.get(f"{PAGE}allergies/{item}/").status_code == 404
    back = plain(browser.post(f"{PAGE}allergies/{item}/remettre/", follow=True))
    assert "C’est remis." in back and "Amoxicilline" in back


def test_what_was_removed_is_forgotten_after_its_days() -> None:
    camille = member()
    browser, item = signed_in(camille), states(camille, "allergies")
    browser.post(f"{PAGE}allergies/{item}/supprimer/")
    assert actions.forget_items(at=now() + timedelta(days=29), limit=10) == 0
    assert actions.forget_items(at=now() + timedelta(days=31), limit=10) == 1
    assert browser.post(f"{PAGE}allergies/{item}/remettre/").status_code == 404


def test_not_concerned_is_an_answer_until_something_is_written() -> None:
    camille = member()
    browser = signed_in(camille)
    done = plain(browser.post(f"{PAGE}allergies/choisir/", {"choix": "aucun"}, follow=True))
    assert "C’est noté : non concerné." in done and "Ce n’est plus vrai" in done
    index = plain(browser.get(PAGE))
    assert "Non concerné, dit le" in index and "Parties remplies : 1 sur 14" in index
    browser.post(f"{PAGE}allergies/ajouter/", TYPED["allergies"])
    assert browser.post(f"{PAGE}allergies/choisir/", {"choix": "aucun"}).status_code == 422
    assert "Non concerné" not in plain(browser.get(PAGE))
    assert browser.post(f"{PAGE}allergies/choisir/", {"choix": "autre"}).status_code == 403


def test_professionals_are_told_that_the_patient_is_not_concerned_and_what_is_put_back_takes_it_away() -> None:
    camille, petit = member(), professional("Petit")
    consents(camille.of, petit)
    browser, item = signed_in(camille), states(camille, "allergies")
    browser.post(f"{PAGE}allergies/{item}/supprimer/")
    browser.post(f"{PAGE}allergies/choisir/", {"choix": "aucun"})
    browser.post(f"{PAGE}famille/choisir/", {"choix": "aucun"})
    with reading(petit, camille) as grant:
        (said,) = stated(grant)
    assert (said.fact.kind, said.fact.what.code, said.fact.absent) == (Kind.ALLERGY, "no-known-allergies", True)
    browser.post(f"{PAGE}allergies/choisir/", {"choix": "masquer"})
    with reading(petit, camille) as grant:
        assert stated(grant) == ()
    browser.post(f"{PAGE}allergies/choisir/", {"choix": "montrer"})
    browser.post(f"{PAGE}allergies/{item}/remettre/")
    with reading(petit, camille) as grant:
        (said,) = stated(grant)
    assert (said.fact.what.words, said.fact.absent) == ("Pénicilline", False)


def test_what_is_of_nobody_and_what_is_of_another_answer_alike() -> None:
    camille, other = member(), member(given="ROSE")
    item = states(other, "allergies")
    browser = signed_in(camille)
    for path in (f"{PAGE}allergies/{item}/", f"{PAGE}allergies/{uuid4()}/", f"{PAGE}rien/", f"{PAGE}rien/ajouter/"):
        assert browser.get(path).status_code == 404, path
    for act in ("supprimer", "remettre", "liens"):
        assert browser.post(f"{PAGE}allergies/{item}/{act}/").status_code == 404
    mine = states(camille, "sujets")
    assert browser.get(f"{PAGE}allergies/{mine}/").status_code == 404
    assert browser.post(f"{PAGE}sujets/{mine}/liens/", {"autre": [str(item)]}).status_code == 404
    hers = file(other.of, cda(other.of))
    assert browser.post(f"{PAGE}sujets/{mine}/liens/", {"document": [str(hers)]}).status_code == 404


def test_an_item_is_linked_to_documents_and_to_other_items() -> None:
    camille = member()
    browser, asthma, spray = signed_in(camille), states(camille, "sujets"), states(camille, "traitements")
    blood = file(camille.of, cda(camille.of), title="Analyses de sang")
    offered = plain(browser.get(f"{PAGE}sujets/{asthma}/liens/"))
    assert "À quoi relier « Asthme » ?" in offered and "Ventoline" in offered and "Analyses de sang" in offered
    linked = {"autre": [str(spray)], "document": [str(blood)]}
    done = plain(browser.post(f"{PAGE}sujets/{asthma}/liens/", linked, follow=True))
    assert "En lien avec : Ventoline, Analyses de sang" in done


def test_an_older_document_is_looked_for_and_what_is_ticked_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.portal.pages.health.stating.MOST_OFFERED", 1)
    camille = member()
    browser, asthma = signed_in(camille), states(camille, "sujets")
    old = file(camille.of, cda(camille.of), title="Scanner du thorax", on=AT - timedelta(days=900))
    new = file(camille.of, cda(camille.of), title="Analyses de sang")
    page = f"{PAGE}sujets/{asthma}/liens/"
    first = plain(browser.get(page))
    assert "Analyses de sang" in first and "Scanner" not in first and "Seuls les cent plus récents" in first
    found = browser.post(page, {"mots": "thorax", "document": [str(new)], "chercher": "1"})
    assert found.status_code == 200 and "Scanner du thorax" in plain(found)
    assert re.findall(r'value="([0-9a-f-]{36})"( checked)?', found.content.decode())[-2:] == [
        (str(new), " checked"), (str(old), ""),
    ]  # fmt: skip
    assert "Aucun document ne correspond" in plain(browser.post(page, {"mots": "genou", "chercher": "1"}))
    assert "En lien avec" not in plain(browser.get(f"{PAGE}sujets/"))


def test_a_measure_shows_what_it_is_linked_to() -> None:
    camille = member()
    browser, weight = signed_in(camille), states(camille, "mesures")
    blood = file(camille.of, cda(camille.of), title="Analyses de sang")
    page = f"{PAGE}mesures/{weight}/liens/"
    assert page in browser.get(f"{PAGE}mesures/").content.decode()
    done = browser.post(page, {"document": [str(blood)]}, follow=True)
    assert "En lien avec : Analyses de sang" in plain(done)
    assert f'href="/documents/{blood}/"' in done.content.decode()


def test_professionals_are_shown_what_is_switched_visible_as_stated_by_the_patient() -> None:
    camille, petit, stranger = member(), professional("Petit"), professional("Autre")
    consents(camille.of, petit)
    browser = signed_in(camille)
    for section in TYPED:
        states(camille, section)
    assert read_by(petit, camille) == dict.fromkeys(TYPED, 1)
    with reading(petit, camille) as grant:
        found = stated(grant)
    assert {one.origin for one in found} == {Origin.STATED} and all(one.document is None for one in found)
    said = {one.fact.kind: one.fact for one in found if one.fact.kind is not Kind.PROBLEM}
    assert said[Kind.ALLERGY].what.words == "Pénicilline"
    assert said[Kind.MEASURE].value == Value(quantity=Quantity("64.5", "kg"))
    assert said[Kind.EXAM].what.display == "Groupe sanguin déclaré (non valable pour une transfusion)"
    done = browser.post(f"{PAGE}allergies/choisir/", {"choix": "masquer"}, follow=True)
    assert "Masquée : les professionnels ne la voient pas, même en urgence." in plain(done)
    assert "allergies" not in read_by(petit, camille)
    with reading(petit, camille) as grant:
        assert Kind.ALLERGY not in {one.fact.kind for one in known(grant).facts}
    browser.post(f"{PAGE}allergies/choisir/", {"choix": "montrer"})
    assert "allergies" in read_by(petit, camille)
    with pytest.raises(Refused), reading(stranger, camille):
        pass


def test_a_profession_that_does_not_read_directives_is_not_shown_wishes() -> None:
    camille, nurse = member(), professional("Petit", profession="26")
    consents(camille.of, nurse)
    states(camille, "volontes")
    states(camille, "allergies")
    assert "EXPPAT_3" not in _kinds(nurse, camille)
    assert read_by(nurse, camille) == {"allergies": 1}


def _kinds(who: Professional, camille: Member) -> Kinds:
    with reading(who, camille) as grant:
        return grant.sight.reads


def test_who_helps_states_in_their_place_and_a_carer_does_not_decide_what_shows() -> None:
    camille, marie = member(), member(given="MARIE", email="marie@exemple.fr")
    mandate = cares(marie.of, camille.of, address="marie@exemple.fr")
    browser, space = signed_in(marie), f"/pour/{mandate}/sante/"
    done = plain(browser.post(f"{space}allergies/ajouter/", TYPED["allergies"], follow=True))
    assert "Pénicilline" in done and "Écrit par un proche le" in done and "Ma santé" not in done
    assert "Masquer aux professionnels" not in done
    assert browser.post(f"{space}allergies/choisir/", {"choix": "masquer"}).status_code == 403
    assert "Vous" not in plain(browser.get(f"{space}allergies/")).split("Allergies")[-1].split("Vos documents")[0]


def test_targets_show_on_the_page_and_an_empty_one_takes_them_away() -> None:
    camille = member()
    browser = signed_in(camille)
    states(camille, "mesures")
    states(camille, "mesures", value="63", day="2025-06-04")
    wrong = browser.post(f"{PAGE}mesures/objectifs/", {"measure": "weight", "low": "70", "high": "60"})
    assert "Le plus est inférieur au moins." in plain(wrong)
    done = browser.post(f"{PAGE}mesures/objectifs/", {"measure": "weight", "low": "60", "high": "65"}, follow=True)
    assert "Poids – Objectif : entre 60 et 65 kg" in plain(done)
    page = browser.get(f"{PAGE}mesures/")
    assert "Objectif : entre 60 et 65 kg" in plain(page) and b"<polyline" in page.content
    browser.post(f"{PAGE}mesures/objectifs/", {"measure": "weight", "low": "", "high": ""})
    assert "Objectif :" not in plain(browser.get(f"{PAGE}mesures/"))


def test_a_box_is_found_by_its_code_or_the_beginning_of_its_name() -> None:
    box = Medicine("3400930000120", "DOLIPRANE 1000 mg, comprimé", "paracétamol", "N02BE01")
    camille, browser = (one := member()), signed_in(one)
    put_medicines([])
    assert "Chercher dans la liste" not in plain(browser.get(f"{PAGE}traitements/ajouter/"))
    put_medicines([box, Medicine("3400930000137", "EFFERALGAN", "paracétamol", "")])
    found = plain(browser.post(f"{PAGE}traitements/ajouter/", {"name": "doli", "chercher": "1"}))
    assert "DOLIPRANE 1000 mg, comprimé" in found and "EFFERALGAN" not in found
    browser.post(f"{PAGE}traitements/ajouter/", {"name": "doli", "boite": box.cip})
    page = plain(browser.post(f"{PAGE}traitements/ajouter/", {"name": "3400930000168"}))
    assert "Cette boîte n’est pas dans la liste des médicaments : écrivez le nom." in page
    done = browser.post(f"{PAGE}traitements/ajouter/", {"name": "0103400930000137172708311012AB"}, follow=True)
    assert "EFFERALGAN" in plain(done) and "DOLIPRANE 1000 mg, comprimé" in plain(done)
    with gate.open_record(
        actor=camille.of.actor, patient=camille.of.patient, purpose=Purpose.HOLDER, verb=Verb.LIST, at=AT
    ) as grant:
        facts = [one.fact for one in stated(grant)]
    doliprane = next(one for one in facts if one.what.code == box.cip)
    assert doliprane.what.others[0].code == "N02BE01"
    assert doliprane.details[Detail.SUBSTANCE][0].words == "paracétamol"


def test_a_section_that_is_full_says_so() -> None:
    camille = member()
    browser = signed_in(camille)
    states(camille, "groupe-sanguin")
    assert "Écrire le groupe sanguin" not in plain(browser.get(f"{PAGE}groupe-sanguin/"))
    page = plain(browser.post(f"{PAGE}groupe-sanguin/ajouter/", TYPED["groupe-sanguin"]))
    assert "Cette partie du profil est pleine." in page


def test_a_stolen_database_shows_nothing_of_it_and_an_altered_row_is_not_believed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    camille = member()
    browser, item = signed_in(camille), states(camille, "allergies", comment="canari-de-santé")
    browser.post(f"{PAGE}allergies/choisir/", {"choix": "montrer"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM clinical_item UNION ALL SELECT sealed FROM clinical_profile")
        rows = [bytes(row[0]) for row in cursor.fetchall()]
        assert not any(b"canari" in row or b"allerg" in row for row in rows)
        assert {len(row) % 512 for row in rows} == {31}
        cursor.execute("UPDATE clinical_profile SET sealed = sealed || 'x'::bytea")
    petit = professional("Petit")
    consents(camille.of, petit)
    assert read_by(petit, camille) == {}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clinical_item SET sealed = sealed || 'x'::bytea WHERE id = %s", [item])
    assert "Rien n’est écrit ici" in plain(browser.get(f"{PAGE}allergies/"))
    assert "a row of the profile was altered" in caplog.text and "canari" not in caplog.text


def test_what_was_read_in_documents_is_switched_off_and_on() -> None:
    browser = signed_in(member())
    assert "Ne plus lire les documents" in plain(browser.get(f"{PAGE}documents-lus/"))
    done = plain(browser.post(f"{PAGE}documents-lus/", {"extraire": "0"}, follow=True))
    assert "les informations tirées des documents sont effacées" in done and "ne sont pas lues" in done
    done = plain(browser.post(f"{PAGE}documents-lus/", {"extraire": "1"}, follow=True))
    assert "les informations des documents sont de nouveau lues" in done
