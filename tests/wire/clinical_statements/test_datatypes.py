"""Every data type that a statement may hold, as a value; what is malformed is left out and said to be so."""

import pytest

from espace.wire.clinical_statements.values import (
    Concept,
    Interval,
    Period,
    Quantity,
    ReferenceRange,
    Statement,
    Value,
    When,
)
from espace.wire.xds import Coded
from wire.clinical_statements.stated import body, observation, one, sections

SNOMED = "2.16.840.1.113883.6.96"


def value(kind: str, rest: str = "", inside: str = "") -> Statement:
    typed = f' xsi:type="{kind}"' if kind else ""
    return one(observation('<code code="1"/>', f"<value{typed} {rest}>{inside}</value>"))


@pytest.mark.parametrize(
    ("kind", "rest", "inside", "expected"),
    [
        ("PQ", 'value="1.20" unit="g/L"', "", Value(quantity=Quantity("1.20", "g/L"))),
        ("INT", 'value="4"', "", Value(quantity=Quantity("4"))),
        ("REAL", 'value="-.5e3"', "", Value(quantity=Quantity("-.5e3"))),
        ("hl7:PQ", 'value="2"', "", Value(quantity=Quantity("2"))),
        ("BL", 'value="true"', "", Value(truth=True)),
        ("BL", 'value="false"', "", Value(truth=False)),
        ("ST", "", "Aucun ", Value(words="Aucun")),
        ("ED", "", '<reference value="#l1"/>', Value(words="Urines claires")),
        ("TS", 'value="201908"', "", Value(words="2019-08")),
        ("IVL_TS", "", '<low value="2019"/><high value="2020"/>', Value(words="2019/2020")),
        ("EIVL_TS", 'value="20210110"', "", Value(words="2021-01-10")),
        ("RTO", "", '<numerator value="1"/><denominator value="128"/>', Value(words="1:128")),
        ("RTO_PQ_PQ", "", '<numerator value="4"/><denominator value="1" unit="d"/>', Value(words="4/1 d")),
        ("RTO", "", '<numerator value="3" unit="mg"/>', Value(words="3 mg")),
        ("CD", f'code="1" codeSystem="{SNOMED}"', "", Value(concept=Concept("1", SNOMED))),
        ("CO", 'code="2" displayName="Deux"', "", Value(concept=Concept("2", "", "Deux"))),
        ("CD", 'nullFlavor="OTH"', '<originalText><reference value="#r1"/></originalText>',
         Value(concept=Concept(words="1,20 g/L"))),
        ("CD", 'displayName="Un mot"', "", Value(concept=Concept(words="Un mot"))),
        ("CD", "", "<originalText> Un  mot </originalText>", Value(concept=Concept(words="Un mot"))),
        ("CD", 'nullFlavor="OTH"', '<translation nullFlavor="NA"/><translation displayName="Un mot"/>',
         Value(concept=Concept(words="Un mot"))),
        ("CE", "", '<translation nullFlavor="NA"><originalText><reference value="#r1"/></originalText></translation>',
         Value(concept=Concept(words="1,20 g/L"))),
        ("", 'nullFlavor="OTH"', '<originalText><reference value="#l1"/></originalText>',
         Value(concept=Concept(words="Urines claires"))),
        ("CD", 'nullFlavor="OTH" displayName="Autre"', "<originalText>Un mot</originalText>",
         Value(concept=Concept(words="Un mot"))),
        ("CD", 'nullFlavor="NI" displayName="Rien"', '<translation code="2" displayName="Deux"/>',
         Value(concept=Concept("2", "", "Deux"))),
        ("CD", 'nullFlavor="NI"', '<translation nullFlavor="UNK" displayName="A"/><translation displayName="Un mot"/>',
         Value(concept=Concept(words="Un mot"))),
        ("IVL_PQ", "", '<low value="0.5" unit="mg"/>', Value(interval=Interval(Quantity("0.5", "mg"), None))),
        ("IVL_PQ", "", '<high value="5" unit="mg" inclusive="false"/>',
         Value(interval=Interval(None, Quantity("5", "mg"), high_closed=False))),
        ("IVL_PQ", 'value="7"', "", Value(interval=Interval(Quantity("7"), Quantity("7")))),
        ("", 'value="5" unit="g"', "", Value(quantity=Quantity("5", "g"))),
        ("", 'code="5"', "", Value(concept=Concept("5"))),
        ("", "", "En clair", Value(words="En clair")),
        ("PQ", 'nullFlavor="NA"', '<translation><originalText>traces</originalText></translation>',
         Value(words="traces")),
    ],
)  # fmt: skip
def test_a_value_is_read_by_its_type(kind: str, rest: str, inside: str, expected: Value) -> None:
    found = value(kind, rest, inside)
    assert found.values == (expected,)
    assert (found.bad_time, found.bad_number, found.unknown) == (False, False, False)


@pytest.mark.parametrize(
    ("kind", "rest", "inside", "faults"),
    [
        ("PQ", 'value="1,5" unit="g"', "", (False, True)),
        ("PQ", 'value="Infinity"', "", (False, True)),
        ("PQ", f'value="{"9" * 41}"', "", (False, True)),
        ("INT", 'value="1e999"', "", (False, True)),
        ("IVL_PQ", "", '<low value="9"/><high value="1"/>', (False, True)),
        ("TS", 'value="20190230"', "", (True, False)),
        ("TS", 'value="demain"', "", (True, False)),
        ("TS", 'value="99991231"', "", (True, False)),
        ("IVL_TS", "", '<low value="2020"/><high value="2019"/>', (True, False)),
        ("BL", 'value="peut-être"', "", (False, False)),
        ("ED", 'representation="B64"', "AAAA", (False, False)),
        ("ED", "", '<reference value="#nowhere"/>', (False, False)),
        ("II", 'value="1"', "", (False, False)),
        ("CD", 'nullFlavor="UNK"', "", (False, False)),
        ("CD", 'nullFlavor="UNK" displayName="Inconnu"', "", (False, False)),
        ("CE", 'nullFlavor="NI"', '<translation nullFlavor="UNK" displayName="Non renseigné"/>', (False, False)),
        ("CD", 'nullFlavor="NI"', '<translation nullFlavor="UNK" code="UNK" displayName="Inconnu"/>', (False, False)),
        ("CD", "", '<translation nullFlavor="UNK" displayName="Inconnu"/>', (False, False)),
        ("CD", 'nullFlavor="OTH"', "<originalText/>", (False, False)),
        ("CD", "", "<originalText> \u00a0\u202f </originalText>", (False, False)),
        ("CD", "", '<originalText><reference value="#nowhere"/></originalText>', (False, False)),
        ("CD", "", '<originalText><reference value="#"/></originalText>', (False, False)),
        ("CD", "", '<translation><originalText><reference value="#nowhere"/></originalText></translation>',
         (False, False)),
        ("", "", "<originalText/>", (False, False)),
        ("", "", "", (False, False)),
        ("RTO", "", "<numerator/>", (False, False)),
        ("IVL_PQ", "", "", (False, False)),
        ("IVL_TS", "", "", (False, False)),
    ],
)  # fmt: skip
def test_what_is_malformed_is_left_out(kind: str, rest: str, inside: str, faults: tuple[bool, bool]) -> None:
    found = value(kind, rest, inside)
    assert found.values == ()
    assert (found.bad_time, found.bad_number) == faults


def test_a_value_that_is_said_not_to_be_known_is_told_apart_from_none() -> None:
    assert value("PQ", 'nullFlavor="UNK"').unknown
    assert not one(observation('<code code="1"/>')).unknown


def test_a_code_keeps_its_translations_its_words_and_what_makes_it_more_precise() -> None:
    code = (
        '<code code="1" codeSystem="2.1" displayName="Un"><originalText><reference value="#r1"/></originalText>'
        '<qualifier><name code="side"/><value code="24028007" displayName="droit"/></qualifier>'
        "<qualifier><value><originalText>proximal</originalText></value></qualifier><qualifier><value/></qualifier>"
        '<translation code="2" codeSystem="2.2"><translation code="3" codeSystem="2.3"/></translation>'
        '<translation nullFlavor="NA"/></code>'
    )
    assert one(observation(code)).code == Concept(
        "1",
        "2.1",
        "Un",
        "1,20 g/L",
        (Coded("2", "2.2"), Coded("3", "2.3")),
        (Coded("24028007", "", "droit"), Coded("", "", "proximal")),
    )


def test_where_the_code_itself_is_missing_its_translation_or_its_qualifier_stands_for_it() -> None:
    translated = (
        '<code nullFlavor="OTH"><translation code="107" displayName="Microscopie"/><translation code="2"/></code>'
    )
    qualified = (
        '<value xsi:type="CD"><qualifier><value code="IB"/></qualifier><qualifier><value code="7"/></qualifier></value>'
    )
    found = one(observation(translated, qualified))
    assert found.code == Concept("107", "", "Microscopie", others=(Coded("2"),))
    assert found.values == (Value(concept=Concept("IB", qualifiers=(Coded("7"),))),)
    assert one(observation('<code nullFlavor="UNK"/>')).code is None
    unknown = '<code nullFlavor="UNK" code="UNK"><originalText>Latex</originalText></code>'
    assert one(observation(unknown)).code == Concept(words="Latex")


@pytest.mark.parametrize(
    ("qualifier", "expected"),
    [
        ("<value><originalText>droit</originalText></value>", Coded("", "", "droit")),
        ('<value displayName="droit"/>', Coded("", "", "droit")),
        ('<value nullFlavor="OTH" code="OTH"><originalText>droit</originalText></value>', Coded("", "", "droit")),
        ('<value code="24028007"><originalText>droit</originalText></value>', Coded("24028007", "", "droit")),
        ('<value code="7" displayName="à droite"><originalText>dr.</originalText></value>', Coded("7", "", "à droite")),
    ],
)
def test_what_makes_a_code_more_precise_may_be_words(qualifier: str, expected: Coded) -> None:
    found = one(observation(f'<code code="1"><qualifier>{qualifier}</qualifier></code>'))
    assert found.code == Concept("1", qualifiers=(expected,))


@pytest.mark.parametrize(
    "value",
    [
        "",
        '<value nullFlavor="UNK" code="UNK"/>',
        '<value nullFlavor="UNK" displayName="Inconnu"/>',
        "<value><originalText> </originalText></value>",
    ],
)
def test_what_makes_a_code_more_precise_may_be_nothing(value: str) -> None:
    assert one(observation(f'<code code="1"><qualifier>{value}</qualifier></code>')).code == Concept("1")


def test_an_empty_reference_names_nothing_even_where_the_narrative_has_an_empty_id() -> None:
    said = '<value xsi:type="CD"><originalText><reference value="#"/></originalText></value>'
    nameless = '<paragraph ID="">Sans nom</paragraph>'
    (section,) = sections(body(observation('<code code="1"/>', said), narrative=nameless))
    assert section.statements[0].values == ()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2024", "2024"),
        ("202403", "2024-03"),
        ("20240304", "2024-03-04"),
        ("2024030410", "2024-03-04"),
        ("202403041020", "2024-03-04T10:20"),
        ("20240304102030", "2024-03-04T10:20:30"),
        ("20240304102030.123+0100", "2024-03-04T10:20:30+01:00"),
        ("202403041020-05", "2024-03-04T10:20-05:00"),
        ("20240229", "2024-02-29"),
        ("20230229", ""),
        ("202413", ""),
        ("202403042520", ""),
        ("20240304102030+2500", ""),
        ("0000", ""),
        ("2024-03-04", "2024-03-04"),
        ("2023-02-29", ""),
    ],
)
def test_a_moment_is_no_more_precise_than_written_and_exists(said: str, expected: str) -> None:
    found = one(observation(f'<effectiveTime value="{said}"/>'))
    assert found.when == When(expected, expected)
    assert found.bad_time is (expected == "")


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<low value="2020"/>', When("2020", "")),
        ('<high value="2021"/>', When("", "2021")),
        ('<low value="202011"/><high value="2020"/>', When("2020-11", "2020")),
        ('<low nullFlavor="UNK"/><high value="20200102"/>', When("", "2020-01-02")),
        ('<center value="2019"/>', When("2019", "2019")),
        ('<low value="20231201"/><width value="2" unit="d"/>', When("2023-12-01", "")),
    ],
)
def test_an_interval_of_time_may_be_open(inside: str, expected: When) -> None:
    assert one(observation(f'<effectiveTime xsi:type="IVL_TS">{inside}</effectiveTime>')).when == expected


def test_how_often_is_told_beside_from_when_to_when() -> None:
    statement = (
        '<substanceAdministration classCode="SBADM" moodCode="INT">'
        '<effectiveTime xsi:type="IVL_TS"><low value="20240101"/></effectiveTime>'
        '<effectiveTime xsi:type="PIVL_TS"><period value="8" unit="h"/></effectiveTime>'
        '<effectiveTime xsi:type="EIVL_TS"><event code="ACM"/></effectiveTime>'
        '<effectiveTime xsi:type="SXPR_TS"><comp xsi:type="IVL_TS"><low value="2025"/></comp>'
        '<comp xsi:type="PIVL_TS"><period><translation><originalText>le soir</originalText></translation></period>'
        "</comp></effectiveTime><precondition><criterion><text>si douleur</text></criterion></precondition>"
        '<repeatNumber><high value="3"/></repeatNumber><doseQuantity><low value="1"/><high value="2"/></doseQuantity>'
        '<rateQuantity value="4" unit="mL/h"/><maxDoseQuantity><numerator value="4"/><denominator value="1" unit="d"/>'
        "</maxDoseQuantity></substanceAdministration>"
    )
    found = one(statement)
    assert found.when == When("2024-01-01", "")
    assert found.periods == (
        Period(Quantity("8", "h")),
        Period(event="ACM"),
        Period(words="le soir"),
    )
    assert (found.if_needed, found.conditions) == (True, (Concept(words="si douleur"),))
    assert (found.repeats, found.most) == ("3", "4/1 d")
    assert found.dose == Interval(Quantity("1"), Quantity("2"))
    assert found.rate == Interval(Quantity("4", "mL/h"), Quantity("4", "mL/h"))


def test_a_wrong_range_does_not_take_the_value_with_it() -> None:
    found = one(
        observation(
            '<value xsi:type="PQ" value="1" unit="g/L"/>',
            '<referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="un"/></value></observationRange>'
            "</referenceRange>",
        )
    )
    assert found.values == (Value(quantity=Quantity("1", "g/L")),)
    assert found.ranges == (ReferenceRange(None),)
    assert found.bad_number
