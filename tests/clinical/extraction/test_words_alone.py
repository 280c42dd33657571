"""What its author wrote without a code is kept in these words; what says nothing stays nothing."""

import pytest

from clinical.extraction.entries_made import (
    ATC,
    CISIS,
    ICD_10,
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
    unread,
    value,
)
from espace.clinical.facts import Detail, Fact, Kind, Unread
from espace.wire.clinical_statements.values import Concept, Value
from espace.wire.xds import Coded

ALLERGIES, PROBLEMS, LIFESTYLE, VACCINES = "48765-2", "11450-4", "29762-2", "11369-6"
NARRATIVE = '<content ID="r1">Urticaire géante</content><content ID="r2"> </content><content ID="">Œdème</content>'
SEVERE = linked(
    "SUBJ", observation(coded("code", "SEV", LOINC), value("24484000", SNOMED, "sévère"), template=PCC + "1")
)
DRUG_ALLERGY = coded("code", "416098002", SNOMED, "allergie médicamenteuse")
SYMPTOM = coded("code", "418799008", SNOMED, "symptôme")
HIVES = Concept(words="Urticaire géante")
NOTHING = (
    *("Non renseigné", "NON RENSEIGNÉE", "non renseigné(e)", "Non précisé", "non précisée.", "Inconnu", "inconnue"),
    *("Sans objet", "« Sans objet »", "Non applicable", "Aucun", "aucune", "Néant", "neant", "-", "?", "Unknown"),
)


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
        reaction(SYMPTOM, words("Urticaire"), negated=True),
        reaction(SYMPTOM, value("126485001", SNOMED, "urticaire"), negated=True),
        reaction(SYMPTOM, '<text><reference value="#r1"/></text>', '<value xsi:type="BL" value="false"/>'),
        reaction(SYMPTOM, "<text>Urticaire</text>", words("non")),
        reaction(SYMPTOM, "<text>Réaction : sans objet</text>", words("Sans objet")),
        reaction(SYMPTOM, words("Inconnue")),
        reaction(SYMPTOM, words("Aucune réaction connue")),
        reaction("<code><originalText>Absence d’urticaire</originalText></code>"),
        reaction(SYMPTOM, words("Urticaire"), SEVERE, negated=True),
        words("Aucune"),
        words("Inconnue", null="OTH"),
        words("Non renseigné(e)."),
        words("?"),
        '<value xsi:type="CD" nullFlavor="UNK" displayName="Urticaire"/>',
    ],
)
def test_what_says_nothing_of_a_reaction_is_none(said: str) -> None:
    assert codes(allergy(said)) == {Detail.CATEGORY: ["416098002"]}


def test_a_reaction_that_its_code_names_keeps_it() -> None:
    hives = coded("code", "126485001", SNOMED, "urticaire")
    assert codes(allergy(reaction(hives)))[Detail.REACTION] == ["126485001"]


@pytest.mark.parametrize(
    "said",
    [
        "Allergie aux pénicillines",
        "Allergie à la penicilline V",
        "Intolérance digestive",
        "Hypersensibilité immédiate",
        "Effet indésirable : nausées",
        "Urticaire après penicilline",
        "Absence d’allergie",
        "Pas de réaction",
        "Aucune réaction à ce jour",
    ],
)
def test_a_sentence_on_the_allergy_is_no_reaction_and_is_kept_as_one(said: str) -> None:
    found = allergy(words(said))
    assert codes(found) == {Detail.CATEGORY: ["416098002"]}
    assert (found.comment, found.what.code, found.absent) == (said, "J01C", False)


@pytest.mark.parametrize(
    "said",
    [
        "Réaction allergique sévère",
        "Choc, intolérance alléguée",
        "Allergodermie",
        "Urticaire sous pénicillinase",
        "Pas de choc, urticaire géante",
        "Aucun signe hormis une urticaire",
        "Pas de choc mais urticaire",
        "Absence épileptique",
        "Aucunement bénin",
        "Origine inconnue",
    ],
)
def test_what_only_looks_like_one_is_a_reaction(said: str) -> None:
    described, happened = allergy(words(said)), allergy(reaction(SYMPTOM, words(said)))
    assert described.details[Detail.REACTION] == happened.details[Detail.REACTION] == (Concept(words=said),)
    assert described.comment == ""


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


@pytest.mark.parametrize("link", ["MFST", "CAUS"])
@pytest.mark.parametrize(("section", "code", "template"), [("10160-0", "DRUG", "7"), (VACCINES, "IMMUNIZ", "12")])
def test_the_reaction_to_a_medicine_or_to_a_vaccine_may_be_words(
    section: str, code: str, template: str, link: str
) -> None:
    def taken(*inside: str, negated: bool = False) -> Fact:
        made = product("3400935186607", "1.2.250.1.213.2.3.2", "Produit")
        happened = linked(link, observation(*inside, template=PCC + "5", negated=negated))
        return only(section, medicine(happened, made=made, code=code, template=PCC + template), NARRATIVE)

    assert taken(SYMPTOM, reference("#r1")).details[Detail.REACTION] == (HIVES,)
    fever = value("386661006", SNOMED, "fièvre")
    assert codes(taken(SYMPTOM, fever))[Detail.REACTION] == ["386661006"]
    assert Detail.REACTION not in taken(SYMPTOM, fever, negated=True).details
    assert Detail.REACTION not in taken(SYMPTOM, reference("#r1"), negated=True).details
    assert Detail.REACTION not in taken(SYMPTOM, "<text>Fièvre</text>", words("non")).details


def test_a_severity_that_is_denied_is_none() -> None:
    def severity(*, negated: bool = False, answer: str = "") -> str:
        said = value("24484000", SNOMED, "sévère")
        held = observation(coded("code", "SEV", LOINC), answer, said, template=PCC + "1", negated=negated)
        return linked("SUBJ", held)

    for denied in (severity(negated=True), severity(answer='<value xsi:type="BL" value="false"/>')):
        assert Detail.SEVERITY not in allergy(denied).details
        found = allergy(reaction(SYMPTOM, words("Urticaire"), denied))
        assert found.details[Detail.REACTION] == (Concept(words="Urticaire"),)
        assert Detail.SEVERITY not in found.details
        problem = observation(SYMPTOM, value("J45", ICD_10, "Asthme"), denied, template=PCC + "5")
        assert Detail.SEVERITY not in only(PROBLEMS, problem).details
    assert codes(allergy(severity()))[Detail.SEVERITY] == ["24484000"]
    assert codes(allergy(reaction(SYMPTOM, words("Urticaire"), severity())))[Detail.SEVERITY] == ["24484000"]


def test_a_problem_and_its_side_may_be_words() -> None:
    def problem(side: str) -> Fact:
        site = coded("targetSiteCode", "72696002", SNOMED, "genou", f"<qualifier>{side}</qualifier>")
        return only(PROBLEMS, observation(SYMPTOM, words("Gonalgie", null="OTH"), site, template=PCC + "5"))

    left, nowhere = problem("<value><originalText>gauche</originalText></value>"), problem('<value nullFlavor="UNK"/>')
    assert (left.what, left.details[Detail.LATERALITY]) == (Concept(words="Gonalgie"), (Concept(words="gauche"),))
    assert Detail.LATERALITY not in nowhere.details
    for unsaid in ('<value nullFlavor="UNK" displayName="Inconnu"/>', "<value><originalText>?</originalText></value>"):
        assert Detail.LATERALITY not in problem(unsaid).details
    for said in NOTHING:
        assert Detail.LATERALITY not in problem(f"<value><originalText>{said}</originalText></value>").details
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


@pytest.mark.parametrize(
    "said",
    [
        *map(words, NOTHING),
        words("Sans objet", null="OTH"),
        '<value xsi:type="ST">Non renseigné</value>',
        '<value xsi:type="CD" nullFlavor="UNK" displayName="Inconnu"/>',
        '<value xsi:type="CD" nullFlavor="NI"><translation nullFlavor="UNK" displayName="Non renseigné"/></value>',
        "<text>Néant</text>",
        "<text>Antécédents : sans objet</text>" + words("Sans objet"),
    ],
)
def test_what_is_not_known_is_no_disease_and_no_allergy(said: str) -> None:
    assert unread(PROBLEMS, observation(SYMPTOM, said, template=PCC + "5")) == []
    assert unread(ALLERGIES, observation(DRUG_ALLERGY, said, template=PCC + "6")) == []
    assert unread("10157-6", observation(SYMPTOM, said, template=PCC + "13.3")) == []


@pytest.mark.parametrize(
    "said", ["Pas d’allergie au latex", "Absence de règles", "Néant vertébral", "Cause inconnue", "Sans objet précis"]
)
def test_a_sentence_that_holds_such_a_word_is_kept(said: str) -> None:
    for section, of_kind, template in ((PROBLEMS, SYMPTOM, "5"), (ALLERGIES, DRUG_ALLERGY, "6")):
        found = only(section, observation(of_kind, words(said), template=PCC + template))
        assert (found.what, found.kind) == (
            Concept(words=said),
            Kind.PROBLEM if section == PROBLEMS else Kind.ALLERGY,
        )


@pytest.mark.parametrize("name", NOTHING)
def test_what_is_not_known_is_no_agent_no_medicine_and_no_act(name: str) -> None:
    entity = f'<playingEntity classCode="MMAT"><name>{name}</name></playingEntity>'
    agent = f'<participant typeCode="CSM"><participantRole classCode="MANU">{entity}</participantRole></participant>'
    assert unread(ALLERGIES, observation(DRUG_ALLERGY, agent, template=PCC + "6")) == []
    told = observation(DRUG_ALLERGY, agent, reaction(SYMPTOM, words("Choc")), template=PCC + "6")
    assert unread(ALLERGIES, told) == [Unread.NO_CODE]
    material = f"<manufacturedMaterial><name>{name}</name></manufacturedMaterial>"
    made = f"<manufacturedProduct>{material}</manufacturedProduct>"
    assert unread("10160-0", medicine(made=made)) == [Unread.NO_CODE]
    code = f"<code><originalText>{name}</originalText></code>"
    assert unread("47519-4", f'<procedure classCode="PROC" moodCode="EVN">{code}</procedure>') == []


def test_a_code_beside_such_words_still_names() -> None:
    named = value("J45", ICD_10, "Asthme", "<originalText>Non précisé</originalText>")
    assert only(PROBLEMS, observation(SYMPTOM, named, template=PCC + "5")).what.code == "J45"


def test_nothing_is_a_whole_answer_to_a_question() -> None:
    tobacco = coded("code", "72166-2", LOINC, "Tabac")
    answered = only(LIFESTYLE, observation(tobacco, '<value xsi:type="ST">Aucun</value>', template=PCC + "13.4"))
    assert answered.value == Value(words="Aucun")
