"""The search language of R4: what is understood, and what is refused with its place."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.kernel.words import RefusedProblems
from espace.wire.fhir.searching import (
    DOCUMENTS,
    LISTS,
    PATIENTS,
    Criterion,
    How,
    Language,
    Query,
    Sorting,
    Summary,
    Table,
    Target,
    Text,
    Token,
    read,
)

LANGUAGE = Language(ZoneInfo("Europe/Paris"), "https://e.test/fhir", datetime(2026, 3, 4, tzinfo=UTC))
INS = "urn:oid:1.2.250.1.213.1.4.10|279035121518989"
ID = "01900000-0000-7000-8000-000000000001"


def query(*pairs: tuple[str, str], table: Table = DOCUMENTS, lenient: bool = False) -> Query:
    return read(pairs, table, LANGUAGE, lenient=lenient)


def one(name: str, value: str, table: Table = DOCUMENTS) -> Criterion:
    [found] = query((name, value), table=table).criteria
    return found


UNDERSTOOD = [
    ("type", "11502-2", Criterion("type", (Token("11502-2"),))),
    ("type", "http://loinc.org|11502-2", Criterion("type", (Token("11502-2", "2.16.840.1.113883.6.1"),))),
    ("type", "urn:oid:2.16.840.1.113883.6.1|x", Criterion("type", (Token("x", "2.16.840.1.113883.6.1"),))),
    ("type", "urn:oid:1.2.3|x", Criterion("type", (Token("x", "1.2.3"),))),
    ("type", "http://loinc.org|", Criterion("type", (Token("", "2.16.840.1.113883.6.1"),))),
    ("type", "|x", Criterion("type", (Token("x", ""),))),
    ("type", r"a,b\,c\|d\$e\\f", Criterion("type", (Token("a"), Token(r"b,c|d$e\f")))),
    ("type:not", "a,b", Criterion("type", (Token("a"), Token("b")), negated=True)),
    ("event:missing", "true", Criterion("event", missing=True)),
    ("period:missing", "false", Criterion("period", missing=False)),
    ("format", "urn:ihe:iti:xds-sd:text:2008", Criterion("format", (Token("urn:ihe:iti:xds-sd:text:2008"),))),
    ("status", "current,superseded", Criterion("status", (Token("current"), Token("superseded")))),
    ("status", "http://hl7.org/fhir/document-reference-status|current", Criterion("status", (Token("current"),))),
    ("identifier", "urn:oid:1.2.3", Criterion("identifier", (Token("1.2.3"),))),
    ("identifier", "urn:ietf:rfc:3986|URN:UUID:" + ID, Criterion("identifier", (Token("urn:uuid:" + ID),))),
    ("identifier", "ACC-5", Criterion("identifier", (Token("ACC-5"),))),
    ("_id", f"{ID},other", Criterion("_id", (Token(ID), Token("other")))),
    ("patient", f"Patient/{ID}", Criterion("patient", (Target("Patient", ID),))),
    ("patient", f"https://e.test/fhir/Patient/{ID}", Criterion("patient", (Target("Patient", ID),))),
    ("patient", ID, Criterion("patient", (Target("Patient", ID),))),
    ("patient:identifier", INS, Criterion("patient.identifier", (Token("279035121518989", "1.2.250.1.213.1.4.10"),))),
    ("patient.identifier", INS, Criterion("patient.identifier", (Token("279035121518989", "1.2.250.1.213.1.4.10"),))),
    ("relatesto", f"DocumentReference/{ID}", Criterion("relatesto", (Target("DocumentReference", ID),))),
    ("related:identifier", "urn:oid:1.2.3|ACC", Criterion("related.identifier", (Token("ACC", "1.2.3"),))),
    ("author.family", "Lé  GOFF", Criterion("author.family", (Text("le goff"),))),
    ("author.family:contains", "GO", Criterion("author.family", (Text("go", How.CONTAINS),))),
    ("author.given:exact", "Anne", Criterion("author.given", (Text("Anne", How.EXACT),))),
    ("author:identifier", "810001288385", Criterion("author.identifier", (Token("810001288385"),))),
    ("security-label", "N", Criterion("security-label", (Token("N"),))),
    ("isArchived", "true", Criterion("isArchived", (Token("true"),))),
]


@pytest.mark.parametrize(("name", "value", "expected"), UNDERSTOOD, ids=lambda one: str(one)[:40])
def test_a_parameter_is_understood_as_the_standard_says(name: str, value: str, expected: Criterion) -> None:
    assert one(name, value) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("code", "submissionset"),
        ("designationType", "07"),
        ("sourceId", "urn:oid:1.2.3"),
        ("source.family", "Le Goff"),
        ("source:identifier", "810001288385"),
        ("title", "Bilan"),
        ("date", "2026"),
        ("status", "current"),
    ],
)
def test_lists_have_parameters_of_their_own(name: str, value: str) -> None:
    assert one(name, value, LISTS).name == name.replace(":", ".")
    assert (name in DOCUMENTS.parameters) == (name in ("date", "status"))


LONG = "x" * 129
REFUSED = [
    ("nonsense", "x", "http.nonsense"),
    ("DUPONT Jean", "x", ""),
    ("a" * 80, "x", ""),
    ("éa", "x", ""),
    ("", "x", ""),
    (":not", "x", ""),
    ("type:", "x", "http.type"),
    ("type:text", "x", "http.type"),
    ("type:in", "x", "http.type"),
    ("type:below", "x", "http.type"),
    ("type:of-type", "x", "http.type"),
    ("type:not:not", "x", "http.type"),
    ("type:exact", "x", "http.type"),
    ("type:missing", "maybe", "http.type"),
    ("type:missing", "true,false", "http.type"),
    ("type", "", "http.type"),
    ("type", ",a", "http.type"),
    ("type", "a,,b", "http.type"),
    ("type", "|", "http.type"),
    ("type", "a|b|c", "http.type"),
    ("type", "\\x", "http.type"),
    ("type", "a\\", "http.type"),
    ("type", "a\x00", "http.type"),
    ("type", "a\ue000b", "http.type"),
    ("type", "\ud800", "http.type"),
    ("type", LONG, "http.type"),
    ("type", ",".join("a" * 51), "http.type"),
    ("type", "s" * 257 + "|a", "http.type"),
    ("status", "Approved", "http.status"),
    ("status", "http://other|current", "http.status"),
    ("relation", "mentions", "http.relation"),
    ("isArchived", "yes", "http.isArchived"),
    ("isArchived:missing", "true", "http.isArchived"),
    ("identifier", "http://x|y", "http.identifier"),
    ("identifier", "urn:ietf:rfc:3986|", "http.identifier"),
    ("_id", "a/b", "http._id"),
    ("_id", "x|a", "http._id"),
    ("_id", "a" * 65, "http._id"),
    ("patient", "Practitioner/1", "http.patient"),
    ("patient", "https://other.test/fhir/Patient/1", "http.patient"),
    ("patient", "Patient/1/_history/2", "http.patient"),
    ("patient", "Patient/../Practitioner", "http.patient"),
    ("patient:not", ID, "http.patient"),
    ("patient:Patient", ID, "http.patient"),
    ("patient:missing", "true", "http.patient"),
    ("patient.identifier", "279035121518989", "http.patient.identifier"),
    ("patient.identifier", "urn:oid:1.2|", "http.patient.identifier"),
    ("patient.identifier:not", INS, "http.patient.identifier"),
    ("patient.name", "Duval", "http.patient.name"),
    ("author", "Practitioner/1", "http.author"),
    ("author.family", " ", "http.author.family"),
    ("author.family", "\u0301", "http.author.family"),
    ("author.family:not", "x", "http.author.family"),
    ("author.family", LONG, "http.author.family"),
    ("related", "Encounter/1", "http.related"),
    ("date", "yesterday", "http.date"),
    ("date:not", "2026", "http.date"),
    ("_include", "DocumentReference:patient", "http._include"),
    ("_include:iterate", "*", "http._include"),
    ("_revinclude", "*", "http._revinclude"),
    ("_has:Provenance:target:agent", "x", "http._has"),
    ("_filter", "type eq x", "http._filter"),
    ("_content", "VIH", "http._content"),
    ("_text", "VIH", "http._text"),
    ("_list", "x", "http._list"),
    ("_elements", "id", "http._elements"),
    ("_contained", "true", "http._contained"),
    ("description:contains", "VIH", "http.description"),
    ("_count", "-1", "http._count"),
    ("_count", "501", "http._count"),
    ("_count", "²", "http._count"),
    ("_count", "1" * 5_000, "http._count"),
    ("_count", "1e2", "http._count"),
    ("_count", "", "http._count"),
    ("_sort", "", "http._sort"),
    ("_sort", "title", "http._sort"),
    ("_sort", "date,-date", "http._sort"),
    ("_sort", "--date", "http._sort"),
    ("_sort:x", "date", "http._sort"),
    ("_summary", "all", "http._summary"),
    ("_total", "some", "http._total"),
    ("_after", "1", "http._after"),
]


@pytest.mark.parametrize(("name", "value", "place"), REFUSED, ids=lambda one: ascii(one)[:40])
def test_what_is_not_understood_is_refused_at_its_place(name: str, value: str, place: str) -> None:
    with pytest.raises(RefusedProblems) as caught:
        query((name, value))
    [problem] = caught.value.problems
    assert (problem.reason.code, problem.place) == ("parameter_unsupported", place)


@pytest.mark.parametrize("name", ["DUPONT Jean", "status", "patient", "_id", "date", "_count", "_sort", "_after"])
def test_a_value_is_never_told_back(name: str) -> None:
    with pytest.raises(RefusedProblems) as caught:
        query((name, "DUPONT\x00Jean"))
    assert "DUPONT" not in str([(problem.place, problem.detail) for problem in caught.value.problems])


def test_a_source_is_a_uri_or_a_number_under_a_system() -> None:
    for said in ("urn:oid:1.2.3", "1.2.3", "urn:ietf:rfc:3986|urn:oid:1.2.3"):
        assert one("sourceId", said, LISTS).values == (Token("1.2.3"),)
    assert one("sourceId", "urn:oid:1.2.3|SRC-01", LISTS).values == (Token("SRC-01", "1.2.3"),)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(RefusedProblems) as caught:
        query(("x", "1"), ("status", "hidden"), ("_count", "x"), ("type", "11502-2"), ("date", "x"))
    assert [problem.place for problem in caught.value.problems] == ["http.x", "http.status", "http.date", "http._count"]


def test_repeated_criteria_all_hold_and_repeated_controls_are_refused() -> None:
    found = query(("type", "a"), ("type", "b"), ("date", "ge2026-01"), ("date", "lt2026-02"))
    assert [one.name for one in found.criteria] == ["type", "type", "date", "date"]
    controls = {"_count": "1", "_sort": "date", "_summary": "true", "_total": "none", "_after": ID}
    for control, value in controls.items():
        with pytest.raises(RefusedProblems) as caught:
            query((control, value), (control, value))
        assert [problem.place for problem in caught.value.problems] == [f"http.{control}"]


def test_a_search_has_a_hundred_values_at_most() -> None:
    many = ",".join("a" * 50)
    assert len(query(("type", many), ("format", many)).criteria) == 2
    with pytest.raises(RefusedProblems):
        query(("type", many), ("format", many), ("event", "a"))


def test_what_the_answer_should_look_like_is_read_too() -> None:
    found = query(("_count", "20"), ("_sort", "-date,type"), ("_after", ID), ("_summary", "true"), ("_total", "none"))
    assert (found.count, found.after, found.summary, found.total) == (20, UUID(ID), Summary.TRUE, False)
    assert found.sort == (Sorting("date", descending=True), Sorting("type"))
    assert query() == Query()
    assert query().count == 500


def test_counting_answers_the_total_alone_whatever_else_is_said() -> None:
    for pairs in ((("_summary", "count"),), (("_count", "0"),), (("_summary", "count"), ("_count", "5"))):
        found = query(*pairs, ("_total", "none"))
        assert (found.count, found.total) == (0, True)


def test_what_a_client_says_of_formats_and_of_how_to_count_changes_nothing() -> None:
    said = (("_format", "json"), ("_pretty", "true"), ("_totalMethod", "count"), ("_format", "json"))
    assert query(*said) == Query(said=said)


def test_lenient_leaves_out_unknown_parameters_alone_and_says_so_in_what_was_understood() -> None:
    found = query(("nonsense", "x"), ("type", "a"), ("_include", "*"), ("_pretty", "true"), lenient=True)
    assert found.said == (("type", "a"), ("_pretty", "true"))
    for name, value in (("type:text", "x"), ("status", "hidden"), ("_count", "-1"), ("date", "x")):
        with pytest.raises(RefusedProblems):
            query((name, value), lenient=True)


def test_a_patient_is_looked_for_by_ins_or_id() -> None:
    assert one("identifier", INS, PATIENTS).values == (Token("279035121518989", "1.2.250.1.213.1.4.10"),)
    assert one("_id", ID, PATIENTS).values == (Token(ID),)
    for name, value in (("name", "Duval"), ("birthdate", "1985"), ("identifier", "279035121518989"), ("_sort", "name")):
        with pytest.raises(RefusedProblems):
            query((name, value), table=PATIENTS)


NAMES = st.sampled_from([*DOCUMENTS.parameters, *LISTS.parameters, "_count", "_sort", "_summary", "_total", "_after"])
MODIFIERS = st.sampled_from(["", ":not", ":missing", ":identifier", ":exact", ":contains", ":"])


@given(st.lists(st.tuples(NAMES, MODIFIERS, st.text(max_size=40)), max_size=8), st.booleans())
def test_no_search_is_beyond_reading_or_refusing(said: list[tuple[str, str, str]], lenient: bool) -> None:
    for table in (DOCUMENTS, LISTS, PATIENTS):
        try:
            found = query(*((name + modifier, value) for name, modifier, value in said), table=table, lenient=lenient)
        except RefusedProblems as refusal:
            assert all(problem.reason.status == 400 for problem in refusal.problems)
        else:
            assert isinstance(found, Query)


@given(st.text(alphabet="\\,|$ab", max_size=30))
def test_an_escaped_text_is_itself_again(text: str) -> None:
    escaped = "".join(f"\\{c}" if c in "\\,|$" else c for c in text)
    if text:
        assert one("type", escaped).values == (Token(text),)
