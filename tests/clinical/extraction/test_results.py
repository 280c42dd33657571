"""Results of a laboratory: analyte, value, range, specimen, germ; of the right battery, and never of another one."""

import pytest

from clinical.extraction.entries_made import (
    CISIS,
    LOINC,
    SNOMED,
    coded,
    codes,
    comment,
    extracted,
    linked,
    observation,
    only,
    section,
    templates,
    unread,
    value,
)
from espace.clinical.facts import Detail, Kind, Unread
from espace.wire.clinical_statements.values import Concept, Interval, Quantity, ReferenceRange, Value, When

RESULT, REPORT, SAMPLING = "1.3.6.1.4.1.19376.1.3.1.6", "1.3.6.1.4.1.19376.1.3.1", "1.3.6.1.4.1.19376.1.3.1.2"
ISOLATE, BATTERY = "1.3.6.1.4.1.19376.1.3.1.5", "1.3.6.1.4.1.19376.1.3.1.4"
CHEMISTRY, MICROBIOLOGY = "18719-5", "18725-2"
GLUCOSE = coded("code", "2345-7", LOINC, "Glucose")


def amount(number: str, unit: str = "g/L") -> str:
    return f'<value xsi:type="PQ" value="{number}" unit="{unit}"/>'


def analyte(*inside: str, template: str = RESULT) -> str:
    return observation(GLUCOSE, '<effectiveTime value="20240104"/>', *inside, template=template)


def report(*inside: str, code: str = CHEMISTRY) -> str:
    held = "".join(linked("COMP", each) for each in inside)
    named = coded("code", code, LOINC, "Chapitre")
    return f'<act classCode="ACT" moodCode="EVN">{templates(REPORT)}{named}{held}</act>'


def organizer(*inside: str, head: str = "", template: str = BATTERY) -> str:
    held = "".join(f"<component>{each}</component>" for each in inside)
    return f'<organizer classCode="BATTERY" moodCode="EVN">{templates(template)}{head}{held}</organizer>'


def sampling(code: str, at: str = "20240103") -> str:
    entity = f"<playingEntity>{coded('code', code, SNOMED)}</playingEntity>"
    return (
        f'<procedure classCode="PROC" moodCode="EVN">{templates(SAMPLING)}<effectiveTime value="{at}"/>'
        f'<participant typeCode="PRD"><participantRole>{entity}</participantRole></participant></procedure>'
    )


def test_a_result_keeps_its_unit_its_range_its_interpretation_its_method_and_its_comment() -> None:
    found = only(
        CHEMISTRY,
        report(
            organizer(
                analyte(
                    amount("1.20"),
                    '<interpretationCode code="H"/><methodCode code="M1" displayName="Hexokinase"/>',
                    '<referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="0.70" unit="g/L"/>'
                    '<high value="1.10" unit="g/L"/></value></observationRange></referenceRange>',
                    comment("Prélèvement hémolysé"),
                ),
                head=coded("code", "24323-8", LOINC, "Bilan glucidique"),
            )
        ),
    )
    assert (found.kind, found.what) == (Kind.RESULT, Concept("2345-7", LOINC, "Glucose"))
    assert found.value == Value(quantity=Quantity("1.20", "g/L"))
    low, high = Quantity("0.70", "g/L"), Quantity("1.10", "g/L")
    assert found.ranges == (ReferenceRange(Value(interval=Interval(low, high))),)
    assert (found.interpretations, found.comment) == (("H",), "Prélèvement hémolysé")
    assert found.when == When("2024-01-04", "2024-01-04")
    assert (found.group, codes(found)) == ("Bilan glucidique", {Detail.METHOD: ["M1"]})


def test_the_germ_of_an_isolate_belongs_to_its_own_susceptibilities() -> None:
    def isolate(germ: str, letter: str) -> str:
        entity = f"<specimenPlayingEntity>{coded('code', germ, SNOMED)}</specimenPlayingEntity>"
        head = f"<specimen><specimenRole>{entity}</specimenRole></specimen>"
        result = analyte('<value xsi:type="IVL_PQ"><high value="0.1" unit="mg/L" inclusive="false"/></value>',
                         f'<interpretationCode code="{letter}"/>')  # fmt: skip
        return organizer(organizer(result, head=coded("code", "18769-0", LOINC, "Antibiogramme")),
                         head=head, template=ISOLATE)  # fmt: skip

    first, second = extracted(
        section(MICROBIOLOGY, report(sampling("UR"), isolate("112283007", "S"), isolate("58800005", "R")))
    ).facts
    assert codes(first) == {Detail.SPECIMEN: ["UR"], Detail.ISOLATE: ["112283007"]}
    assert codes(second) == {Detail.SPECIMEN: ["UR"], Detail.ISOLATE: ["58800005"]}
    assert (first.group, first.interpretations, second.interpretations) == ("Antibiogramme", ("S",), ("R",))


@pytest.mark.parametrize(
    ("samplings", "specimen", "at"),
    [
        ((sampling("UR"),), {Detail.SPECIMEN: ["UR"]}, When("2024-01-03", "2024-01-03")),
        ((sampling("UR"), sampling("BLD", "20240102")), {}, When()),
        ((), {}, When()),
    ],
)
def test_of_several_samples_none_is_chosen(
    samplings: tuple[str, ...], specimen: dict[Detail, list[str]], at: When
) -> None:
    undated = observation(GLUCOSE, amount("1"), template=RESULT)
    found = only(MICROBIOLOGY, report(*samplings, undated))
    assert (codes(found), found.when) == (specimen, at)


def test_its_own_specimen_comes_before_that_of_its_battery_and_that_before_the_sampling() -> None:
    def specimen(code: str) -> str:
        entity = f'<specimenPlayingEntity><code code="{code}"/></specimenPlayingEntity>'
        return f"<specimen><specimenRole>{entity}</specimenRole></specimen>"

    own = analyte(amount("1"), specimen("SER"))
    first, second = extracted(
        section(CHEMISTRY, report(sampling("UR"), organizer(own, analyte(amount("2")), head=specimen("PLAS"))))
    ).facts
    assert codes(first) == {Detail.SPECIMEN: ["SER"]}
    assert codes(second) == {Detail.SPECIMEN: ["PLAS"]}


def test_a_comment_on_a_whole_chapter_is_its_conclusion() -> None:
    result, conclusion = extracted(
        section(MICROBIOLOGY, report(analyte(amount("1")), _remark("Infection urinaire"), code=MICROBIOLOGY))
    ).facts
    assert (result.comment, conclusion.kind) == ("", Kind.CONCLUSION)
    assert (conclusion.what.code, conclusion.value) == (MICROBIOLOGY, Value(words="Infection urinaire"))


def test_a_comment_of_a_battery_without_code_is_about_its_section() -> None:
    """Outside a report of analyses, a comment belongs to what it stands in."""
    held = organizer(_remark("Bas débit"), head=templates(REPORT))
    found = only("18723-7", held)
    assert (found.kind, found.what.code) == (Kind.CONCLUSION, "18723-7")
    assert extracted(section("8716-3", organizer(_remark("Assis"), template=CISIS + "49"))).facts == ()
    assert extracted(section("18723-7", organizer(_remark(""), head=templates(REPORT)))).facts == ()
    assert extracted(section("18723-7", _remark("Rien"))).facts == ()


def test_a_comment_of_a_section_without_code_is_named_by_its_title() -> None:
    held = section("", organizer(_remark("Bas débit"), head=templates(REPORT)), title="Analyses")
    (found,) = extracted(held).facts
    assert found.what == Concept(words="Analyses")


def _remark(words: str) -> str:
    text = f"<text>{words}</text>"
    return f'<act classCode="ACT" moodCode="EVN">{templates(CISIS + "32")}<code code="48767-8"/>{text}</act>'


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (amount("1,2"), [Unread.BAD_NUMBER]),
        (amount("beaucoup"), [Unread.BAD_NUMBER]),
        ('<value xsi:type="TS" value="20240230"/>', [Unread.BAD_TIME]),
        ("", [Unread.NO_VALUE]),
        ('<value xsi:type="CD"><originalText><reference value="#nowhere"/></originalText></value>', [Unread.NO_VALUE]),
        ('<value xsi:type="PQ" nullFlavor="UNK"/>', []),
    ],
)
def test_a_result_without_a_value_is_not_made_up(inside: str, expected: list[Unread]) -> None:
    assert unread(CHEMISTRY, report(analyte(inside))) == expected


def test_a_result_at_a_moment_that_does_not_exist_is_not_read() -> None:
    entry = observation(GLUCOSE, '<effectiveTime value="20240230"/>', amount("1"), template=RESULT)
    assert unread(CHEMISTRY, organizer(entry, head='<effectiveTime value="20240101"/>')) == [Unread.BAD_TIME]


def test_a_value_without_anything_that_says_of_what_is_not_read() -> None:
    assert unread(CHEMISTRY, observation(amount("1"), template=RESULT)) == [Unread.NO_CODE]
    assert unread(CHEMISTRY, observation(template=RESULT)) == []


def test_an_interpretation_alone_is_a_result() -> None:
    found = only(CHEMISTRY, analyte('<interpretationCode code="POS"/>'))
    assert (found.value, found.interpretations) == (None, ("POS",))


def test_a_result_of_a_summary_is_of_the_laboratory_or_of_imaging_by_its_group() -> None:
    def summary(group: str) -> Kind:
        inside = observation(GLUCOSE, amount("1"), template=CISIS + "209")
        head = coded("code", group, LOINC, "Groupe")
        return only("30954-2", organizer(inside, head=head, template=CISIS + "208")).kind

    assert (summary("26436-6"), summary("18748-4")) == (Kind.RESULT, Kind.EXAM)


def test_without_any_template_what_is_observed_in_a_chapter_of_a_laboratory_is_a_result() -> None:
    plain = f'<act classCode="ACT" moodCode="EVN">{linked("COMP", observation(GLUCOSE, amount("1")))}</act>'
    assert only(CHEMISTRY, plain).kind is Kind.RESULT


def test_several_values_are_told_one_after_another() -> None:
    values = (
        value("1", SNOMED, "cocci"),
        value("2", SNOMED),
        amount("3"),
        '<value xsi:type="ST">rares</value>',
    )
    assert only(MICROBIOLOGY, analyte(*values)).value == Value(words="cocci, 2, 3 g/L, rares")


def test_a_result_that_its_author_took_back_is_nobodys() -> None:
    for status in ("cancelled", "nullified"):
        entry = analyte(f'<statusCode code="{status}"/>', amount("1"))
        assert extracted(section(CHEMISTRY, entry)).entries == 0
