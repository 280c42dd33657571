"""What is told in ebXML is read again as it was: the codec of a deposit and that of a search are one."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.wire.ebxml import writing
from espace.wire.ebxml.entries import read_entry
from espace.wire.ebxml.objects import stated
from espace.wire.ebxml.writing import Known, whose
from espace.wire.report import Report
from espace.wire.xds import Author, Coded, DocumentEntry
from espace.wire.xml import parse_xml

ID = UUID("0199a2b4-0000-7000-8000-000000000001")
WORD = st.sampled_from(["a", "O’Connor & fils", "« Glycémie » <5>", 'dit "x"', "0", "ÀŒ'-"])
SAID = st.sampled_from(["", "b", "a ^ b", "R&D|x~y", "é\u202eé"])
OID = st.sampled_from(["1.2.250.1.213.1.1.4.1", "2.16.840.1.113883.6.1", "1.9"])
CODED = st.builds(Coded, WORD, OID, WORD)
TIME = st.integers(0, 6_000_000_000).map(lambda seconds: datetime(1900, 1, 1, tzinfo=UTC) + timedelta(0, seconds))
PERSON = st.builds(Author, family=WORD, given=SAID, person_id=st.just("810001288385"))
AUTHOR = st.builds(
    Author,
    family=WORD,
    given=SAID,
    person_id=st.sampled_from(["", "810001288385"]),
    specialty=st.none() | CODED,
    role=st.none() | CODED,
    institution=WORD,
    institution_id=st.sampled_from(["", "1990000017"]),
)
ENTRY = st.builds(
    DocumentEntry,
    place=st.just("RegistryObjectList/ExtrinsicObject[1]"),
    unique_id=OID | st.just("urn:uuid:0199a2b4-0000-7000-8000-000000000002"),
    mime_type=st.sampled_from(["text/xml", "application/pdf"]),
    type=CODED,
    class_=CODED,
    format=CODED,
    title=WORD,
    comments=SAID,
    language=st.just("fr-FR"),
    creation_time=TIME,
    service_start=st.none() | TIME,
    service_stop=st.none() | TIME,
    authors=st.lists(AUTHOR, min_size=1, max_size=2).map(tuple),
    legal_authenticator=st.none() | PERSON,
    facility_type=CODED,
    practice_setting=CODED,
    confidentiality=st.sampled_from("NRV"),
    visibility=st.frozensets(st.sampled_from(list(Visibility))),
    event_codes=st.lists(CODED, max_size=2).map(tuple),
    hash=st.just("CXnlAaW9J3md1/qfyI5JnxDIQIk="),
    size=st.just(20),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ENTRY)
def test_an_entry_told_is_read_as_it_was(entry: DocumentEntry) -> None:
    known = Known(ID, entry, "Approved", 20, entry.visibility)
    text = writing.object_list([writing.document_entry(known, whose("279035121518989", "1.2.250.1.213.1.4.10", "1.2"))])
    root = parse_xml(text.encode()).root
    assert root is not None
    report = Report()
    [one] = stated(root)
    read, [patient] = read_entry(replace(one, logical_id=""), report)
    assert report.problems == []
    assert read == entry
    assert (patient.number, patient.authority) == ("279035121518989", "1.2.250.1.213.1.4.10")
