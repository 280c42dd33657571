"""The walk: what is counted, where a fact stands, what a narrative says, and what hostile documents get."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import MonkeyPatch

from clinical.extraction.entries_made import (
    CISIS,
    LOINC,
    PCC,
    attribute,
    coded,
    extracted,
    linked,
    observation,
    only,
    section,
    templates,
)
from espace.clinical.facts import Kind, NotRead, Unread
from espace.clinical.rules.extraction import extract, narratives
from espace.wire.cda_writing import BIOCHEMISTRY
from espace.wire.clinical_statements import reading
from espace.wire.clinical_statements.values import Concept, Value
from wire.cda.cda_samples import HEADER, cda, level_1, read

AMOUNT = '<value xsi:type="PQ" value="1" unit="g/L"/>'
CODE = coded("code", "2345-7", LOINC, "Glucose")


def test_a_document_of_one_file_gives_nothing() -> None:
    document = read(cda(body=level_1('<text mediaType="text/plain">Bonjour</text>'))).document
    assert document is not None
    found = extract(document)
    assert (found.model, found.facts, found.unread, found.entries) == ("1.2.250.1.213.1.1.1.13", (), (), 0)


def test_each_coded_entry_is_a_fact_or_is_listed_without_content() -> None:
    good, bad = observation(CODE, AMOUNT), observation(CODE, template=CISIS + "48")
    found = extracted(section("30954-2", good, bad))
    assert (len(found.facts), found.entries) == (1, 2)
    assert found.unread == (NotRead(CISIS + "48", "30954-2", Unread.NO_VALUE),)


def test_without_a_template_what_is_not_read_is_named_by_its_element() -> None:
    assert extracted(section("", observation(AMOUNT))).unread == (NotRead("observation", "", Unread.NO_CODE),)


def test_what_operators_read_of_an_entry_holds_no_words_of_its_author() -> None:
    spoken = section("VIH", observation(AMOUNT, template="Jeanne Martin VIH"))
    numbered = section("30954-2", observation(AMOUNT, template="2.16.840.1.113883.279035121518989"))
    assert extracted(spoken, numbered).unread == (
        NotRead("observation", "", Unread.NO_CODE),
        NotRead("observation", "30954-2", Unread.NO_CODE),
    )
    header = HEADER.replace("1.2.250.1.213.1.1.1.13", "1.2.250.1.213.1.1.1.Jeanne Martin", 1)
    document = read(cda(header)).document
    assert document is not None
    assert extract(document).model == ""


def test_a_fact_stands_at_the_nearest_paragraph_and_at_its_rank() -> None:
    narrative = '<paragraph ID="a">Bilan</paragraph><paragraph ID="b">Glycémie</paragraph>'
    told = observation(CODE, '<text><reference value="#b"/></text>', AMOUNT)
    untold = observation(CODE, AMOUNT)
    held = (
        '<organizer classCode="BATTERY" moodCode="EVN"><text><reference value="#a"/></text>'
        f"<component>{told}</component><component>{untold}</component></organizer>"
    )
    places = [fact.place for fact in extracted(section("30954-2", held, untold, narrative=narrative)).facts]
    assert [(place.section, place.title, place.anchor, place.order) for place in places] == [
        ("30954-2", "Section", "cda-n-b", 1),
        ("30954-2", "Section", "cda-n-a", 2),
        ("30954-2", "Section", "cda-s-1", 3),
    ]


def test_what_belongs_to_a_fact_is_no_fact_of_its_own() -> None:
    severity = attribute("SEV", "24484000", template=PCC + "1")
    assert extracted(section("42545-4", observation(CODE, AMOUNT, severity, template=PCC + "13"))).entries == 1


def test_the_conclusion_of_a_report_is_its_narrative() -> None:
    found = extracted(section("19005-8", narrative="<paragraph>Pas de fracture.</paragraph>", title="Conclusion"))
    (fact,) = found.facts
    assert (fact.kind, fact.what) == (Kind.CONCLUSION, Concept("19005-8", LOINC, "", "Conclusion"))
    assert (fact.value, fact.place.anchor, found.entries) == (Value(words="Pas de fracture."), "cda-s-1", 0)


def test_other_narratives_and_empty_ones_make_no_fact() -> None:
    assert extracted(section("10164-2", narrative="Histoire"), section("19005-8", narrative="")).facts == ()


def test_a_conclusion_is_cut_at_its_bound(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(narratives, "_MOST_WORDS", 6)
    (fact,) = extracted(section("59776-5", narrative="Normale partout")).facts
    assert fact.value == Value(words="Normal")


def test_an_imaging_report_says_findings_and_conclusion() -> None:
    found = extracted(section("59776-5", narrative="Foie normal"), section("19005-8", narrative="Rien"))
    assert [fact.value for fact in found.facts] == [Value(words="Foie normal"), Value(words="Rien")]
    assert [fact.place.order for fact in found.facts] == [-1, -2]


def test_what_is_beyond_the_bound_is_counted_and_nothing_stops(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_STATEMENTS", 10)
    found = extracted(section("30954-2", *[observation(CODE, AMOUNT)] * 1_000))
    assert (len(found.facts), found.entries) == (10, 1_000)
    assert Counter(found.unread) == {NotRead("", "30954-2", Unread.TOO_MANY): 990}


def test_pictures_are_no_entries() -> None:
    picture = '<observationMedia classCode="OBS" moodCode="EVN"><code code="1"/></observationMedia>'
    region = '<regionOfInterest classCode="ROIOVL" moodCode="EVN"><code code="1"/></regionOfInterest>'
    assert extracted(section("55107-7", picture, region)).entries == 0


def test_contradictory_templates_give_one_fact() -> None:
    """The first of the table decides: a result that also says it is a vital sign stays a result."""
    both = observation(templates("1.3.6.1.4.1.19376.1.3.1.6", PCC + "13.2", PCC + "13"), CODE, AMOUNT)
    assert only("8716-3", both).kind is Kind.RESULT


def test_contradictory_codes_are_kept_and_not_resolved() -> None:
    code = f'<code code="718-7" codeSystem="{LOINC}"><translation code="2345-7" codeSystem="{LOINC}"/></code>'
    found = only(BIOCHEMISTRY.code, observation(code, AMOUNT))
    assert (found.what.code, [each.code for each in found.what.others]) == ("718-7", ["2345-7"])


TAGS = (
    *("act", "encounter", "observation", "observationMedia", "organizer", "procedure"),
    *("substanceAdministration", "supply"),
)
TEMPLATES = (
    "",
    *(PCC + each for each in ("5", "6", "7", "12", "13", "15", "19", "5.1")),
    *(CISIS + each for each in ("80", "27", "45", "50", "62", "83", "204")),
)
PARTS = (
    CODE,
    AMOUNT,
    '<code nullFlavor="UNK"/>',
    '<code code="ASSERTION"/>',
    '<code code="no-known-allergies"/>',
    '<value xsi:type="CD" code="1" codeSystem="2"/>',
    '<value xsi:type="BL" value="false"/>',
    '<value xsi:type="PQ" value="x"/>',
    '<effectiveTime value="20240230"/>',
    '<effectiveTime xsi:type="IVL_TS"><low value="2024"/></effectiveTime>',
    '<statusCode code="aborted"/>',
    "<consumable><manufacturedProduct><manufacturedMaterial><code code='1'/></manufacturedMaterial>"
    "</manufacturedProduct></consumable>",
    '<participant typeCode="CSM"><participantRole><playingEntity><code code="1"/></playingEntity></participantRole>'
    "</participant>",
    '<subject><relatedSubject><code code="MTH"/></relatedSubject></subject>',
    "<text>Un mot</text>",
    '<doseQuantity value="1"/>',
)


def _statement(tag: str, template: str, mood: str, parts: list[str], inside: list[str]) -> str:
    held = "".join(f"<component>{each}</component>" if tag == "organizer" else linked("RSON", each) for each in inside)
    head = templates(template) if template else ""
    return f'<{tag} classCode="OBS" moodCode="{mood}">{head}{"".join(parts)}{held}</{tag}>'


def _statements(inside: st.SearchStrategy[list[str]]) -> st.SearchStrategy[str]:
    return st.builds(
        _statement,
        st.sampled_from(TAGS),
        st.sampled_from(TEMPLATES),
        st.sampled_from(("EVN", "INT", "RQO", "")),
        st.lists(st.sampled_from(PARTS), max_size=5),
        inside,
    )


ENTRIES = st.recursive(_statements(st.just([])), lambda inside: _statements(st.lists(inside, max_size=2)), max_leaves=8)
SECTIONS = st.sampled_from(("", "48765-2", "11450-4", "10160-0", "11369-6", "18776-5", "10157-6", "18719-5", "46264-8"))


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(SECTIONS, st.lists(ENTRIES, max_size=3)), min_size=1, max_size=3))
def test_any_statements_anywhere_never_raise_and_are_all_counted(told: list[tuple[str, list[str]]]) -> None:
    found = extracted(*(section(code, *entries) for code, entries in told))
    assert found.entries == len(found.facts) + len(found.unread)
    for fact in found.facts:
        assert fact.what.code or fact.what.words
        assert fact.place.anchor
