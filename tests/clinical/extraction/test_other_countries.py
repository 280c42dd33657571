"""Documents of other countries, and models that nobody has shown us: read by what their entries are.

The sections are of our own writing, in the shapes of C-CDA R2.1, CCD, eHDSI, and the guides of Switzerland, Austria and
Italy.
"""

import pytest

from clinical.extraction.entries_made import (
    ATC,
    C_CDA,
    LOINC,
    PCC,
    SNOMED,
    attribute,
    coded,
    codes,
    during,
    extracted,
    linked,
    medicine,
    observation,
    only,
    product,
    section,
    templates,
    value,
)
from espace.clinical.facts import Detail, Kind, State
from espace.wire.clinical_statements.values import Concept, Interval, Quantity, Value
from espace.wire.xds import Coded

ALLERGIES, PROBLEMS, TAKEN, LIFE, RESULTS, MEASURES = "48765-2", "11450-4", "10160-0", "29762-2", "30954-2", "8716-3"
ACT_CODE = "2.16.840.1.113883.5.4"
CCD = "2.16.840.1.113883.10.20.1."
ASSERTION = coded("code", "ASSERTION", ACT_CODE)
METFORMIN = product("860975", "2.16.840.1.113883.6.88", "Metformin 500 MG")


def agent(code: str = "", name: str = "") -> str:
    what = coded("code", code, SNOMED, name) if code else '<code nullFlavor="NA"/>'
    held = f'<playingEntity classCode="MMAT">{what}</playingEntity>'
    return f'<participant typeCode="CSM"><participantRole classCode="MANU">{held}</participantRole></participant>'


def done(tag: str, *inside: str) -> str:
    return f'<{tag} moodCode="EVN">{"".join(inside)}</{tag}>'


def amount(number: str, unit: str) -> str:
    return f'<value xsi:type="PQ" value="{number}" unit="{unit}"/>'


def times(*inside: str) -> str:
    return "".join(
        f'<effectiveTime xsi:type="{each.partition(" ")[0]}" operator="A">{each.partition(" ")[2]}</effectiveTime>'
        for each in inside
    )


@pytest.mark.parametrize(
    ("sort", "code", "words"),
    [
        ("419199007", "716186003", "Aucune allergie connue"),
        ("416098002", "409137002", "Aucune allergie médicamenteuse connue"),
        ("414285001", "429625007", "Aucune allergie alimentaire connue"),
        ("426232007", "428607008", "Aucune allergie environnementale connue"),
    ],
)
def test_a_sort_of_allergies_that_is_denied_is_no_known_allergy(sort: str, code: str, words: str) -> None:
    found = only(ALLERGIES, observation(ASSERTION, value(sort, SNOMED), agent(), template=C_CDA + "7", negated=True))
    assert (found.what, found.absent) == (Concept(code, SNOMED, words), True)
    peanut = observation(ASSERTION, value(sort, SNOMED), agent("256349002"), template=C_CDA + "7", negated=True)
    assert only(ALLERGIES, peanut).what.code == "256349002"


def test_how_bad_each_reaction_was_stays_with_it() -> None:
    def reaction(code: str, degree: str) -> str:
        severity = linked(
            "SUBJ", observation(coded("code", "SEV", ACT_CODE), value(degree, SNOMED), template=C_CDA + "8")
        )
        return linked("MFST", observation(ASSERTION, value(code, SNOMED), severity, template=C_CDA + "9"))

    entry = observation(
        ASSERTION,
        value("414285001", SNOMED),
        agent("256349002", "Peanut"),
        reaction("39579001", "24484000"),
        reaction("247472004", "255604002"),
        template=C_CDA + "7",
    )
    found = only(ALLERGIES, entry)
    assert [(each.code, each.qualifiers) for each in found.details[Detail.REACTION]] == [
        ("39579001", (Coded("24484000", SNOMED),)),
        ("247472004", (Coded("255604002", SNOMED),)),
    ]
    assert codes(found)[Detail.CATEGORY] == ["414285001"]


def test_the_sort_of_an_allergy_in_hl7_s_own_code_is_no_reaction() -> None:
    found = only(ALLERGIES, observation(coded("code", "52473-6", LOINC), value("FALG", ACT_CODE), agent("256349002")))
    assert codes(found) == {Detail.CATEGORY: ["52473-6", "FALG"]}


@pytest.mark.parametrize(("mood", "kind"), [("EVN", Kind.TREATMENT), ("INT", Kind.PRESCRIPTION)])
def test_every_four_to_six_hours_if_it_hurts_in_units_of_the_pharmacist(mood: str, kind: Kind) -> None:
    said = (
        during("20120806")
        + times('PIVL_TS <period xsi:type="IVL_PQ"><low value="4" unit="h"/><high value="6" unit="h"/></period>')
        + '<doseQuantity value="1"/><rateQuantity value="90" unit="mL/min"/>'
        + coded("administrationUnitCode", "C48501", "2.16.840.1.113883.3.26.1.1", "Inhalation dosing unit")
    )
    asked = f"<criterion>{ASSERTION}{value('56018004', SNOMED, 'Wheezing')}</criterion>"
    condition = f'<precondition typeCode="PRCN">{asked}</precondition>'
    found = only(TAKEN, medicine(said, condition, made=METFORMIN, template=C_CDA + "16", mood=mood))
    puff, flow = Quantity("1", "Inhalation dosing unit"), Quantity("90", "mL/min")
    assert found.kind is kind
    assert found.dosage is not None
    assert (found.dosage.dose, found.dosage.rate) == (Interval(puff, puff), Interval(flow, flow))
    assert (found.dosage.every, found.dosage.every_most) == (Quantity("4", "h"), Quantity("6", "h"))
    assert (found.dosage.needed, found.dosage.needed_for) == (True, (Concept("56018004", SNOMED, "Wheezing"),))


@pytest.mark.parametrize(
    ("evening", "events", "dose", "words"),
    [("1", ("MORN", "EVE"), Interval(Quantity("1"), Quantity("1")), ""), ("2", (), None, "MORN\nEVE")],
)
def test_the_same_amount_at_several_moments_of_the_day_is_one_dosage(
    evening: str, events: tuple[str, ...], dose: Interval | None, words: str
) -> None:
    """Swiss medication plan: a step for each moment."""

    def step(event: str, number: str) -> str:
        said = times(f'EIVL_TS <event code="{event}"/>') + f'<doseQuantity value="{number}"/>'
        return linked("COMP", medicine(said, template=""))

    entry = medicine(during("20240101"), step("MORN", "1"), step("EVE", evening), made=METFORMIN, mood="INT")
    found = only("77604-7", entry)
    assert found.kind is Kind.TREATMENT
    assert found.dosage is not None
    assert (found.dosage.events, found.dosage.dose, found.dosage.words) == (events, dose, words)


def test_a_medicine_of_which_only_the_active_substance_is_told() -> None:
    """eHDSI: what another country delivers may have no name here."""
    active = f"<ingredient>{coded('code', 'C09AA05', ATC, 'ramipril')}</ingredient>"
    held = f'<code nullFlavor="UNK"/><ingredient classCode="ACTI">{active}</ingredient>'
    made = f"<manufacturedProduct><manufacturedMaterial>{held}</manufacturedMaterial></manufacturedProduct>"
    found = only(TAKEN, medicine(made=made))
    assert (found.what, codes(found)) == (Concept(words="ramipril"), {Detail.SUBSTANCE: ["C09AA05"]})


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<translation value="11.5"><originalText>x10e3/uL</originalText></translation>', Quantity("11.5", "x10e3/uL")),
        ('<translation value="11.5" code="10*3/uL"/>', Quantity("11.5", "10*3/uL")),
        ('<translation value="11.5"/>', Quantity("11.5")),
    ],
)
def test_an_amount_in_the_author_s_own_unit(inside: str, expected: Quantity) -> None:
    said = f'<value xsi:type="PQ" nullFlavor="OTH">{inside}</value>'
    found = only(RESULTS, observation(coded("code", "6690-2", LOINC), said, template=C_CDA + "2"))
    assert (found.kind, found.value) == (Kind.RESULT, Value(quantity=expected))


@pytest.mark.parametrize(
    ("template", "code", "kind", "question"),
    [
        ("2.16.840.1.113883.10.20.15.3.8", "77386006", Kind.PREGNANCY, "82810-3"),
        (C_CDA + "78", "8517006", Kind.LIFESTYLE, "72166-2"),
    ],
)
def test_an_assertion_is_the_answer_to_what_its_template_asks(
    template: str, code: str, kind: Kind, question: str
) -> None:
    found = only(LIFE, observation(ASSERTION, value(code, SNOMED), template=template))
    assert (found.kind, found.what.code, found.value) == (kind, question, Value(concept=Concept(code, SNOMED)))


def test_a_pregnancy_is_known_by_its_codes_wherever_it_is_told() -> None:
    found = extracted(
        section(
            LIFE,
            observation(coded("code", "11884-4", LOINC), amount("24", "wk"), template=C_CDA + "38"),
            observation(coded("code", "74013-4", LOINC), amount("2", "1"), template=C_CDA + "38"),
        )
    )
    assert [each.kind for each in found.facts] == [Kind.PREGNANCY, Kind.LIFESTYLE]


def test_what_is_told_beside_is_no_fact_of_its_own() -> None:
    """Who said it, when it was entered, how much it matters, the period of a section, who pays, who cares."""
    source = observation(coded("code", "48766-0", LOINC), '<value xsi:type="ST">M.D.</value>')
    dated = (
        f'<act classCode="ACT" moodCode="EVN"><templateId root="{C_CDA}502"/>{coded("code", "77975-1", LOINC)}</act>'
    )
    prefers = observation(coded("code", "225773000", SNOMED), value("394848005", SNOMED), template=C_CDA + "143")
    beside = "".join(linked("REFR", each) for each in (source, dated, prefers))
    asthma = observation(
        coded("code", "55607006", SNOMED), value("195967001", SNOMED, "Asthma"), beside, template=C_CDA + "4"
    )
    payer = f'<act classCode="ACT" moodCode="INT">{coded("code", "111", "2.16.840.1.113883.3.221.5")}</act>'
    covered = f'<act classCode="ACT" moodCode="INT"><templateId root="{C_CDA}129"/>{linked("COMP", payer)}</act>'
    period = observation(coded("code", "82607-3", LOINC), '<value xsi:type="IVL_TS"><low value="2020"/></value>')
    member = (
        f'<act classCode="PCPR" moodCode="EVN"><templateId root="{C_CDA}500.1"/>{coded("code", "86744-0", LOINC)}</act>'
    )
    found = extracted(section(PROBLEMS, asthma), section("85847-2", covered, period, member))
    assert ([each.what.code for each in found.facts], found.unread) == (["195967001"], ())


def test_a_relative_s_age_and_death_belong_to_the_disease() -> None:
    age = observation(coded("code", "397659008", SNOMED), '<value xsi:type="INT" value="57"/>', template=CCD + "38")
    dead = observation(ASSERTION, value("419099009", SNOMED, "Dead"), template=C_CDA + "47")
    entry = observation(
        ASSERTION, value("22298006", SNOMED), linked("SUBJ", age), linked("CAUS", dead), template=C_CDA + "46"
    )
    found = only("10157-6", entry)
    assert (found.kind, codes(found)) == (Kind.FAMILY, {Detail.ONSET: ["57"], Detail.OUTCOME: ["419099009"]})


def test_an_agent_without_a_code_has_its_name_and_a_vaccine_no_dosage_in_its_paragraph() -> None:
    """C32: « UNK » and « Coded Allergy Name Not Available » stand for every agent, which its name alone tells."""
    code = '<code nullFlavor="UNK" code="UNK"><originalText>Coded Name Not Available</originalText></code>'
    held = f'<playingEntity classCode="MMAT">{code}<name>LATEX</name></playingEntity>'
    latex = f'<participant typeCode="CSM"><participantRole classCode="MANU">{held}</participantRole></participant>'
    assert only(ALLERGIES, observation(ASSERTION, latex, template=PCC + "6")).what == Concept(words="LATEX")
    said = "<text>Fever the day after</text>"
    assert only("11369-6", medicine(said, made=METFORMIN, template=PCC + "12", code="IMMUNIZ")).dosage is None


@pytest.mark.parametrize(
    ("code", "kind"), [("ASSERTION", Kind.PROBLEM), ("64572001", Kind.PROBLEM), ("72107-6", Kind.EXAM)]
)
def test_what_is_asserted_among_diagnoses_is_one(code: str, kind: Kind) -> None:
    assert only("11535-2", observation(coded("code", code, ACT_CODE), value("J45", SNOMED))).kind is kind


def test_what_is_given_during_an_act_is_not_what_somebody_takes() -> None:
    """C-CDA: a sedative during an endoscopy, anaesthesia."""
    sedated = linked("COMP", medicine(made=METFORMIN, template=C_CDA + "16"))
    act = done("procedure", coded("code", "73761001", SNOMED), sedated)
    asleep = medicine(made=METFORMIN, template=C_CDA + "16")
    found = extracted(section("47519-4", act), section("59774-0", asleep)).facts
    assert [each.kind for each in found] == [Kind.PROCEDURE, Kind.ADMINISTRATION, Kind.ADMINISTRATION]


def test_of_several_authors_the_last_one_says_so() -> None:
    def author(name: str, at: str) -> str:
        person = f"<assignedPerson><name>{name}</name></assignedPerson>"
        return f'<author><time value="{at}"/><assignedAuthor><id root="1"/>{person}</assignedAuthor></author>'

    told = observation(
        coded("code", "55607006", SNOMED),
        value("195967001", SNOMED),
        author("First", "20200101"),
        author("Last", "20230101"),
        author("Second", "2022"),
        template=C_CDA + "4",
    )
    assert only(PROBLEMS, told).author == "Last"


def test_what_came_of_an_act_is_told_with_it() -> None:
    outcome = observation(ASSERTION, value("385669000", SNOMED, "Successful"), template=C_CDA + "2")
    act = done("procedure", coded("code", "73761001", SNOMED), linked("OUTC", outcome))
    assert codes(only("47519-4", act)) == {Detail.OUTCOME: ["385669000"]}


@pytest.mark.parametrize(
    ("code", "where", "kind"), [("8302-2", MEASURES, Kind.MEASURE), ("718-7", RESULTS, Kind.RESULT)]
)
def test_a_result_of_ccd_is_a_measure_among_vital_signs(code: str, where: str, kind: Kind) -> None:
    entry = observation(
        coded("code", code, LOINC), amount("13", "g/dL"), '<interpretationCode code="N"/>', template=CCD + "31"
    )
    assert only(where, entry).kind is kind


@pytest.mark.parametrize("template", ["1.2.250.1.213.1.1.3.999", "1.2.40.0.34.6.0.11.3.6", ""])
@pytest.mark.parametrize(
    ("where", "entry", "kind", "what"),
    [
        (
            "99999-9",
            observation(coded("code", "64572001", SNOMED), value("J45", "2.16"), template="{}"),
            Kind.PROBLEM,
            "J45",
        ),
        (
            "47420-5",
            observation(coded("code", "64572001", SNOMED), value("J45", "2.16"), template="{}"),
            Kind.EXAM,
            "64572001",
        ),
        ("99999-9", observation(coded("code", "MED-1", "2.1"), amount("3", "1"), template="{}"), Kind.EXAM, "MED-1"),
        ("99999-9", medicine(made=METFORMIN, template="{}"), Kind.TREATMENT, "860975"),
        ("99999-9", medicine(made=METFORMIN, template="{}", code="IMMUNIZ"), Kind.VACCINATION, "860975"),
        ("99999-9", medicine(made=METFORMIN, template="{}", code="IMMUNIZ", mood="INT"), Kind.ADVICE, "860975"),
        (
            "99999-9",
            done("procedure", templates("{}"), coded("code", "DDAF", "2.1")),
            Kind.PROCEDURE,
            "DDAF",
        ),
        (
            "99999-9",
            f'<act classCode="ACT" moodCode="INT"><templateId root="{{}}"/>{coded("code", "DDAF", "2.1")}</act>',
            Kind.PLAN,
            "DDAF",
        ),
    ],
)
def test_an_unknown_template_is_read_by_its_shape(template: str, where: str, entry: str, kind: Kind, what: str) -> None:
    found = only(where, entry.replace('<templateId root="{}"/>', f'<templateId root="{template}"/>'))
    assert (found.kind, found.what.code) == (kind, what)


def test_a_score_inside_a_problem_is_an_examination_under_its_name() -> None:
    score = observation(
        coded("code", "44249-1", LOINC, "PHQ-9"), '<value xsi:type="INT" value="18"/>', template=C_CDA + "69"
    )
    entry = observation(
        coded("code", "55607006", SNOMED),
        value("370143000", SNOMED, "Depression"),
        linked("COMP", score),
        template=C_CDA + "4",
    )
    problem, told = extracted(section(PROBLEMS, entry)).facts
    assert (problem.kind, told.kind, told.group, told.value) == (
        Kind.PROBLEM,
        Kind.EXAM,
        "Depression",
        Value(quantity=Quantity("18")),
    )


def test_a_reference_a_reason_or_a_comment_without_a_template_is_no_act() -> None:
    def act(code: str, system: str = SNOMED) -> str:
        return f'<act classCode="ACT" moodCode="EVN">{coded("code", code, system)}<text>-</text></act>'

    removed = done(
        "procedure", coded("code", "80146002", SNOMED), linked("RSON", act("85189001")), linked("REFR", act("1"))
    )
    told = medicine("", linked("COMP", act("G", "2.16.840.1.113883.5.1070")), made=METFORMIN)
    found = extracted(section("47519-4", removed, act("48767-8", LOINC)), section(TAKEN, told))
    assert [each.what.code for each in found.facts] == ["80146002", "860975"]
    assert found.facts[0].details[Detail.INDICATION] == (Concept("85189001", SNOMED),)


def test_a_stay_that_says_when_it_ended_is_over() -> None:
    def stay(*inside: str) -> str:
        return done("encounter", coded("code", "99213", "2.16.840.1.113883.6.12"), *inside)

    assert only("46240-8", stay('<effectiveTime value="20120815"/>')).state is State.OVER
    assert only("46240-8", stay(during("20120815"))).state is State.UNKNOWN
    assert only("46240-8", stay('<statusCode code="active"/>', during("20120815", "20120816"))).state is State.ACTIVE


def test_a_severity_of_the_allergy_is_not_that_of_its_reaction() -> None:
    reaction = linked("MFST", observation(ASSERTION, value("247472004", SNOMED), template=PCC + "5"))
    entry = observation(
        ASSERTION, value("414285001", SNOMED), agent("256349002"), attribute("SEV", "24484000"), reaction
    )
    found = only(ALLERGIES, entry)
    assert codes(found)[Detail.SEVERITY] == ["24484000"]
    assert found.details[Detail.REACTION][0].qualifiers == ()
