"""Forms that some models alone have: earlier results, headings, devices put in, values of rare types, steps."""

import pytest

from clinical.extraction.entries_made import (
    ATC,
    C_CDA,
    CISIS,
    ICD_10,
    LOINC,
    NATIONAL,
    PCC,
    SNOMED,
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
    unread,
    value,
)
from espace.clinical.facts import Detail, Kind, State, Unread
from espace.wire.clinical_statements.values import UNDATED, Concept, Interval, Quantity, Value, When

RESULT, BATTERY = CISIS + "80", CISIS + "78"
GLUCOSE = coded("code", "20438-8", LOINC, "Glycémie à 2 h")
SPECIMEN = (
    '<specimen><specimenRole><specimenPlayingEntity><code code="119376003" codeSystem="2.16.840.1.113883.6.96" '
    'displayName="tissu"/></specimenPlayingEntity></specimenRole></specimen>'
)


def grams(amount: str) -> str:
    return f'<value xsi:type="PQ" value="{amount}" unit="g/L"/>'


def organizer(code: str, *held: str, inside: str = "") -> str:
    components = "".join(f"<component>{each}</component>" for each in held)
    return f'<organizer classCode="BATTERY" moodCode="EVN">{code}{inside}{components}</organizer>'


def device(code: str, name: str, identifier: str = "") -> str:
    played = f"<playingDevice>{coded('code', code, SNOMED, name)}</playingDevice>"
    marked = f'<id root="2.16.840.1.113883.3.3719" extension="{identifier}"/>' if identifier else ""
    return f'<participant typeCode="DEV"><participantRole>{marked}{played}</participantRole></participant>'


def procedure(*inside: str, negated: bool = False) -> str:
    said = ' negationInd="true"' if negated else ""
    return f'<procedure classCode="PROC" moodCode="EVN"{said}>{"".join(inside)}</procedure>'


def test_what_was_found_another_time_has_no_date_of_today() -> None:
    undated = observation(GLUCOSE, grams("1.4"), template=RESULT)
    dated = observation(GLUCOSE, '<effectiveTime value="20220105"/>', grams("1.5"), template=RESULT)
    before = linked("REFR", undated) + linked("REFR", dated)
    today = observation(GLUCOSE, '<effectiveTime value="20230105"/>', grams("2.1"), before, template=RESULT)
    found = extracted(section("18719-5", organizer(coded("code", "1", NATIONAL, "HGPO"), today))).facts
    assert [(each.when, each.group) for each in found] == [
        (When("2023-01-05", "2023-01-05"), "HGPO"),
        (UNDATED, "HGPO"),
        (When("2022-01-05", "2022-01-05"), "HGPO"),
    ]


@pytest.mark.parametrize("state", ["active", "held", "new", "suspended", "aborted"])
def test_an_analysis_that_is_not_done_says_nothing(state: str) -> None:
    assert unread("18719-5", observation(GLUCOSE, f'<statusCode code="{state}"/>', template=RESULT)) == []


@pytest.mark.parametrize(
    ("status", "state"),
    [("active", State.ACTIVE), ("aborted", State.STOPPED), ("completed", State.UNKNOWN), ("", State.UNKNOWN)],
)
def test_a_result_says_whether_it_is_final(status: str, state: State) -> None:
    said = f'<statusCode code="{status}"/>' if status else ""
    assert only("18719-5", observation(GLUCOSE, said, grams("1"), template=RESULT)).state is state


def test_an_analysis_that_is_done_and_says_nothing_is_counted() -> None:
    entry = observation(GLUCOSE, '<statusCode code="completed"/>', template=RESULT)
    assert unread("18719-5", entry) == [Unread.NO_VALUE]


def test_the_specimen_of_a_battery_is_that_of_what_was_seen_in_it() -> None:
    grade = observation(coded("code", "33732-9", LOINC, "Grade"), value("G2", NATIONAL, "Grade 2"))
    found = only("22637-3", organizer("", grade, inside=SPECIMEN))
    assert (found.kind, codes(found)) == (Kind.EXAM, {Detail.SPECIMEN: ["119376003"]})


@pytest.mark.parametrize(
    ("code", "kind"), [("4548-4", Kind.RESULT), ("2160-0", Kind.RESULT), ("29463-7", Kind.EXAM), ("8634-8", Kind.EXAM)]
)
def test_a_usual_analyte_is_a_result_without_any_range(code: str, kind: Kind) -> None:
    assert only("30954-2", observation(coded("code", code, LOINC), grams("1"), template=PCC + "13")).kind is kind


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("&lt;5", Value(interval=Interval(high=Quantity("5", "g/L"), high_closed=False))),
        ("&lt;= 5", Value(interval=Interval(high=Quantity("5", "g/L")))),
        ("&gt;5.5", Value(interval=Interval(Quantity("5.5", "g/L"), low_closed=False))),
        ("≥32", Value(interval=Interval(Quantity("32", "g/L")))),
    ],
)
def test_a_sign_before_a_number_is_a_bound(written: str, expected: Value) -> None:
    assert only("18719-5", observation(GLUCOSE, grams(written), template=RESULT)).value == expected


def test_a_sign_before_anything_else_is_no_number() -> None:
    assert unread("18719-5", observation(GLUCOSE, grams("&lt;5;"), template=RESULT)) == [Unread.BAD_NUMBER]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('<value xsi:type="II" root="1.2.3" extension="A12"/>', "A12"),
        ('<value xsi:type="II" root="1.2.3"/>', "1.2.3"),
        ('<value xsi:type="TEL" value="tel:+33102030405"/>', "tel:+33102030405"),
        ('<value xsi:type="PN"><given>Anne</given> <family>Roy</family></value>', "Anne Roy"),
    ],
)
def test_an_identifier_a_name_or_a_place_is_told_in_words(said: str, words: str) -> None:
    found = only("42545-4", observation(coded("code", "GEN-1", NATIONAL, "Personne"), said))
    assert found.value == Value(words=words)


def test_an_observation_without_a_code_is_about_what_it_says() -> None:
    words = observation('<code nullFlavor="NA"/>', "<text>Tabac 20 PA</text>", '<value xsi:type="ST">20 PA</value>')
    same = observation('<code nullFlavor="NA"/>', "<text>Alcool</text>", '<value xsi:type="ST">Alcool</value>')
    coded_so = observation('<code nullFlavor="NA"/>', value("F17", ICD_10, "Tabac"))
    amount = observation('<code nullFlavor="NA"/>', "<text>Cigarettes</text>", grams("2"))
    found = extracted(section("57207-3", words, same, coded_so, amount)).facts
    assert [(each.kind, each.what, each.value) for each in found] == [
        (Kind.LIFESTYLE, Concept(words="Tabac 20 PA"), Value(words="20 PA")),
        (Kind.LIFESTYLE, Concept(words="Alcool"), None),
        (Kind.LIFESTYLE, Concept("F17", ICD_10, "Tabac"), None),
        (Kind.LIFESTYLE, Concept(words="Cigarettes"), Value(quantity=Quantity("2", "g/L"))),
    ]
    assert unread("57207-3", observation('<code nullFlavor="NA"/>', grams("2"))) == [Unread.NO_CODE]


def test_a_question_that_nobody_answered_is_nothing() -> None:
    """The forms of some systems: each question is an observation without code nor value."""
    question = "<text>Are there water leaks?</text>"
    assert unread("47420-5", observation('<code nullFlavor="UNK"/>', question)) == []
    assert unread("47420-5", observation('<code nullFlavor="UNK"/>', question, negated=True)) == []


def test_an_act_that_is_called_as_its_section_is_a_heading() -> None:
    title = coded("code", "30954-2", LOINC, "Résultats d'examens")
    assert unread("30954-2", procedure(title)) == []
    assert unread("30954-2", f'<act classCode="ACT" moodCode="EVN">{title}</act>') == []
    assert only("30954-2", procedure(coded("code", "DEQP003", NATIONAL, "ECG"))).kind is Kind.PROCEDURE


def test_a_device_that_a_procedure_puts_in_is_told_in_the_section_of_devices() -> None:
    """C-CDA Product Instance, with its unique device identifier."""
    put_in = procedure(
        coded("code", "36969009", SNOMED, "Pose de stent"), during("20110215"), device("705643001", "Stent", "(01)9")
    )
    found = only("46264-8", put_in)
    assert (found.kind, found.what.code, found.when.start) == (Kind.DEVICE, "705643001", "2011-02-15")
    assert (found.identifiers, codes(found)) == (("2.16.840.1.113883.3.3719^(01)9",), {Detail.METHOD: ["36969009"]})
    assert only("47519-4", put_in).kind is Kind.PROCEDURE


def test_that_there_is_no_device_is_said_by_its_code() -> None:
    none = procedure(coded("code", "71388002", SNOMED), device("40388003", "Biomedical implant"), negated=True)
    found = only("46264-8", none)
    assert (found.kind, found.what.code, found.absent) == (Kind.DEVICE, "no-known-devices", True)


def test_what_was_transfused_was_given() -> None:
    entry = medicine('<effectiveTime value="20230105"/>', made=product("CGR", NATIONAL, "Globules rouges"))
    assert only("56836-0", entry).kind is Kind.ADMINISTRATION


def test_substances_are_read_as_the_international_summary_writes_them() -> None:
    rest = (
        '<p:ingredient xmlns:p="urn:hl7-org:pharm" classCode="ACTI"><p:ingredientSubstance>'
        f'<p:code code="C08CA05" codeSystem="{ATC}" displayName="nifédipine"/></p:ingredientSubstance></p:ingredient>'
    )
    found = only("10160-0", medicine(made=product("1", NATIONAL, "ADALAT", rest=rest)))
    assert codes(found)[Detail.SUBSTANCE] == ["C08CA05"]


def test_steps_that_only_amounts_tell_apart_are_written_out() -> None:
    def step(dose: str, low: str, high: str) -> str:
        return linked(
            "COMP",
            medicine(during(low, high), f'<doseQuantity value="{dose}" unit="mg"/>', template=C_CDA + "16"),
        )

    steps = step("20", "20240101", "20240105") + step("10", "20240106", "20240110")
    made = product("160", NATIONAL, "Prednisone")
    found = only("10160-0", medicine("", steps, made=made, template=C_CDA + "16"))
    assert found.dosage is not None
    assert found.dosage.words == "20 mg (2024-01-01 – 2024-01-05)\n10 mg (2024-01-06 – 2024-01-10)"
    assert found.dosage.dose is None


@pytest.mark.parametrize(
    ("template", "times", "state"),
    [
        (C_CDA + "16", during("20230101", "20230201"), State.OVER),
        (C_CDA + "16", during("20230101"), State.UNKNOWN),
        (PCC + "7", during("20230101", "20230201"), State.UNKNOWN),
    ],
)
def test_completed_means_something_beside_an_end_in_c_cda_alone(template: str, times: str, state: State) -> None:
    entry = medicine(
        f'<statusCode code="completed"/>{times}', made=product("1", NATIONAL, "Lisinopril"), template=template
    )
    assert only("10160-0", entry).state is state


def test_what_is_observed_of_a_medicine_stands_under_its_name() -> None:
    taken = observation(coded("code", "418633004", SNOMED, "Observance"), value("1156699004", SNOMED, "Suivie"))
    entry = medicine("", linked("REFR", taken), made=product("1", NATIONAL, "Lisinopril"))
    assert [each.group for each in extracted(section("10160-0", entry)).facts] == ["", "Lisinopril"]


@pytest.mark.parametrize("code", ["10219-4", "10218-6", "59769-0", "55109-3"])
def test_what_is_asserted_around_an_operation_is_a_problem(code: str) -> None:
    asserted = coded("code", "ASSERTION", "2.16.840.1.113883.5.4")
    assert only(code, observation(asserted, value("K35", ICD_10, "Appendicite"))).kind is Kind.PROBLEM


def test_a_dash_is_no_conclusion() -> None:
    assert extracted(section("19005-8", narrative="<paragraph>-</paragraph>")).facts == ()


def test_a_preferred_place_is_a_wish_without_its_template() -> None:
    who = '<participant typeCode="LOC"><participantRole><playingEntity><name>Clinique</name></playingEntity>'
    head = coded("code", "11302-7", LOINC, "Établissement de préférence")
    wish = f'<act classCode="ACT" moodCode="EVN">{head}{who}</participantRole></participant></act>'
    found = only("11302-7", wish)
    assert (found.kind, found.place_name) == (Kind.DIRECTIVE, "Clinique")


def test_a_reference_to_another_entry_is_no_act() -> None:
    named = f'<act classCode="ACT" moodCode="EVN">{templates(C_CDA + "122")}<id root="1.2"/><code code="x"/></act>'
    outcome = observation(coded("code", "59408-5", LOINC, "SpO2"), grams("95"), linked("GEVL", named))
    assert only("11383-7", outcome).kind is Kind.EXAM


def test_what_is_measured_on_a_device_stands_under_its_name() -> None:
    """CI-SIS CARD-F-PRC-PSC: the impedance of each lead."""
    impedance = observation(coded("code", "L0015", NATIONAL, "Impédance"), grams("72"))
    lead = f'<supply classCode="SPLY" moodCode="EVN">{device("J01", "Sonde")}{linked("RSON", impedance)}</supply>'
    assert [each.group for each in extracted(section("46264-8", lead)).facts] == ["", "Sonde"]


@pytest.mark.parametrize(("code", "absent"), [("unconfirmed", False), ("refuted", True)])
def test_how_sure_a_finding_is_stands_with_it(code: str, absent: bool) -> None:
    sure = linked("SUBJ", observation(coded("code", "66455-7", LOINC), value(code, NATIONAL, "Certitude")))
    lesion = observation(coded("code", "246188002", SNOMED, "Lésion"), value("27925004", SNOMED, "Nodule"), sure)
    found = only("59776-5", lesion)
    assert (codes(found), found.absent) == ({Detail.CERTAINTY: [code]}, absent)


def test_the_state_of_a_pregnancy_is_one_wherever_it_stands() -> None:
    state = observation(coded("code", "364320009", SNOMED, "Statut de grossesse"), value("77386006", SNOMED))
    assert only("73569-6", state).kind is Kind.PREGNANCY


def test_what_came_of_an_act_is_told_with_it_alone() -> None:
    stenosis = observation(coded("code", "R", NATIONAL, "Résultat"), value("MED-1", NATIONAL, "Sténose"))
    scan = procedure(coded("code", "EBQM001", NATIONAL, "Écho-doppler"), linked("OUTC", stenosis))
    found = only("47519-4", scan)
    assert (found.kind, codes(found)) == (Kind.PROCEDURE, {Detail.OUTCOME: ["MED-1"]})


def test_a_sampling_of_c_cda_tells_the_specimen() -> None:
    entity = f"<playingEntity>{coded('code', '119297000', SNOMED, 'sang')}</playingEntity>"
    who = f'<participant typeCode="PRD"><participantRole classCode="SPEC">{entity}</participantRole></participant>'
    taken = procedure(templates(C_CDA + "415"), coded("code", "17636008", SNOMED), during("20240102"), who)
    glucose = observation(GLUCOSE, grams("1"), template=C_CDA + "2")
    found = only("30954-2", organizer(coded("code", "1", NATIONAL, "Bilan"), taken, glucose))
    assert (found.kind, codes(found)) == (Kind.RESULT, {Detail.SPECIMEN: ["119297000"]})


def test_the_diagnosis_of_a_pathologist_is_a_conclusion() -> None:
    [found] = extracted(section("22637-3", narrative="<paragraph>Carcinome infiltrant.</paragraph>")).facts
    assert (found.kind, found.value) == (Kind.CONCLUSION, Value(words="Carcinome infiltrant."))
