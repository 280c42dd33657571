"""What a stored query asks for, the record finds: each parameter of ITI-18 over two documents and two sets."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from espace.exchange.xds import criteria
from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.record import rules
from espace.record.facts import Document, Search, Status, SubmissionSet
from espace.wire.ebxml.queries import read
from espace.wire.ebxml.query_forms import ASIDE, PATIENT
from espace.wire.ebxml.query_table import QUERIES
from espace.wire.ebxml.schemes import STABLE, StoredQuery
from espace.wire.xds import Author, Coded, DocumentEntry, Submission
from wire.ebxml.asking import APPROVED, adhoc, finding, parsed

ENTRY = "$XDSDocumentEntry"
ONE, TWO = UUID("0198f5a0-0000-7000-8000-000000000001"), UUID("0198f5a0-0000-7000-8000-000000000002")
ANNE = Author(family="Morel", given="Anne", person_id="810001288385", institution="Cabinet des Tilleuls")
CAME = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def document(id: UUID, entry: DocumentEntry, *restrictions: Visibility) -> Document:
    return Document(id, entry, Status.APPROVED, CAME, None, "", frozenset(restrictions), 20)


FIRST = document(
    ONE,
    DocumentEntry(
        "",
        "urn:oid:1.2.250.1.999.1.1.8",
        "text/xml",
        type=Coded("11502-2", "http://loinc.org"),
        class_=Coded("10", "1.2.250.1.213.1.1.4.1"),
        format=Coded("urn:ihe:lab:xd-lab:2008", "1.3.6.1.4.1.19376.1.2.3"),
        creation_time=datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
        service_start=datetime(2026, 3, 4, tzinfo=UTC),
        service_stop=datetime(2026, 3, 5, tzinfo=UTC),
        authors=(ANNE, Author(institution="Laboratoire")),
        facility_type=Coded("SA07", "1.2.250.1.71.4.2.4"),
        practice_setting=Coded("AMBULATOIRE", "1.2.250.1.213.1.1.4.9"),
        event_codes=(Coded("GLU", "1.2.3"), Coded("NA", "1.2.3")),
        reference_ids=(Coded("ACC-5", "1.2.9", "urn:ihe:iti:xds:2013:accession"), Coded("ORD-7", "1.2.9")),
    ),
    Visibility.MASQUE_PS,
)
SECOND = document(TWO, DocumentEntry("", "urn:uuid:0198f5a0-0000-4000-8000-000000000009", "text/plain"))
BOTH, NONE = "12", ""


def found(data: bytes) -> str:
    """1 for the first document, 2 for the second."""
    search = Search(criteria.of_documents(read(parsed(data))))
    page = rules.page_of([FIRST, SECOND], rules.DOCUMENT_ITEMS, search)
    return "".join(sorted(str(one.id)[-1] for one in page.found))


@pytest.mark.parametrize(
    ("name", "said", "expected"),
    [
        ("TypeCode", "('11502-2^^2.16.840.1.113883.6.1')", "1"),
        ("TypeCode", "('11502-2^^http://loinc.org')", "1"),
        ("TypeCode", "('34133-9^^2.16.840.1.113883.6.1','11502-2^^2.16.840.1.113883.6.1')", "1"),
        ("TypeCode", "('11502-2^^2.16.840.1.113883.6.96')", NONE),
        ("ClassCode", "('10^^urn:oid:1.2.250.1.213.1.1.4.1')", "1"),
        ("FormatCode", "('urn:ihe:lab:xd-lab:2008^^1.3.6.1.4.1.19376.1.2.3')", "1"),
        ("HealthcareFacilityTypeCode", "('SA07^^1.2.250.1.71.4.2.4')", "1"),
        ("PracticeSettingCode", "('AMBULATOIRE^^1.2.250.1.213.1.1.4.9')", "1"),
        ("EventCodeList", "('GLU^^1.2.3','K^^1.2.3')", "1"),
        ("ConfidentialityCode", "('N^^2.16.840.1.113883.5.25')", BOTH),
        ("ConfidentialityCode", "('MASQUE_PS^^1.2.250.1.213.1.1.4.13')", "1"),
        ("ConfidentialityCode", "('MASQUE_PS^^2.16.840.1.113883.5.25')", NONE),
        ("CreationTimeFrom", "20260304093000", "1"),
        ("CreationTimeFrom", "20260304093001", NONE),
        ("CreationTimeTo", "20260304093000", NONE),
        ("CreationTimeTo", "20260304093001", "1"),
        ("CreationTimeFrom", "2026", "1"),
        ("ServiceStartTimeTo", "20260305", "1"),
        ("ServiceStartTimeFrom", "20260305", NONE),
        ("ServiceStopTimeFrom", "20260305", "1"),
        ("ServiceStopTimeTo", "20260305", NONE),
        ("AuthorPerson", "('%Morel%')", "1"),
        ("AuthorPerson", "('810001288385^Morel^Anne^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS')", "1"),
        ("AuthorPerson", "('Morel')", NONE),
        ("AuthorPerson", "('^^')", NONE),
        ("AuthorPerson", "('_10001288385^%')", "1"),
        ("AuthorPerson", "('%morel%')", NONE),
        ("DocumentAvailability", "('urn:ihe:iti:2010:DocumentAvailability:Online')", BOTH),
        ("DocumentAvailability", "('urn:ihe:iti:2010:DocumentAvailability:Offline')", NONE),
        ("Type", f"('{STABLE}')", BOTH),
        ("Type", f"('urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248','{STABLE}')", BOTH),
        ("Type", "('urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248')", NONE),
    ],
)
def test_find_documents(name: str, said: str, expected: str) -> None:
    assert found(finding((f"{ENTRY}{name}", said))) == expected


def test_repeated_slots_must_all_hold() -> None:
    events = f"{ENTRY}EventCodeList"
    assert found(finding((events, "('GLU^^1.2.3')"), (events, "('NA^^1.2.3')"))) == "1"
    assert found(finding((events, "('GLU^^1.2.3')"), (events, "('K^^1.2.3')"))) == NONE


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("('ACC-5^^^&1.2.9&ISO^urn:ihe:iti:xds:2013:accession')", "1"),
        ("('ACC-5^^^&1.2.9&ISO^urn:ihe:iti:xds:2013:order')", NONE),
        ("('ORD-7^^^&1.2.9&ISO^urn:ihe:iti:xds:2013:order')", "1"),
        ("('ACC-5^^^&1.2.8&ISO^urn:ihe:iti:xds:2013:accession')", NONE),
        ("('ACC-5')", "1"),
        ("('ACC-')", NONE),
    ],
)
def test_find_documents_by_reference(said: str, expected: str) -> None:
    patient = ("$XDSDocumentEntryPatientId", "'279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH'")
    slots = [patient, (f"{ENTRY}Status", APPROVED), (f"{ENTRY}ReferenceIdList", said)]
    assert found(adhoc(StoredQuery.FIND_DOCUMENTS_BY_REFERENCE, slots)) == expected


@pytest.mark.parametrize(
    ("name", "said", "expected"),
    [
        ("EntryUUID", f"('urn:uuid:{ONE}')", "1"),
        ("EntryUUID", f"('URN:UUID:{str(ONE).upper()}','urn:uuid:{TWO}')", BOTH),
        ("EntryUUID", "('Document01')", NONE),
        ("LogicalID", f"('urn:uuid:{TWO}')", "2"),
        ("UniqueId", "('1.2.250.1.999.1.1.8')", "1"),
        ("UniqueId", "('urn:oid:1.2.250.1.999.1.1.8')", "1"),
        ("UniqueId", "('1.2.250.1.999.1.1.80','urn:oid:')", NONE),
        ("UniqueId", "('URN:UUID:0198F5A0-0000-4000-8000-000000000009')", "2"),
    ],
)
def test_get_documents(name: str, said: str, expected: str) -> None:
    assert found(adhoc(StoredQuery.GET_DOCUMENTS, [(f"{ENTRY}{name}", said)])) == expected


SAID = Submission(
    "urn:oid:1.2.250.1.999.1.1.7",
    "1.2.250.1.999.1.1",
    datetime(2026, 3, 4, 10, tzinfo=UTC),
    (),
    content_type=Coded("07", "1.2.250.1.213.2.2"),
    author=ANNE,
)
LESS = replace(SAID, unique_id="1.7", source_id="1.5", submission_time=None, author=None)
SETS = [SubmissionSet(ONE, SAID, CAME, (ONE,)), SubmissionSet(TWO, LESS, CAME, (TWO,))]


@pytest.mark.parametrize(
    ("name", "said", "expected"),
    [
        ("SourceId", "('1.2.250.1.999.1.1')", "1"),
        ("SourceId", "('urn:oid:1.5')", "2"),
        ("SubmissionTimeFrom", "20260304100000", "1"),
        ("SubmissionTimeTo", "20260304100000", "2"),
        ("AuthorPerson", "'%^Morel^%'", "1"),
        ("ContentType", "('07^^1.2.250.1.213.2.2')", BOTH),
    ],
)
def test_find_submission_sets(name: str, said: str, expected: str) -> None:
    patient = ("$XDSSubmissionSetPatientId", "'279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH'")
    slots = [patient, ("$XDSSubmissionSetStatus", APPROVED), (f"$XDSSubmissionSet{name}", said)]
    query = read(parsed(adhoc(StoredQuery.FIND_SUBMISSION_SETS, slots)))
    page = rules.page_of(SETS, rules.SET_ITEMS, Search(criteria.of_sets(query)))
    assert "".join(sorted(str(one.id)[-1] for one in page.found)) == expected


def test_every_parameter_narrows_or_says_why_not() -> None:
    """What no table of criteria has is the patient, or an id that the query itself looks at."""
    elsewhere = {"$uuid", "$AssociationTypes", "$XDSAssociationStatus", *criteria._ALIKE}
    for shape in QUERIES.values():
        for name, parameter in shape.parameters.items():
            folders = name.startswith("$XDSFolder")
            aside = parameter.form in (PATIENT, ASIDE) or folders or name in elsewhere
            assert aside or name in criteria.DOCUMENTS or name in criteria.SETS, name
