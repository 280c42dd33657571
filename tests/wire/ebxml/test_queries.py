"""ITI-18, 3.18.4.1.2: a stored query is read whole or refused with every fault at its place."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.kernel.words import RefusedProblems
from espace.wire.ebxml import query_forms
from espace.wire.ebxml.queries import Query, Value, literals, read
from espace.wire.ebxml.query_forms import Form
from espace.wire.ebxml.query_table import QUERIES
from espace.wire.ebxml.schemes import STABLE, StoredQuery
from espace.wire.xds import Coded, PatientStatement
from wire.ebxml.asking import APPROVED, adhoc, finding, parsed

SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
OFFICIAL = SHARED / "ihe/ipf/xds/src/test/resources/iti18request.xml"
ENTRY = "$XDSDocumentEntry"
PLACE = "AdhocQuery/Slot[@name='%s']"


def query(data: bytes) -> Query:
    return read(parsed(data))


def refused(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(RefusedProblems) as refusal:
        query(data)
    return [(one.reason.code, one.place) for one in refusal.value.problems]


def values(name: str, said: str | list[str]) -> tuple[Value, ...]:
    [found] = query(finding((name, said))).named(name)
    return found.values


def test_a_whole_query_is_read() -> None:
    found = query(
        finding(
            (f"{ENTRY}TypeCode", "('11502-2^^2.16.840.1.113883.6.1', '34133-9^^2.16.840.1.113883.6.1')"),
            (f"{ENTRY}CreationTimeFrom", "20260304"),
            (f"{ENTRY}AuthorPerson", "('%Morel^Anne%')"),
            ("$homeCommunityId", "'urn:oid:1.2.3'"),
            ("urn:oid:1.2.3:extension", "anything"),
        )
    )
    assert (found.kind, found.whole) == (StoredQuery.FIND_DOCUMENTS, True)
    assert {one.name: one.values for one in found.slots} == {
        "$XDSDocumentEntryPatientId": (
            PatientStatement("", number="279035121518989", authority="1.2.250.1.213.1.4.10"),
        ),
        "$XDSDocumentEntryStatus": ("Approved",),
        "$XDSDocumentEntryTypeCode": (
            Coded("11502-2", "2.16.840.1.113883.6.1"),
            Coded("34133-9", "2.16.840.1.113883.6.1"),
        ),
        "$XDSDocumentEntryCreationTimeFrom": (datetime(2026, 3, 4, tzinfo=UTC),),
        "$XDSDocumentEntryAuthorPerson": ("%Morel^Anne%",),
    }
    assert found.patient is not None
    assert (found.patient.number, found.patient.place) == ("279035121518989", PLACE % "$XDSDocumentEntryPatientId")
    assert found.written == (
        ("$XDSDocumentEntryStatus", APPROVED),
        ("$XDSDocumentEntryTypeCode", "('11502-2^^2.16.840.1.113883.6.1', '34133-9^^2.16.840.1.113883.6.1')"),
        ("$XDSDocumentEntryCreationTimeFrom", "20260304"),
        ("$XDSDocumentEntryAuthorPerson", "('%Morel^Anne%')"),
    )
    assert not query(finding(returns="ObjectRef")).whole


def test_lists_are_one_of_and_repeated_slots_all_of() -> None:
    name = f"{ENTRY}EventCodeList"
    found = query(finding((name, ["('a^^1.2')", "('b^^1.2','c^^1.3')"]), (name, "('d^^1.2')")))
    assert [one.values for one in found.named(name)] == [
        (Coded("a", "1.2"), Coded("b", "1.2"), Coded("c", "1.3")),
        (Coded("d", "1.2"),),
    ]


@pytest.mark.parametrize(
    ("name", "said", "value"),
    [
        ("CreationTimeTo", "2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("CreationTimeTo", "'20260304093015'", datetime(2026, 3, 4, 9, 30, 15, tzinfo=UTC)),
        ("Status", "('urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated')", "Deprecated"),
        ("Status", "'urn:asip:ci-sis:2010:StatusType:Archived'", "Archived"),
        ("ClassCode", "('a''b^^urn:oid:1.2')", Coded("a'b", "urn:oid:1.2")),
        ("ClassCode", " ( 'S\\S\\T^^1.2' ) ", Coded("S^T", "1.2")),
        ("Type", f"('{STABLE}')", STABLE),
    ],
)
def test_values(name: str, said: str, value: Value) -> None:
    shape = QUERIES[StoredQuery.FIND_DOCUMENTS].parameters[f"{ENTRY}{name}"]
    if shape.required:
        found = query(adhoc(StoredQuery.FIND_DOCUMENTS, [PATIENT, (f"{ENTRY}{name}", said)]))
        assert found.named(f"{ENTRY}{name}")[0].values == (value,)
    else:
        assert values(f"{ENTRY}{name}", said) == (value,)


PATIENT = ("$XDSDocumentEntryPatientId", "'279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH'")
BY_REFERENCE = StoredQuery.FIND_DOCUMENTS_BY_REFERENCE


def test_references_have_their_kind() -> None:
    said = "('ACC-5^^^&1.2.250.1.999.9&ISO^urn:ihe:iti:xds:2013:accession', 'ORD-7')"
    found = query(adhoc(BY_REFERENCE, [PATIENT, (f"{ENTRY}Status", APPROVED), (f"{ENTRY}ReferenceIdList", said)]))
    [references] = found.named(f"{ENTRY}ReferenceIdList")
    assert references.values == (
        Coded("ACC-5", "1.2.250.1.999.9", "urn:ihe:iti:xds:2013:accession"),
        Coded("ORD-7"),
    )


ID = "urn:uuid:0198F5A0-0000-7000-8000-000000000001"


def test_get_queries_take_ids() -> None:
    found = query(adhoc(StoredQuery.GET_DOCUMENTS, [(f"{ENTRY}EntryUUID", f"('{ID}','Document01')")]))
    assert found.slots[0].values == ("0198f5a0-0000-7000-8000-000000000001", "document01")
    assert found.patient is None
    assert found.written == ((f"{ENTRY}EntryUUID", f"('{ID}','Document01')"),)


BAD = {"query_parameter_invalid", "query_parameter_missing", "query_parameter_number"}


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("ClassCode", "('11502-2')", "invalid"),
        ("ClassCode", "('11502-2^^')", "invalid"),
        ("ClassCode", "('11502-2^x^1.2')", "invalid"),
        ("ClassCode", "('^^1.2')", "invalid"),
        ("ClassCode", "11502-2^^1.2", "invalid"),
        ("ClassCode", "('a^^1.2'", "invalid"),
        ("ClassCode", "'a^^1.2')", "invalid"),
        ("ClassCode", "'a^^1.2','b^^1.2'", "invalid"),
        ("ClassCode", "('a^^1.2',)", "invalid"),
        ("ClassCode", "('a^^1.2' 'b^^1.2')", "invalid"),
        ("ClassCode", "()", "invalid"),
        ("ClassCode", "", "invalid"),
        ("ClassCode", [], "invalid"),
        ("ClassCode", "(12)", "invalid"),
        ("ClassCode", f"('{'a' * 298}^^1')", "invalid"),
        ("ClassCode", "(" + ",".join(["'a^^1'"] * 200) + ")", "invalid"),
        ("CreationTimeFrom", "('2026','2027')", "number"),
        ("CreationTimeFrom", "20261345", "invalid"),
        ("CreationTimeFrom", "'hier'", "invalid"),
        ("CreationTimeFrom", "9999", "invalid"),
        ("AuthorPerson", "('')", "invalid"),
        ("Type", "", "invalid"),
    ],
)
def test_what_is_not_a_value_is_refused_at_its_slot(name: str, said: str | list[str], code: str) -> None:
    assert refused(finding((f"{ENTRY}{name}", said))) == [(f"query_parameter_{code}", PLACE % f"{ENTRY}{name}")]


def test_every_fault_is_told_at_once() -> None:
    slots = [
        (f"{ENTRY}Status", "('urn:oasis:names:tc:ebxml-regrep:StatusType:Submitted')"),
        (f"{ENTRY}TypeCode", "('a^^1')"),
        (f"{ENTRY}TypeCode", "('b^^1')"),
        (f"{ENTRY}Titel", "('a')"),
        ("$XDSSubmissionSetStatus", APPROVED),
    ]
    assert refused(adhoc(StoredQuery.FIND_DOCUMENTS, slots)) == [
        ("query_parameter_invalid", PLACE % f"{ENTRY}Status"),
        ("query_parameter_invalid", "AdhocQuery/Slot[4]"),
        ("query_parameter_invalid", "AdhocQuery/Slot[5]"),
        ("query_parameter_missing", PLACE % f"{ENTRY}PatientId"),
        ("query_parameter_number", PLACE % f"{ENTRY}TypeCode"),
    ]


@pytest.mark.parametrize("kind", list(StoredQuery))
def test_what_a_query_cannot_do_without(kind: StoredQuery) -> None:
    shape = QUERIES[kind]
    needed = [name for name, one in shape.parameters.items() if one.required] + list(shape.one_of[:1])
    assert needed
    assert refused(adhoc(kind, [])) == [("query_parameter_missing", PLACE % name) for name in needed]


@pytest.mark.parametrize("kind", [kind for kind, shape in QUERIES.items() if shape.one_of])
def test_by_one_id_or_by_the_other(kind: StoredQuery) -> None:
    shape = QUERIES[kind]
    needed = [(name, "('urn:ihe:iti:2007:AssociationType:RPLC')") for name in shape.parameters if "Types" in name]
    both = [(name, "'1.2.3'") for name in shape.one_of]
    assert refused(adhoc(kind, [*needed, *both])) == [("query_parameter_number", PLACE % shape.one_of[1])]
    assert query(adhoc(kind, [*needed, both[0]])).kind is kind
    many = [(shape.one_of[0], "('1','2')")]
    if shape.parameters[shape.one_of[0]].many:
        assert query(adhoc(kind, [*needed, *many])).slots[-1].values == ("1", "2")
    else:
        assert refused(adhoc(kind, [*needed, *many]))[0] == ("query_parameter_number", PLACE % shape.one_of[0])


def test_a_request_of_another_form_is_refused() -> None:
    returns = "ResponseOption/@returnType"
    assert refused(finding(returns="LeafClassWithRepositoryItem")) == [("query_malformed", returns)]
    assert refused(finding(returns="")) == [("query_malformed", returns)]
    assert refused(b'<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"/>') == [
        ("query_malformed", returns),
        ("query_malformed", "AdhocQuery"),
    ]
    assert refused(adhoc("urn:uuid:00000000-0000-4000-8000-000000000000", [])) == [
        ("stored_query_unknown", "AdhocQuery/@id")
    ]
    assert refused(finding(*[(f"{ENTRY}EventCodeList", "('a^^1')")] * 59)) == [("query_malformed", "AdhocQuery")]


@pytest.mark.skipif(not OFFICIAL.exists(), reason="the examples are not on this machine")
def test_a_foreign_query_whose_patient_is_an_injection_is_refused() -> None:
    assert refused(OFFICIAL.read_bytes()) == [("query_parameter_invalid", PLACE % f"{ENTRY}PatientId")]


def test_every_form_can_be_read() -> None:
    forms = {one.form for shape in QUERIES.values() for one in shape.parameters.values()}
    assert forms == {one for one in vars(query_forms).values() if isinstance(one, Form)}


def listed(texts: list[str]) -> str:
    return "(" + ", ".join("'" + one.replace("'", "''") + "'" for one in texts) + ")"


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=5))
def test_texts_come_out_as_they_went_in(texts: list[str]) -> None:
    assert literals(listed(texts)) == tuple((one, True) for one in texts)


@given(st.text(alphabet="'(), a1", max_size=40))
def test_no_text_is_read_in_two_ways(text: str) -> None:
    found = [one for one, _ in literals(text)]
    assert not found or literals(listed(found)) == tuple((one, True) for one in found)
