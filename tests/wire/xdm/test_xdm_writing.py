"""An archive that is written is one that everybody reads: people, Python, and our own reader, which finds again what
was written."""

import base64
import hashlib
import io
import zipfile
from datetime import UTC, datetime
from uuid import UUID

from lxml import html

from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.wire import unzip
from espace.wire.ebxml.writing import Known, KnownSet
from espace.wire.xdm import reading, writing
from espace.wire.xdm.writing import Chosen, Outgoing
from espace.wire.xds import Submission
from espace.wire.xml import XmlLimits
from wire.ebxml.test_writing import ANNE, ENTRY, SET, SHARED

AT = datetime(2026, 3, 4, 10, 30, 15, tzinfo=UTC)
TRAITS = ("PID-5|PAT-TROIS^DOMINIQUE^DOMINIQUE MARIE^^^^L", "PID-7|19790305", "PID-8|F")
STATED = Submission("urn:oid:1.2.250.1.999.1.1.7", "1.2.250.1.999.7", AT, (), ENTRY.type, author=ANNE)
OUTGOING = Outgoing(KnownSet(SET, STATED, AT), SHARED, TRAITS, AT)
LETTER, PICTURE = b"<ClinicalDocument/>", bytes(range(256)) * 4


def chosen(number: int, content: bytes, mime_type: str, title: str = "Biologie") -> Chosen:
    entry = replace(ENTRY, unique_id=f"urn:oid:1.2.3.{number}", mime_type=mime_type, title=title, hash=None)
    known = Known(UUID(int=number), entry, "Archived", 1, frozenset({Visibility.MASQUE_PS}), 3)
    return Chosen(known, content)


DOCUMENTS = (
    chosen(1, LETTER, "text/xml", 'Biologie <script>alert("1")</script>'),
    chosen(2, PICTURE, "image/png"),
    chosen(3, b"?", "x/y", ""),
)


def test_our_own_reader_finds_what_was_written() -> None:
    data = writing.archive(DOCUMENTS[:2], OUTGOING)
    held = dict(unzip.members(data, most=100_000, wanted=lambda name: name.startswith(reading.FOLDER)))
    [found] = reading.read(held, max_bytes=100_000, limits=XmlLimits())
    assert found.problems == ()
    assert found.submission
    assert [one.content for one in found.submission.documents] == [LETTER, PICTURE]
    for read, one in zip(found.submission.documents, DOCUMENTS, strict=False):
        stated, entry = one.known.entry, read.entry
        assert f"urn:oid:{entry.unique_id}" == stated.unique_id
        assert (entry.title, entry.mime_type) == (stated.title, stated.mime_type)
        assert entry.creation_time == stated.creation_time
        assert [one.code for one in entry.event_codes] == ["GLU", "NA"]
        assert (entry.class_, entry.authors[0].person_id) == (
            stated.class_, "810001288385",
        )  # fmt: skip
        assert entry.hash == base64.b64encode(hashlib.sha1(one.content).digest()).decode()
        assert entry.size == len(one.content)
        assert entry.visibility == {Visibility.MASQUE_PS}
        [patient] = read.patients
        assert (patient.number, patient.birth_name, patient.given_names) == (
            "279035121518989", "PAT-TROIS", ("DOMINIQUE", "MARIE"),
        )  # fmt: skip
    assert (found.submission.unique_id, found.submission.source_id) == ("1.2.250.1.999.1.1.7", "1.2.250.1.999.7")


def test_pythons_own_reader_finds_the_files_of_the_standard() -> None:
    with zipfile.ZipFile(io.BytesIO(writing.archive(DOCUMENTS, OUTGOING))) as found:
        assert found.testzip() is None
        assert found.namelist() == [
            "INDEX.HTM",
            "README.TXT",
            "IHE_XDM/SUBSET01/METADATA.XML",
            "IHE_XDM/SUBSET01/DOC0001.XML",
            "IHE_XDM/SUBSET01/DOC0002.PNG",
            "IHE_XDM/SUBSET01/DOC0003.BIN",
        ]
        assert found.read("IHE_XDM/SUBSET01/DOC0002.PNG") == PICTURE
        said = found.read("README.TXT").decode()
        assert said.startswith("DOCUMENTS DE SANTÉ\r\n\r\n3 documents, archive du 04/03/2026")


def test_the_index_is_read_by_people_and_runs_nothing() -> None:
    with zipfile.ZipFile(io.BytesIO(writing.archive(DOCUMENTS, OUTGOING))) as found:
        page = html.fromstring(found.read("INDEX.HTM"))
    links = [(one.text_content(), one.get("href")) for one in page.iter("a")]
    assert links == [
        ('Biologie <script>alert("1")</script>', "IHE_XDM/SUBSET01/DOC0001.XML"),
        ("Biologie", "IHE_XDM/SUBSET01/DOC0002.PNG"),
        ("Document sans titre", "IHE_XDM/SUBSET01/DOC0003.BIN"),
    ]
    assert not list(page.iter("script"))
    assert "(CR d'examens biologiques, 04/03/2026, Anne Marie Le Goff)" in page.text_content()


def test_the_same_documents_are_the_same_bytes() -> None:
    assert writing.archive(DOCUMENTS, OUTGOING) == writing.archive(DOCUMENTS, OUTGOING)
    assert writing.archive(DOCUMENTS, OUTGOING) != writing.archive(DOCUMENTS[:2], OUTGOING)
