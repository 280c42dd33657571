"""Problems: what somebody has or had, what was ruled out, and what is a relative's."""

import pytest

from clinical.extraction.entries_made import (
    C_CDA,
    CISIS,
    ICD_10,
    NATIONAL,
    PCC,
    SNOMED,
    attribute,
    coded,
    codes,
    comment,
    concern,
    during,
    extracted,
    linked,
    observation,
    only,
    section,
    status,
    templates,
    unread,
    value,
)
from espace.clinical.facts import Detail, Kind, Place, State, Unread
from espace.wire.clinical_statements.values import Concept, When

ACTIVE, HISTORY, FAMILY, OBSERVED = "11450-4", "11348-0", "10157-6", "42545-4"
NO, AGE = '<value xsi:type="BL" value="false"/>', '<value xsi:type="PQ" value="57" unit="a"/>'
YES = '<value xsi:type="BL" value="true"/>'
DIABETES = coded("code", "73211009", SNOMED)
LEFT = f"<qualifier>{coded('value', '7771000', SNOMED)}</qualifier>"
DIAGNOSIS = coded("code", "282291009", SNOMED, "interprétation diagnostique")
ASTHMA = value("J45.9", ICD_10, "Asthme, sans précision")


def problem(*inside: str, negated: bool = False, concerned: str = "") -> str:
    said = observation(DIAGNOSIS, *inside, template=PCC + "5", negated=negated)
    return concern(PCC + "5.2", concerned, said) if concerned else said


def test_a_problem_says_what_it_is_where_it_stands_and_how_it_goes() -> None:
    narrative = '<content ID="pb-1">Asthme de l’enfant</content>'
    words = '<originalText><reference value="#pb-1"/></originalText>'
    entry = problem(
        '<text><reference value="#pb-1"/></text>',
        during("201903"),
        value("J45.9", ICD_10, "Asthme, sans précision", words),
        coded(
            "targetSiteCode",
            "39607008",
            SNOMED,
            "poumon",
            f"<qualifier>{coded('value', '7771000', SNOMED)}</qualifier>",
        ),
        status("active"),
        attribute("SEV", "6736007", template=PCC + "1"),
        attribute("66455-7", "confirmed"),
        attribute("11323-3", "27624003"),
        linked("COMP", observation(coded("code", "MED-574", NATIONAL), YES)),
        comment("Bien équilibré"),
        concerned="active",
    )
    found = only(ACTIVE, entry, narrative)
    assert found.what == Concept("J45.9", ICD_10, "Asthme, sans précision", "Asthme de l’enfant")
    assert (found.kind, found.state, found.when) == (Kind.PROBLEM, State.ACTIVE, When("2019-03", ""))
    assert (found.absent, found.comment) == (False, "Bien équilibré")
    assert found.place == Place(ACTIVE, "Section", "cda-n-pb-1", 1)
    assert codes(found) == {
        Detail.CATEGORY: ["282291009"],
        Detail.SEVERITY: ["6736007"],
        Detail.CERTAINTY: ["confirmed"],
        Detail.CLINICAL_STATUS: ["active"],
        Detail.OUTCOME: ["27624003"],
        Detail.LONG_TERM: ["MED-574"],
        Detail.SITE: ["39607008"],
        Detail.LATERALITY: ["7771000"],
    }


@pytest.mark.parametrize(
    ("code", "entry", "state"),
    [
        (ACTIVE, problem(ASTHMA), State.ACTIVE),
        (HISTORY, problem(ASTHMA), State.OVER),
        (OBSERVED, problem(ASTHMA), State.UNKNOWN),
        (OBSERVED, problem(ASTHMA, concerned="active"), State.ACTIVE),
        (OBSERVED, problem(ASTHMA, concerned="suspended"), State.STOPPED),
        (ACTIVE, problem(ASTHMA, concerned="completed"), State.ACTIVE),
        (HISTORY, problem(ASTHMA, concerned="active"), State.UNKNOWN),
        (ACTIVE, problem(during("2018", "2019"), ASTHMA), State.OVER),
        (ACTIVE, problem(during("201801011000", "201801011100"), ASTHMA), State.ACTIVE),
        (ACTIVE, problem(during("2018", "2019"), ASTHMA, status("active")), State.ACTIVE),
        (HISTORY, problem(ASTHMA, status("55561003")), State.ACTIVE),
        (ACTIVE, problem(ASTHMA, status("remission")), State.OVER),
        (ACTIVE, problem(ASTHMA, status("something-else")), State.ACTIVE),
    ],
)
def test_whether_it_still_holds(code: str, entry: str, state: State) -> None:
    assert only(code, entry).state is state


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        (problem(ASTHMA, negated=True), "J45.9"),
        (problem(ASTHMA, attribute("66455-7", "refuted")), "J45.9"),
        (problem(value("no-known-problems", "2.16.840.1.113883.5.1150.1")), "no-known-problems"),
        (observation(coded("code", "160245001", SNOMED), template=PCC + "5"), "160245001"),
        (
            observation(DIABETES, NO, template=PCC + "5"),
            "73211009",
        ),
    ],
)
def test_what_is_said_not_to_be_there_holds_in_no_state(entry: str, what: str) -> None:
    found = only(ACTIVE, entry)
    assert (found.what.code, found.absent, found.state) == (what, True, State.UNKNOWN)


def test_yes_to_a_disease_that_the_code_names() -> None:
    entry = observation(DIABETES, YES, template=PCC + "5")
    found = only(ACTIVE, entry)
    assert (found.what.code, found.absent, found.details) == ("73211009", False, {})


def test_the_words_of_the_author_where_nothing_is_coded() -> None:
    said = '<value xsi:type="CD"><originalText>Douleur du genou</originalText></value>'
    assert only(ACTIVE, problem(said)).what == Concept(words="Douleur du genou")
    assert only(ACTIVE, problem("<text>Entorse</text>", '<value xsi:type="CD"/>')).what == Concept(words="Entorse")


@pytest.mark.parametrize(
    "entry",
    [
        problem('<value xsi:type="CD" nullFlavor="UNK"/>'),
        problem('<value xsi:type="ST">-</value>'),
        problem(value("no-problem-info", "2.16.840.1.113883.5.1150.1")),
        problem('<statusCode code="nullified"/>', ASTHMA),
    ],
)
def test_what_says_nothing_is_no_fact(entry: str) -> None:
    found = extracted(section(ACTIVE, entry))
    assert (found.facts, found.unread) == ((), ())


def test_an_amount_is_no_disease() -> None:
    assert unread(ACTIVE, problem(AGE)) == [Unread.UNKNOWN_SHAPE]


@pytest.mark.parametrize("bad", ["20230230", "2023-13-01", "<script>", "99999999"])
def test_a_date_that_does_not_exist_leaves_the_problem(bad: str) -> None:
    found = only(ACTIVE, problem(during(bad.replace("<", "&lt;")), ASTHMA))
    assert (found.what.code, found.when) == ("J45.9", When())


def test_the_code_and_the_words_that_disagree_are_both_kept() -> None:
    said = value("513", "1.2.250.1.213.2.80", "Leucémie", "<originalText>Acromégalie</originalText>")
    found = only(ACTIVE, problem(said))
    assert (found.what.display, found.what.words) == ("Leucémie", "Acromégalie")


def test_a_code_without_a_name_keeps_the_words_of_its_paragraph() -> None:
    found = only(ACTIVE, problem("<text>Asthme</text>", f'<value xsi:type="CD" code="J45" codeSystem="{ICD_10}"/>'))
    assert found.what == Concept("J45", ICD_10, "", "Asthme")


def test_a_reaction_is_no_problem() -> None:
    """The same template, hung by MFST from an allergy or by CAUS from a vaccine."""
    inside = problem(ASTHMA, linked("CAUS", problem(value("R50.2", ICD_10, "Fièvre"))))
    assert [each.what.code for each in extracted(section(ACTIVE, inside)).facts] == ["J45.9"]


def test_problems_of_another_country() -> None:
    """C-CDA R2.1: concern, problem, an age at onset without template that is no problem, no known problems."""
    onset = observation(coded("code", "445518008", SNOMED), AGE)
    entry = concern(C_CDA + "3", "active", observation(DIAGNOSIS, ASTHMA, linked("SUBJ", onset), template=C_CDA + "4"))
    none = concern(
        C_CDA + "3",
        "active",
        observation(DIAGNOSIS, value("55607006", SNOMED, "Problem"), template=C_CDA + "4", negated=True),
    )
    found = extracted(section(ACTIVE, entry, none))
    assert [(each.what.code, each.absent) for each in found.facts] == [("J45.9", False), ("160245001", True)]
    assert found.facts[0].details[Detail.ONSET] == (Concept(words="57 a"),)
    assert found.unread == ()


# Relatives.


def organizer(code: str, *observations: str) -> str:
    relation = coded("code", code, "2.16.840.1.113883.5.111", "Mère")
    subject = f'<subject><relatedSubject classCode="PRS">{relation}</relatedSubject></subject>'
    held = "".join(f"<component>{each}</component>" for each in observations)
    return f'<organizer classCode="CLUSTER" moodCode="EVN"><templateId root="{PCC}15"/>{subject}{held}</organizer>'


def of_family(*inside: str, negated: bool = False) -> str:
    return observation(DIAGNOSIS, *inside, template=PCC + "13.3", negated=negated)


def test_what_a_relative_has_is_the_familys() -> None:
    found = only(FAMILY, organizer("MTH", of_family(ASTHMA, attribute("SEV", "24484000", template=PCC + "1"))))
    assert (found.kind, found.what.code, found.absent) == (Kind.FAMILY, "J45.9", False)
    assert codes(found) == {
        Detail.RELATIVE: ["MTH"],
        Detail.CATEGORY: ["282291009"],
        Detail.SEVERITY: ["24484000"],
    }


@pytest.mark.parametrize(
    ("entry", "what", "absent"),
    [
        (of_family(ASTHMA, negated=True), "J45.9", True),
        (observation(DIABETES, NO), "73211009", True),
        (observation(DIABETES, YES), "73211009", False),
        (of_family("<text>Goutte</text>"), "", False),
        (observation(DIAGNOSIS, ASTHMA, template=CISIS + "51"), "J45.9", False),
        (observation(templates(PCC + "5"), DIAGNOSIS, ASTHMA, template=PCC + "13.3"), "J45.9", False),
        (observation(DIAGNOSIS, ASTHMA, template=C_CDA + "46"), "J45.9", False),
    ],
)
def test_family_near_misses(entry: str, what: str, absent: bool) -> None:
    found = only(FAMILY, organizer("FTH", entry))
    assert (found.kind, found.what.code, found.absent) == (Kind.FAMILY, what, absent)


def test_family_that_says_nothing_or_something_else() -> None:
    nothing = extracted(section(FAMILY, organizer("FTH", of_family(), of_family('<value xsi:type="ST">-</value>'))))
    unknown = extracted(section(FAMILY, organizer("FTH", of_family(value("407559004", SNOMED)))))
    assert (nothing.facts, nothing.unread, unknown.facts, unknown.unread) == ((), (), (), ())
    assert unread(FAMILY, of_family(AGE)) == [Unread.UNKNOWN_SHAPE]
    age = observation(coded("code", "445518008", SNOMED), AGE)
    found = extracted(section(FAMILY, observation(DIAGNOSIS, ASTHMA, linked("SUBJ", age))))
    assert [each.what.code for each in found.facts] == ["J45.9"]
    assert found.facts[0].details[Detail.ONSET] == (Concept(words="57 a"),)
    assert found.unread == ()


def test_a_problem_of_a_relative_is_no_problem_of_the_patient() -> None:
    found = only(ACTIVE, organizer("MTH", problem(ASTHMA)))
    assert (found.kind, codes(found)[Detail.RELATIVE]) == (Kind.FAMILY, ["MTH"])


def test_a_section_names_itself() -> None:
    assert only(ACTIVE, problem(ASTHMA)).place == Place(ACTIVE, "Section", "cda-s-1", 0)
