"""« Fiche d’urgence »: what a doctor would see in an emergency under the switches of today, and nothing else."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.utils import translation

from cast import AT, Holder, cares, caring, holder, organisation, professional, represents
from clinical.said import fact, said
from clinical.scene import HIDDEN, deposit, frame, stated
from espace import edge
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import Cause, Switches
from espace.clinical import queries
from espace.clinical.actions import profile
from espace.clinical.facts import Detail, Kind, Known
from espace.clinical.facts.profile import Choices, Profile, Section
from espace.kernel.words import Purpose, Verb, Visibility
from espace.portal.pages.health.emergency_sheet import parts
from espace.wire.cda_writing import DRUG_ALLERGY, Allergy, Procedure, Summary, prescription, synthesis
from espace.wire.cda_writing.models.reconciliation import Reconciled, Reconciliation, reconciliation
from espace.wire.clinical_statements.values import Concept, Value
from espace.wire.nomenclature.systems import ATC
from espace.wire.xds import Coded
from portal.helpers import Member, cda, file, member, signed_in
from portal.test_health import plain
from workstation.test_reconciling_pages import METFORMIN, RAMIPRIL

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/sante/fiche-urgence/"
MASKED = frozenset({Visibility.MASQUE_PS})
STATED = (
    (Section.ALLERGIES, {"name": "Arachide", "severity": "H"}),
    (Section.TREATMENTS, {"name": "Ventoline", "dosage": "2 bouffées si besoin"}),
    (Section.PROBLEMS, {"name": "Asthme", "since": "1999"}),
    (Section.BLOOD, {"group": "O-"}),
    (Section.CONTACTS, {"name": "Léo Duval", "role": "emergency", "relation": "CHILD", "phone": "06 99 01 02 03"}),
    (Section.CONTACTS, {"name": "Rose Martin", "role": "trusted", "phone": "06 99 04 05 06"}),
    (Section.CONTACTS, {"name": "Paul Petit", "role": "carer"}),
    (Section.WISHES, {"kind": "directives", "text": "Pas d’acharnement", "day": "03/2025"}),
)


def allergy(of: Holder, to: str, code: str) -> bytes:
    what = Coded(code, "2.16.840.1.113883.6.96", to)
    return synthesis(frame(of), Summary(allergies=(Allergy(DRUG_ALLERGY, what, "", AT.date()),)))


@pytest.fixture
def camille() -> Member:
    found = member()
    with gate.open_record(
        actor=found.of.actor, patient=found.of.patient, purpose=Purpose.HOLDER, verb=Verb.STATE, at=edge.now()
    ) as grant:
        for section, typed in STATED:
            profile.state(grant, section=section, typed=typed)
    deposit(found.of, organisation(), stated(allergy(found.of, "Pénicilline", "764146007")))
    return found


def switch(of: Member, *, break_glass: bool = True, dispatch: bool = True, masked: bool = False) -> None:
    with gate.open_record(
        actor=of.of.actor, patient=of.of.patient, purpose=Purpose.HOLDER, verb=Verb.SWITCHES, at=edge.now()
    ) as grant:
        access.set_switches(grant, Switches(break_glass, dispatch, masked))


def printed(of: Member) -> str:
    """The words of the sheet itself."""
    page = signed_in(of).get(PAGE)
    assert page.status_code == 200
    content = page.content.decode()
    return plain(HttpResponse(content[content.index("<article") : content.index("</article>")]))


def test_one_page_has_what_an_emergency_looks_for(camille: Member) -> None:
    sheet = printed(camille)
    for words in (
        "Camille Duval", "DUVAL CAMILLE ROSE", "née le jeudi 7 mars 1985", "Femme",
        "Arachide grave (déclaré)", "Pénicilline",
        "Ventoline 2 bouffées si besoin", "Asthme depuis 1999",
        "O négatif (−) Groupe sanguin déclaré (non valable pour une transfusion)",
        "Rose Martin Personne de confiance, 06 99 04 05 06",
        "Léo Duval (enfant) À prévenir en cas d’urgence, 06 99 01 02 03",
        "Directives anticipées mars 2025 (déclaré) « Pas d’acharnement »",
    ):  # fmt: skip
        assert words in sheet, (words, sheet)
    assert sheet.index("Rose Martin") < sheet.index("Léo Duval")
    assert "Paul Petit" not in sheet and "À vérifier" not in sheet
    ins = camille.of.ins.number
    assert f"{ins[0]} {ins[1:3]} {ins[3:5]} {ins[5:7]} {ins[7:10]} {ins[10:13]} {ins[13:]}" in sheet


@pytest.mark.parametrize(
    ("break_glass", "dispatch", "said", "seen"),
    [
        (True, True, "Un médecin qui soigne en urgence et le médecin du SAMU voient ceci.", True),
        (True, False, "Le médecin du SAMU ne peut rien ouvrir.", True),
        (False, True, "Les autres professionnels ne peuvent rien ouvrir en urgence.", True),
        (False, False, "Personne ne peut ouvrir cet espace en urgence.", False),
    ],
)
def test_the_switches_decide(camille: Member, break_glass: bool, dispatch: bool, said: str, seen: bool) -> None:
    switch(camille, break_glass=break_glass, dispatch=dispatch)
    assert said in plain(signed_in(camille).get(PAGE))
    sheet = printed(camille)
    for words in ("Arachide", "Pénicilline", "Rose Martin", "Directives", "O négatif"):
        assert (words in sheet) is seen, words
    assert ("cette fiche ne dit rien de la santé" in sheet) is not seen
    assert "Camille Duval" in sheet


def test_what_is_masked_is_there_only_where_an_emergency_shows_it(camille: Member) -> None:
    deposit(camille.of, organisation(), stated(allergy(camille.of, "Codéine", "387494007"), hidden=MASKED))
    for masked in (False, True):
        switch(camille, masked=masked)
        assert ("Codéine" in printed(camille)) is masked


def test_no_line_begins_with_a_semicolon() -> None:
    """Software writes plain spaces before « ; », where a line would be cut."""
    found = member()
    with gate.open_record(
        actor=found.of.actor, patient=found.of.patient, purpose=Purpose.HOLDER, verb=Verb.STATE, at=edge.now()
    ) as grant:
        profile.state(
            grant,
            section=Section.TREATMENTS,
            typed={"name": "Sumatriptan", "dosage": "1 comprimé ; un second « plus tard »"},
        )
        profile.state(grant, section=Section.ALLERGIES, typed={"name": "Latex", "reaction": "Gonflement : lèvres"})
    page = signed_in(found).get(PAGE).content.decode()
    assert "1 comprimé\u202f; un second «\u202fplus tard\u202f»" in page
    assert "gonflement\u202f: lèvres" in page


def test_what_is_said_of_a_line_has_no_capital_within_it() -> None:
    iodine = fact(Kind.ALLERGY, "Iode", details={Detail.REACTION: (Concept(display="Urticaire"),)})
    facts = (said(iodine), said(fact(Kind.ALLERGY, "Iode", absent=True), 2, "2024-03-04"))
    with translation.override("fr"):
        allergies = parts(Known((), facts), Profile((), Choices(), frozenset()), date(2025, 6, 1))[0]
    assert allergies.lines[0].said == "urticaire, affirmé ici, nié ailleurs"


def test_a_section_that_professionals_do_not_see_is_not_printed(camille: Member) -> None:
    with gate.open_record(
        actor=camille.of.actor, patient=camille.of.patient, purpose=Purpose.HOLDER, verb=Verb.VISIBILITY, at=edge.now()
    ) as grant:
        for section in (Section.TREATMENTS, Section.CONTACTS):
            profile.show_section(grant, section=section, visible=False)
    sheet = printed(camille)
    assert "Arachide" in sheet and "Ventoline" not in sheet and "Rose Martin" not in sheet


def test_it_says_what_a_doctor_who_breaks_the_glass_reads(camille: Member) -> None:
    """The names of the sheet are those of the facts that such a doctor finds a minute later, masked ones included."""
    deposit(camille.of, organisation(), stated(allergy(camille.of, "Codéine", "387494007"), hidden=MASKED))
    for masked in (False, True):
        switch(camille, masked=masked)
        anne, sheet = professional(), printed(camille)
        with gate.open_record(
            actor=caring(anne),
            patient=camille.of.patient,
            purpose=Purpose.BREAK_GLASS,
            verb=Verb.BREAK_GLASS,
            at=edge.now(),
        ) as grant:
            access.break_glass(grant, cause=Cause.UNCONSCIOUS, words="Trouvée sans connaissance")
        with gate.open_record(
            actor=caring(anne),
            patient=camille.of.patient,
            purpose=Purpose.CARE,
            verb=Verb.LIST,
            at=edge.now() + timedelta(seconds=1),
        ) as grant:
            names = {one.fact.what.display or one.fact.what.words for one in queries.known(grant).facts}
        every = {"Arachide", "Ventoline", "Asthme", "Pénicilline", "Codéine"}
        assert {one for one in every if one in sheet} == names & every
        assert ("Codéine" in names) is masked


def test_what_is_held_from_the_holder_changes_nothing(camille: Member) -> None:
    """Two worlds: with and without a document that the holder may not see yet, the page is the same to the byte."""
    switch(camille, masked=True)
    before = _page(camille)
    deposit(camille.of, organisation(), stated(allergy(camille.of, "Codéine", "387494007"), hidden=HIDDEN))
    assert _page(camille) == before


def test_what_is_masked_changes_nothing_while_an_emergency_does_not_show_it(camille: Member) -> None:
    switch(camille)
    before = _page(camille)
    deposit(camille.of, organisation(), stated(allergy(camille.of, "Codéine", "387494007"), hidden=MASKED))
    assert _page(camille) == before


def _page(of: Member) -> str:
    content = signed_in(of).get(PAGE).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|class="bell-count">[^<]+<', "", content)


def test_the_holder_reads_in_their_history_that_they_looked(camille: Member) -> None:
    browser = signed_in(camille)
    browser.get(PAGE)
    assert "Vous avez regardé quels documents quelqu’un d’autre verrait" in plain(browser.get("/partage/historique/"))


def test_it_is_found_from_my_health_and_from_the_choices_for_emergencies(camille: Member) -> None:
    browser = signed_in(camille)
    for path in ("/sante/", "/partage/urgences/"):
        assert f'href="{PAGE}"' in browser.get(path).content.decode()


def test_a_mother_prints_her_sons_without_what_is_hidden_from_her() -> None:
    mother, son = member(), holder(birth_name="DUVAL", given_names=("LEO",), born=date(2012, 5, 6))
    space = f"/pour/{represents(mother.of, son)}{PAGE}"
    secret = frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX})
    deposit(son, organisation(), stated(allergy(son, "Pénicilline", "764146007")))
    deposit(son, organisation(), stated(allergy(son, "Codéine", "387494007"), hidden=secret))
    sheet = plain(signed_in(mother).get(space))
    assert "DUVAL LEO" in sheet and "Pénicilline" in sheet and "Codéine" not in sheet


def test_a_carer_does_not_print_it(camille: Member) -> None:
    marie = member(email="marie@exemple.fr")
    space = f"/pour/{cares(marie.of, camille.of, address='marie@exemple.fr')}"
    browser = signed_in(marie)
    assert browser.get(f"{space}{PAGE}").status_code == 403
    assert f"{space}{PAGE}" not in browser.get(f"{space}/sante/").content.decode()


def test_an_empty_record_says_what_is_missing() -> None:
    sheet = printed(member())
    for words in (
        "Rien n’est écrit sur les allergies.", "Rien n’est écrit sur un traitement en cours.",
        "Rien n’est écrit sur les maladies en cours.", "Rien n’est écrit sur une opération.",
        "Rien n’est écrit sur un implant ou un appareil.",
    ):  # fmt: skip
        assert words in sheet
    assert "arrêtés" not in sheet


def states(of: Member, section: Section, **typed: str) -> UUID:
    with gate.open_record(
        actor=of.of.actor, patient=of.of.patient, purpose=Purpose.HOLDER, verb=Verb.STATE, at=edge.now()
    ) as grant:
        return profile.state(grant, section=section, typed=typed)


def section_of(sheet: str, title: str, after: str) -> str:
    return sheet[sheet.index(title) : sheet.index(after, sheet.index(title))]


def test_an_allergy_that_a_document_denies_is_to_be_checked(camille: Member) -> None:
    none = allergy(camille.of, "Aucune allergie connue", "716186003")
    deposit(camille.of, organisation(), stated(none))
    allergies = section_of(printed(camille), "Allergies et alertes", "Traitements en cours")
    assert allergies.startswith(
        "Allergies et alertes À vérifier Un document dit qu’il n’y a pas d’allergie, un autre qu’il y en a."
    )
    assert "Pénicilline" in allergies and "Aucune allergie connue" in allergies


def test_operations_are_on_the_sheet_and_implants_send_to_them() -> None:
    found = member()
    hip = Coded("NEKA020", "1.2.250.1.213.2.5", "Remplacement de la hanche par prothèse totale")
    looked_at = Coded("QEQK001", "1.2.250.1.213.2.5", "Mammographie bilatérale")
    done = Summary(procedures=(Procedure(hip, date(2019, 3, 12)), Procedure(looked_at, date(2025, 1, 17))))
    deposit(found.of, organisation(), stated(synthesis(frame(found.of), done)))
    states(found, Section.STAYS, name="Appendicite", kind="surgery", since="1998")
    sheet = printed(found)
    operations = section_of(sheet, "Opérations", "Implants et appareils")
    assert "Remplacement de la hanche par prothèse totale 12 mars 2019" in operations
    assert "Appendicite 1998 (déclaré)" in operations
    assert "Mammographie" not in sheet
    devices = section_of(sheet, "Implants et appareils", "Groupe sanguin")
    assert "Rien n’est écrit à part sur un implant ou un appareil : voir aussi les opérations." in devices


def test_what_a_newer_document_says_stopped_is_apart_with_its_day_and_no_posology() -> None:
    found = member()
    deposit(found.of, organisation(), stated(prescription(frame(found.of), (RAMIPRIL, METFORMIN))))
    stopped = Reconciled(Concept("C09AA05", ATC.oid, "Ramipril", "Triatec 5 mg"), "Triatec 5 mg", why="Toux")
    made = reconciliation(frame(found.of), Reconciliation(stopped=(stopped,)))
    deposit(found.of, organisation(), stated(made))
    treatments = section_of(printed(found), "Traitements en cours", "Principaux problèmes")
    current, over = treatments.split("Dits arrêtés dans un document plus récent")
    assert METFORMIN.words in current and RAMIPRIL.words not in treatments
    assert " ".join(over.split()) == "Triatec 5 mg le 4 mars 2026"
    assert "Triatec" not in current and "arrêté" not in current


def test_wishes_are_told_in_the_words_of_the_person_or_where_they_are_read() -> None:
    found = member()
    states(found, Section.WISHES, kind="directives", text="Chez moi, jusqu’au bout.")
    states(found, Section.WISHES, kind="directives", text="Pas de réanimation.\r\n\r\nSoins de confort.", day="2024")
    states(found, Section.WISHES, kind="other", text="Mot " * 300)
    wishes = printed(found).split("Directives anticipées et volontés")[1]
    assert "Directives anticipées 2024 (déclaré) « Pas de réanimation. Soins de confort. »" in wishes
    assert "Chez moi, jusqu’au bout." in wishes
    assert "la suite est à lire dans l’espace" in wishes and wishes.count("Mot") == 75
    file(found.of, cda(found.of), title="Directives", type_code="EXPPAT_3")
    assert "Directives anticipées à lire dans l’espace : document du " in printed(found)


def test_a_wish_that_a_document_tells_is_read_there() -> None:
    wish = fact(Kind.DIRECTIVE, "Réanimation", start="2024-05-06", value=Value(words="Refusée"))
    with translation.override("fr"):
        part = parts(Known((), (said(wish, 7),)), Profile((), Choices(), frozenset()), date(2025, 6, 1))[-1]
    assert [(one.name, one.said) for one in part.lines] == [
        ("Réanimation", "Refusée, 6 mai 2024, à lire dans l’espace\u202f: «\u202fDocument 7\u202f»")
    ]


def test_wishes_that_are_hidden_from_professionals_are_not_printed(camille: Member) -> None:
    assert "Pas d’acharnement" in printed(camille)
    with gate.open_record(
        actor=camille.of.actor, patient=camille.of.patient, purpose=Purpose.HOLDER, verb=Verb.VISIBILITY, at=edge.now()
    ) as grant:
        profile.show_section(grant, section=Section.WISHES, visible=False)
    assert "acharnement" not in printed(camille)


def test_one_trusted_person_is_printed_the_last_one_written(camille: Member) -> None:
    states(camille, Section.CONTACTS, name="Yves Martin", role="trusted", phone="06 99 07 08 09")
    people = section_of(printed(camille), "Personne de confiance, personnes", "Directives anticipées et volontés")
    assert "Yves Martin Personne de confiance, 06 99 07 08 09" in people and "Rose Martin" not in people
    assert "Léo Duval" in people and "et 1 autre, dans l’espace" in people


def test_how_serious_an_allergy_is_is_english_in_english(camille: Member) -> None:
    browser = signed_in(camille)
    browser.cookies["django_language"] = "en"
    page = plain(browser.get(PAGE))
    assert "Arachide severe (stated)" in page and "grave" not in page
