"""What `./espace feed` writes is what the door reads."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from espace.wire.fhir.documents import Reading
from espace.wire.fhir.provide_bundle import parse
from espace.wire.fhir.writing import provide_bundle
from espace.wire.xds import Author, Coded, DocumentEntry, NewDocument, PatientStatement, Submission

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
IDS = [UUID(int=number) for number in range(1, 4)]
READING = Reading(zone=ZoneInfo("Europe/Paris"), base="http://localhost:8000/fhir", max_bytes=1_000)


@pytest.mark.parametrize(
    "author",
    [
        Author(family="Le Goff", given="Anne", person_id="810001288385"),
        Author(institution="Hôpital des Remparts", institution_id="1990000017"),
        Author(institution="Hôpital des Remparts"),
        Author("Le Goff", "Anne", "810001288385", institution="Hôpital des Remparts", institution_id="1990000017"),
    ],
)
def test_an_author_written_is_read_again(author: Author) -> None:
    entry = DocumentEntry(
        place="",
        unique_id="1.2.3.4",
        mime_type="text/plain",
        type=Coded("11502-2"),
        class_=Coded("10"),
        format=Coded("urn:ihe:iti:xds-sd:text:2008"),
        title="Biologie",
        creation_time=AT,
        authors=(author,),
        facility_type=Coded("SA01"),
        practice_setting=Coded("ETABLISSEMENT"),
    )
    patient = PatientStatement("", number="279035121518989", authority="1.2.250.1.213.1.4.10")
    sent = Submission("1.2.3.5", "1.2.250.1.999.1.1", AT, (NewDocument(entry, b"x"),), patients=(patient,))
    provided = parse(provide_bundle(sent, IDS), READING)
    assert provided.problems == ()
    assert provided.submission is not None
    assert provided.submission.documents[0].entry.authors == (author,)
