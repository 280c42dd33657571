"""What its author wrote without a code is kept in these words; what says nothing stays nothing."""

import pytest

from clinical.extraction.entries_made import (
    ATC,
    CISIS,
    LOINC,
    PCC,
    SNOMED,
    attribute,
    coded,
    codes,
    linked,
    medicine,
    observation,
    only,
    product,
    value,
)
from espace.clinical.facts import Detail, Fact
from espace.wire.clinical_statements.values import Concept, Value
from espace.wire.xds import Coded

ALLERGIES, PROBLEMS, LIFESTYLE, VACCINES = "48765-2", "11450-4", "29762-2", "11369-6"
NARRATIVE = '<content ID="r1">Urticaire géante</content><content ID="r2"> </content><content ID="">Œdème</content>'
DRUG_ALLERGY = coded("code", "416098002", SNOMED, "allergie médicamenteuse")
SYMPTOM = coded("code", "418799008", SNOMED, "symptôme")
HIVES = Concept(words="Urticaire géante")


def words(said: str, *, kind: str = "CD", null: str = "") -> str:
    flavor = f' nullFlavor="{null}"' if null else ""
    return f'<value xsi:type="{kind}"{flavor}><originalText>{said}</originalText></value>'


def reference(name: str, **others: str) -> str:
    return words(f'<reference value="{name}"/>', **others)


def allergy(*inside: str) -> Fact:
    code = coded("code", "J01C", ATC, "Pénicillines", "<originalText>PENICILLINE</originalText>")
    entity = f'<playingEntity classCode="MMAT">{code}</playingEntity>'
    agent = f'<participant typeCode="CSM"><participantRole classCode="MANU">{entity}</participantRole></participant>'
    return only(ALLERGIES, observation(DRUG_ALLERGY, *inside, agent, template=PCC + "6"), NARRATIVE)


def reaction(*inside: str, negated: bool = False) -> str:
    return linked("MFST", observation(*inside, template=PCC + "5", negated=negated))


@pytest.mark.parametrize(
    "said",
    [
        words("Urticaire géante"),
        words("Urticaire géante", null="OTH"),
        reference("#r1"),
        reference("r1", kind="CE"),
        '<value xsi:type="ST">Urticaire géante</value>',
        reaction(SYMPTOM, words("Urticaire géante")),
        reaction(SYMPTOM, reference("#r1", null="NAV")),
        reaction(SYMPTOM, '<text><reference value="#r1"/></text>', '<value xsi:type="CD" nullFlavor="UNK"/>'),
        reaction("<code><originalText>Urticaire géante</originalText></code>"),
        reaction('<code nullFlavor="OTH"><originalText><reference value="#r1"/></originalText></code>'),
        reaction("<code><originalText>Urticaire géante</originalText></code>", '<value xsi:type="BL" value="true"/>'),
    ],
)
def test_the_reaction_of_an_allergy_stands_in_words(said: str) -> None:
    assert allergy(said).details[Detail.REACTION] == (HIVES,)


@pytest.mark.parametrize(
    "said",
    [
        words(""),
        words(" \u00a0\u202f"),
        words("-"),
        words("", null="UNK"),
        '<value xsi:type="CD" nullFlavor="UNK"/>',
        '<value xsi:type="CD"/>',
        reference("#"),
        reference("#nowhere"),
        reference("#r2"),
        words("Pénicillines"),
        words("pénicilline"),
        words("Allergie Médicamenteuse"),
        reaction(SYMPTOM, words("")),
        reaction(SYMPTOM, '<value xsi:type="CD" nullFlavor="UNK"/>'),
        reaction(SYMPTOM, '<text><reference value="#nowhere"/></text>'),
        reaction(coded("code", "ASSERTION", "2.16.840.1.113883.5.4")),
        reaction('<code nullFlavor="UNK"/>'),
        reaction("<code><originalText>-</originalText></code>"),
        reaction("<code><originalText>Urticaire</originalText></code>", '<value xsi:type="BL" value="false"/>'),
        reaction("<code><originalText>Urticaire</originalText></code>", words("non")),
        reaction("<code><originalText>Urticaire</originalText></code>", words("-")),
        reaction("<code><originalText>Urticaire</originalText></code>", '<value xsi:type="CD" nullFlavor="UNK"/>'),
        reaction("<code><originalText>Urticaire</originalText></code>", negated=True),
    ],
)
def test_what_says_nothing_of_a_reaction_is_none(said: str) -> None:
    assert codes(allergy(said)) == {Detail.CATEGORY: ["416098002"]}


def test_a_reaction_that_its_code_names_keeps_it() -> None:
    hives = coded("code", "126485001", SNOMED, "urticaire")
    assert codes(allergy(reaction(hives)))[Detail.REACTION] == ["126485001"]


@pytest.mark.parametrize("said", ["Allergie", "INTOLÉRANCE", "Hypersensibilité"])
def test_a_type_that_is_written_is_no_reaction(said: str) -> None:
    assert codes(allergy(words(said))) == {Detail.CATEGORY: ["416098002", said]}


@pytest.mark.parametrize(
    ("code", "template", "detail"),
    [
        ("SEV", PCC + "1", Detail.SEVERITY),
        ("82606-5", CISIS + "172", Detail.CRITICALITY),
        ("66455-7", CISIS + "171", Detail.CERTAINTY),
        ("33999-4", PCC + "1.1", Detail.CLINICAL_STATUS),
        ("11323-3", PCC + "1.2", Detail.OUTCOME),
    ],
)
def test_so_does_all_that_is_said_of_it(code: str, template: str, detail: Detail) -> None:
    def said(inside: str) -> str:
        return linked("SUBJ", observation(coded("code", code, LOINC), inside, template=template))

    assert allergy(said(words("à surveiller"))).details[detail] == (Concept(words="à surveiller"),)
    assert allergy(said(reference("#r1", null="OTH"))).details[detail] == (HIVES,)
    for nothing in (words(""), reference("#nowhere"), '<value xsi:type="CD" nullFlavor="UNK"/>'):
        assert detail not in allergy(said(nothing)).details


def test_how_bad_a_reaction_was_may_be_words() -> None:
    severe = linked("SUBJ", observation(coded("code", "SEV", LOINC), words("très forte"), template=PCC + "1"))
    found = allergy(reaction(SYMPTOM, words("Urticaire"), severe))
    assert found.details[Detail.REACTION] == (Concept(words="Urticaire", qualifiers=(Coded("", "", "très forte"),)),)
    assert found.details[Detail.SEVERITY] == (Concept(words="très forte"),)
    coded_so = allergy(reaction(SYMPTOM, words("Urticaire"), attribute("SEV", "24484000", name="sévère")))
    assert coded_so.details[Detail.REACTION][0].qualifiers == (Coded("24484000", SNOMED, "sévère"),)


def test_the_reaction_to_a_medicine_or_to_a_vaccine_may_be_words() -> None:
    for section, code in (("10160-0", "DRUG"), (VACCINES, "IMMUNIZ")):
        made = product("3400935186607", "1.2.250.1.213.2.3.2", "Produit")
        template = PCC + ("12" if section == VACCINES else "7")
        said = medicine(reaction(SYMPTOM, reference("#r1")), made=made, code=code, template=template)
        assert only(section, said, NARRATIVE).details[Detail.REACTION] == (HIVES,)


def test_a_problem_and_its_side_may_be_words() -> None:
    def problem(side: str) -> Fact:
        site = coded("targetSiteCode", "72696002", SNOMED, "genou", f"<qualifier>{side}</qualifier>")
        return only(PROBLEMS, observation(SYMPTOM, words("Gonalgie", null="OTH"), site, template=PCC + "5"))

    left, nowhere = problem("<value><originalText>gauche</originalText></value>"), problem('<value nullFlavor="UNK"/>')
    assert (left.what, left.details[Detail.LATERALITY]) == (Concept(words="Gonalgie"), (Concept(words="gauche"),))
    assert Detail.LATERALITY not in nowhere.details
    assert codes(problem(coded("value", "7771000", SNOMED)))[Detail.LATERALITY] == ["7771000"]


@pytest.mark.parametrize("typed", [' xsi:type="CD"', ' xsi:type="CE" nullFlavor="OTH"', ""])
def test_an_answer_on_habits_may_be_words(typed: str) -> None:
    tobacco = coded("code", "72166-2", LOINC, "Tabac")
    said = f'<value{typed}><originalText><reference value="#r1"/></originalText></value>'
    found = only(LIFESTYLE, observation(tobacco, said, template=PCC + "13.4"), NARRATIVE)
    assert found.value == Value(concept=HIVES)
    assert only(LIFESTYLE, observation(tobacco, value("8517006", SNOMED, "Ancien fumeur"))).value == Value(
        concept=Concept("8517006", SNOMED, "Ancien fumeur")
    )
